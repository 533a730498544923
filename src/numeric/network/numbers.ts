/** Where the plain kernels compute: single precision as WebAssembly does, or double for tests of gradients. */
export type Numbers = Float32Array | Float64Array;
