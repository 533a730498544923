import { noBlocks, type RowBlocks } from '../../numeric/wasm/ridgeJob';
import type { CollaborativeConfig } from './settings';

/** Operations to gather n rows of d columns from scattered addresses and use each once. */
const gathering = (n: number, d: number): number => 6 * n * d + 64;

/**
 * Returns the operations to solve a row of n pairs in d columns exactly, by the cheaper of two ways:
 * solveRidgeRows.ts.
 */
function exactCost(n: number, d: number): number {
  return n < d ? n * n * d + n ** 3 / 3 + gathering(n, d) : n * d * d + d ** 3 / 3 + gathering(n, d);
}

/**
 * Returns the operations to rotate such a row and pass once over its blocks of b columns: improveRidgeRow.ts.
 */
function blocksCost(n: number, d: number, b: number): number {
  return n * d * b + (d * b * b) / 3 + 2 * d * d + 2 * gathering(n, d);
}

/** Returns the operations to solve a row of n pairs with the given blocks. */
export const rowCost = (n: number, d: number, blocks: RowBlocks): number =>
  blocks.columns > 0 && n >= blocks.from ? blocksCost(n, d, blocks.columns) : exactCost(n, d);

/**
 * Returns which rows are solved by blocks. With `solver` auto these are the rows for which blocks cost less,
 * which are those with at least a certain number of pairs. (The cost of the exact solution grows with n² up
 * to d pairs, then with n·d²; that of blocks with n·d·b.)
 *
 * @param columns - d, padded
 * @param blockColumns - b, padded
 */
export function rowBlocksOf(
  { solver }: Pick<CollaborativeConfig, 'solver'>,
  columns: number,
  blockColumns: number,
): RowBlocks {
  if (solver === 'exact') return noBlocks;
  if (solver === 'blocks') return { columns: blockColumns, from: 1 };
  let from = 1;
  while (from <= columns && exactCost(from, columns) <= blocksCost(from, columns, blockColumns)) from++;
  return from > columns ? noBlocks : { columns: blockColumns, from };
}
