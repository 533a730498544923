import type { RidgeProblem } from '../solveRidgeRows';

/** Length of a ridge job, in 32-bit words. */
export const ridgeJobLength = 16;

const outWord = 6;
const columnsWord = 7;
const dualWord = 8;
const blockWord = 9;
const blocksFromWord = 10;

/** Rows that are improved by blocks of columns (improveRidgeRow.ts) instead of solved exactly. */
export interface RowBlocks {
  /** Columns of a block, a multiple of 8; 0: every row is solved exactly. */
  readonly columns: number;
  /** Minimum number of entries of such a row, at least 1. Its current `out` is the starting point. */
  readonly from: number;
}

/** Every row is solved exactly. */
export const noBlocks: RowBlocks = { columns: 0, from: 1 };

/** Floats of scratch that the block solver needs for a row of so many entries. */
const blocksScratchLength = (columns: number, block: number, entries: number): number =>
  columns + block * (128 + block + 2) + Math.ceil(entries / 128) * 128 + 32;

/**
 * Floats of scratch that solveRows needs for a problem of so many columns.
 *
 * @param block - columns of a block; 0: no blocks
 * @param entries - entries of the longest row
 */
export const ridgeScratchLength = (columns: number, block = 0, entries = 0): number =>
  Math.max(
    columns * Math.max(columns, 128) + columns * columns + 4 * columns + 16,
    blocksScratchLength(columns, block, entries),
  );

/**
 * Writes the job that the kernel solveRows reads (assembly/ridge.ts lists the words in this order).
 *
 * @param dualBelow - rows with fewer entries are solved in the dual; at most the number of columns
 * @param job - [ridgeJobLength], in the memory of the problem's arrays
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
      'Expected arrays of an arena; got one of another buffer. Allocate them with createArena.',
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

/** Redirects the solutions of a written job to another array of the same memory. */
export function redirectRidgeJob(job: Uint32Array, out: Float32Array): void {
  job[outWord] = out.byteOffset;
}
