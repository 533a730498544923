// Numeric kernels in WebAssembly SIMD (128 bits, no fused multiply-add: results are the same bits on every machine).
//
// All matrices are float32, row-major, in the imported memory; arguments are byte addresses and counts. `d` (columns of
// a factor matrix) is a multiple of 8 and rows are contiguous, padded with zeros: the caller pads, so that few loops here
// have a tail. Each kernel has a plain TypeScript twin in src/numeric, which the tests hold it equal to.
//
// Inner loops are not unrolled: V8 moves all loads of a loop body to its front, and more than six beside eight sums
// would not fit the fifteen registers it gives out.

export { choleskyFactor, choleskySolve } from './cholesky';
export { addGram } from './gram';
export { solveRows } from './ridge';
export { scanRows } from './scan';
export { dot, rotateRows, scoreRows } from './scores';
export { multiplySparse } from './sparse';
