declare global {
  /** The part of the WebAssembly interface used here: TypeScript has it in its `dom` library only. */
  namespace WebAssembly {
    class Memory {
      constructor(descriptor: { readonly initial: number; readonly maximum: number; readonly shared: true });
      readonly buffer: SharedArrayBuffer;
      /** Adds pages of 64 KiB. Existing views stay valid, as the memory is shared. */
      grow(pages: number): number;
    }
    class Module {
      constructor(bytes: Uint8Array);
    }
    class Instance {
      constructor(module: Module, imports: { readonly env: { readonly memory: Memory } });
      readonly exports: unknown;
    }
    function validate(bytes: Uint8Array): boolean;
  }
}

const pageBytes = 65_536;
const maxPages = 65_536;
/** Address 0 stays unused, so that it can mean "none" to the kernels. */
const firstAddress = 1024;

/** Allocates typed arrays in one WebAssembly memory: the `byteOffset` of an array is its address for the kernels. */
export interface Arena {
  /** Shared: a thread that receives it sees the same arrays. */
  readonly memory: WebAssembly.Memory;
  /** Returns a new array of zeros. @throws {RangeError} when all arrays together exceed 4 GiB */
  float32(length: number): Float32Array;
  /** Returns a new array of zeros. @throws {RangeError} when all arrays together exceed 4 GiB */
  uint32(length: number): Uint32Array;
  /** Returns a new array of zeros. @throws {RangeError} when all arrays together exceed 4 GiB */
  int32(length: number): Int32Array;
  /** Returns a new array of zeros. @throws {RangeError} when all arrays together exceed 4 GiB */
  float64(length: number): Float64Array;
  /** Returns a new array of zeros. @throws {RangeError} when all arrays together exceed 4 GiB */
  uint8(length: number): Uint8Array;
}

/** Creates an empty arena. Arrays are not freed one by one: the whole memory is collected when nothing refers to it. */
export function createArena(): Arena {
  const memory = new WebAssembly.Memory({ initial: 1, maximum: maxPages, shared: true });
  let top = firstAddress;
  const reserve = (bytes: number): number => {
    const address = top;
    const end = address + Math.ceil(bytes / 64) * 64;
    if (!(end <= maxPages * pageBytes)) {
      throw new RangeError(
        `Expected arrays of at most 4 GiB together; got ${end} bytes. Train on fewer events or with a lower rank.`,
      );
    }
    const missing = end - memory.buffer.byteLength;
    if (missing > 0) memory.grow(Math.ceil(missing / pageBytes));
    top = end;
    return address;
  };
  return {
    memory,
    float32(length) {
      const address = reserve(4 * length);
      return new Float32Array(memory.buffer, address, length);
    },
    uint32(length) {
      const address = reserve(4 * length);
      return new Uint32Array(memory.buffer, address, length);
    },
    int32(length) {
      const address = reserve(4 * length);
      return new Int32Array(memory.buffer, address, length);
    },
    float64(length) {
      const address = reserve(8 * length);
      return new Float64Array(memory.buffer, address, length);
    },
    uint8(length) {
      const address = reserve(length);
      return new Uint8Array(memory.buffer, address, length);
    },
  };
}
