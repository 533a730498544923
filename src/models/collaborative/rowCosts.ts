import { noBlocks, type RowBlocks } from '../../numeric/wasm/ridgeJob';
import type { CollaborativeConfig } from './settings';

/** Reading n rows of d columns from wherever they lie, and putting them to use once. */
const gathering = (n: number, d: number): number => 6 * n * d + 64;

/** Operations to solve a row of n pairs in d columns exactly, the cheaper of the two ways: solveRidgeRows.ts. */
function exactCost(n: number, d: number): number {
  return n < d ? n * n * d + n ** 3 / 3 + gathering(n, d) : n * d * d + d ** 3 / 3 + gathering(n, d);
}

/** Operations to turn such a row and to take it once through its blocks of b columns: improveRidgeRow.ts. */
function blocksCost(n: number, d: number, b: number): number {
  return n * d * b + (d * b * b) / 3 + 2 * d * d + 2 * gathering(n, d);
}

/** Operations of a row of n pairs as `blocks` has it done. */
export const rowCost = (n: number, d: number, blocks: RowBlocks): number =>
  blocks.columns > 0 && n >= blocks.from ? blocksCost(n, d, blocks.columns) : exactCost(n, d);

/**
 * Which rows go through blocks. With `solver` auto: those that cost less so, which are those with so many pairs or
 * more (the cost of the exact solution grows with n² to d pairs, then as n·d², that of blocks as n·d·b).
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
