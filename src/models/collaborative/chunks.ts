import type { RowBlocks } from '../../numeric/wasm/ridgeJob';
import { rowCost } from './rowCosts';

/** Returns the bounds of at most `count` chunks of equal numbers of rows: chunk c is rows [bounds[c], bounds[c + 1]). */
export function equalChunks(rows: number, count: number): Uint32Array {
  return Uint32Array.from({ length: count + 1 }, (_, chunk) => Math.round((rows * chunk) / count));
}

/** Returns the bounds of `count` chunks of rows with about equal cost to solve; a chunk may be empty. */
export function chunksByCost(
  indptr: Uint32Array,
  columns: number,
  blocks: RowBlocks,
  count: number,
): Uint32Array {
  const rows = indptr.length - 1;
  let total = 0;
  for (let row = 0; row < rows; row++) total += rowCost(indptr[row + 1] - indptr[row], columns, blocks);
  const bounds = new Uint32Array(count + 1).fill(rows);
  bounds[0] = 0;
  let spent = 0;
  let chunk = 1;
  for (let row = 0; row < rows; row++) {
    while (chunk < count && spent >= (total * chunk) / count) bounds[chunk++] = row;
    spent += rowCost(indptr[row + 1] - indptr[row], columns, blocks);
  }
  return bounds;
}
