import { crossClusters } from './contingency';

const sumOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);

const pairCount = (size: number): number => (size * (size - 1)) / 2;

/**
 * Adjusted Rand index (Hubert & Arabie 1985): 1 for equal clusterings under any numbering, 0 at the level expected by
 * chance, negative below it. Two trivial clusterings (one cluster, or one per element) agree: 1.
 *
 * @throws {RangeError} when the clusterings are of different lengths, or empty
 */
export function adjustedRand(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const { total, left, right, cells } = crossClusters(a, b);
  const sharedPairs = sumOf(cells.map(({ count }) => pairCount(count)));
  const [leftPairs, rightPairs] = [left, right].map(sizes => sumOf(sizes.map(pairCount)));
  const expected = (leftPairs * rightPairs) / Math.max(1, pairCount(total));
  const maximum = (leftPairs + rightPairs) / 2;
  return maximum === expected ? 1 : (sharedPairs - expected) / (maximum - expected);
}
