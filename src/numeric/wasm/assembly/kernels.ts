// Numeric kernels in WebAssembly SIMD (128 bits, no fused multiply-add, so results have the same bits on every machine).
//
// All matrices are float32, row-major, in the imported memory; arguments are byte addresses and counts. `d` (columns of
// a factor matrix) is a multiple of 8 and rows are contiguous, padded with zeros by the caller, so that few loops need a
// tail. Each kernel has a plain TypeScript twin in src/numeric; tests compare the two.
//
// Inner loops are not unrolled: V8 moves all loads of a loop body to its start, and more than six loads with eight sums
// do not fit the fifteen registers that it allocates.

export { subtractPairs, sumBins } from './bins';
export { choleskyFactor, choleskySolve } from './cholesky';
export { addGram } from './gram';
export { solveRows } from './ridge';
export { scanRows } from './scan';
export { dot, rotateRows, scoreRows } from './scores';
export { multiplySparse } from './sparse';
