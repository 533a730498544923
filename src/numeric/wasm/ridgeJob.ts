import type { RidgeProblem } from '../solveRidgeRows';

/** Words of a job in memory. */
export const ridgeJobLength = 16;

const outWord = 6;
const columnsWord = 7;
const dualWord = 8;
const blockWord = 9;
const blocksFromWord = 10;

/** Which rows of a problem are improved by blocks of columns (improveRidgeRow.ts) instead of solved. */
export interface RowBlocks {
  /** Columns of a block, a multiple of 8; 0: every row is solved. */
  readonly columns: number;
  /** Rows with so many entries or more, at least 1. Their `out` is read: what they improve. */
  readonly from: number;
}

/** No row is improved by blocks: all are solved. */
export const noBlocks: RowBlocks = { columns: 0, from: 1 };

/** Floats of scratch that blocks want for a row of so many entries. */
const blocksScratchLength = (columns: number, block: number, entries: number): number =>
  columns + block * (128 + block + 2) + Math.ceil(entries / 128) * 128 + 32;

/**
 * Floats of scratch that solveRows wants for a problem of so many columns.
 *
 * @param block - columns of a block; 0: none
 * @param entries - of the longest row
 */
export const ridgeScratchLength = (columns: number, block = 0, entries = 0): number =>
  Math.max(
    columns * Math.max(columns, 128) + columns * columns + 4 * columns + 16,
    blocksScratchLength(columns, block, entries),
  );

/**
 * Writes a problem as the words that the kernel solveRows reads (assembly/kernels.ts names them in this order).
 *
 * @param dualBelow - rows with fewer entries are solved in the dual; at most the columns
 * @param job - [ridgeJobLength], in the memory of the arrays of the problem
 */
export function writeRidgeJob(
  problem: RidgeProblem,
  dualBelow: number,
  job: Uint32Array,
  blocks: RowBlocks = noBlocks,
): void {
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
  job[blockWord] = blocks.columns;
  job[blocksFromWord] = blocks.from;
}

/** Lets the solutions of a written job go elsewhere in the same memory. */
export function redirectRidgeJob(job: Uint32Array, out: Float32Array): void {
  job[outWord] = out.byteOffset;
}
