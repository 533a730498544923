import { checkOut } from './checkOut';
import type { Scorer, ShopperHistory } from './model';

/**
 * Scores one history after another, each into its own row of `out`.
 *
 * @param out - [histories.length × products.size], row-major
 * @param scoreOne - writes the scores of one history; every element of its row
 * @throws {RangeError} when `out` has another length
 */
export function scoreEach(
  products: Scorer['products'],
  histories: readonly ShopperHistory[],
  out: Float32Array,
  scoreOne: (history: ShopperHistory, row: Float32Array) => void,
): void {
  checkOut({ products }, histories.length, out);
  for (const [index, history] of histories.entries()) {
    scoreOne(history, out.subarray(index * products.size, (index + 1) * products.size));
  }
}
