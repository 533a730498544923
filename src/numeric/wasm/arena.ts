declare global {
  /** The part of the WebAssembly interface used here: TypeScript has it in its `dom` library only. */
  namespace WebAssembly {
    class Memory {
      constructor(descriptor: { readonly initial: number; readonly maximum: number; readonly shared: true });
      readonly buffer: SharedArrayBuffer;
      /** Adds pages of 64 KiB; views made before stay good, as the memory is shared. */
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
/** Byte 0 stays unused, so that address 0 can mean "none" to the kernels. */
const firstAddress = 1024;

/** Typed arrays cut from one WebAssembly memory: `byteOffset` of each is its address for the kernels. */
export interface Arena {
  /** Shared: post it to a thread, and the thread sees the same arrays. */
  readonly memory: WebAssembly.Memory;
  /** A new array of zeros. @throws {RangeError} when all arrays together pass 4 GiB */
  float32(length: number): Float32Array;
  /** A new array of zeros. @throws {RangeError} when all arrays together pass 4 GiB */
  uint32(length: number): Uint32Array;
  /** A new array of zeros. @throws {RangeError} when all arrays together pass 4 GiB */
  int32(length: number): Int32Array;
}

/** An empty arena. What it hands out is never freed alone: the whole memory goes when nothing refers to it. */
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
  };
}
