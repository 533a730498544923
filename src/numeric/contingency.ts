/** Contingency table of two clusterings: the number of elements that each pair of clusters shares. */
export interface Contingency {
  readonly total: number;
  /** Sizes of the non-empty clusters. */
  readonly left: readonly number[];
  readonly right: readonly number[];
  /** Non-zero counts of shared elements, each with the sizes of its two clusters. */
  readonly cells: readonly { readonly count: number; readonly left: number; readonly right: number }[];
}

const countsOf = (labels: ArrayLike<number>): Map<number, number> => {
  const counts = new Map<number, number>();
  for (let at = 0; at < labels.length; at++) counts.set(labels[at], (counts.get(labels[at]) ?? 0) + 1);
  return counts;
};

/**
 * Returns the contingency table of two clusterings.
 *
 * @param a - cluster of each element, any numbers
 * @throws {RangeError} when the clusterings are of different lengths, or empty
 */
export function crossClusters(a: ArrayLike<number>, b: ArrayLike<number>): Contingency {
  if (a.length !== b.length || a.length === 0)
    throw new RangeError(
      `Expected two clusterings of the same elements; got ${a.length} and ${b.length} labels.`,
    );
  const [left, right] = [countsOf(a), countsOf(b)];
  const cells = new Map<number, Map<number, number>>();
  for (let at = 0; at < a.length; at++) {
    const row = cells.get(a[at]) ?? new Map<number, number>();
    cells.set(a[at], row.set(b[at], (row.get(b[at]) ?? 0) + 1));
  }
  return {
    total: a.length,
    left: [...left.values()],
    right: [...right.values()],
    cells: [...cells].flatMap(([label, row]) =>
      [...row].map(([other, count]) => ({
        count,
        left: left.get(label) ?? 0,
        right: right.get(other) ?? 0,
      })),
    ),
  };
}
