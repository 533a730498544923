/** Arrays of the plain kernels: single precision as in WebAssembly, or double precision to test gradients. */
export type Numbers = Float32Array | Float64Array;
