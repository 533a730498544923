import { crossClusters } from './contingency';

const sumOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);

const pairsOf = (count: number): number => (count * (count - 1)) / 2;

/**
 * Adjusted Rand index (Hubert & Arabie 1985): 1 for the same clusters whatever their numbers, 0 as by chance, under 0 for
 * less. Two clusterings without a choice (one cluster, or each thing alone) agree: 1.
 *
 * @throws {RangeError} when the clusterings are of different lengths, or empty
 */
export function adjustedRand(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const { total, left, right, cells } = crossClusters(a, b);
  const together = sumOf(cells.map(({ count }) => pairsOf(count)));
  const [ofLeft, ofRight] = [left, right].map(sizes => sumOf(sizes.map(pairsOf)));
  const expected = (ofLeft * ofRight) / Math.max(1, pairsOf(total));
  const most = (ofLeft + ofRight) / 2;
  return most === expected ? 1 : (together - expected) / (most - expected);
}
