/** The part of the WebAssembly interface used here: it is in TypeScript's `dom` library only, which Node code leaves out. */
declare namespace WebAssembly {
  interface MemoryDescriptor {
    readonly initial: number;
    readonly maximum: number;
    readonly shared: true;
  }
  class Memory {
    constructor(descriptor: MemoryDescriptor);
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
