import type { RidgeProblem } from '../solveRidgeRows';

/** Words of a job in memory. */
export const ridgeJobLength = 16;

const outWord = 6;
const columnsWord = 7;
const dualWord = 8;

/** Floats of scratch that solveRows wants for a problem of so many columns. */
export const ridgeScratchLength = (columns: number): number =>
  columns * Math.max(columns, 128) + columns * columns + 4 * columns + 16;

/**
 * Writes a problem as the words that the kernel solveRows reads (assembly/kernels.ts names them in this order).
 *
 * @param dualBelow - rows with fewer entries are solved in the dual; at most the columns
 * @param job - [ridgeJobLength], in the memory of the arrays of the problem
 */
export function writeRidgeJob(problem: RidgeProblem, dualBelow: number, job: Uint32Array): void {
  const { factors, indptr, indices, values, prior, ridge, out } = problem;
  const arrays = [factors, indptr, indices, values, prior, ridge, out];
  if (arrays.some(array => array.buffer.byteLength === 0 || array.byteOffset === 0)) {
    throw new RangeError(
      'Expected arrays of an arena; got one of another buffer. Make them with createArena.',
    );
  }
  if (dualBelow > prior.length) {
    throw new RangeError(
      `Expected dualBelow of at most ${prior.length}, the number of columns; got ${dualBelow}.`,
    );
  }
  job.set(arrays.map(array => array.byteOffset));
  job[columnsWord] = prior.length;
  job[dualWord] = dualBelow;
}

/** Lets the solutions of a written job go elsewhere in the same memory. */
export function redirectRidgeJob(job: Uint32Array, out: Float32Array): void {
  job[outWord] = out.byteOffset;
}
