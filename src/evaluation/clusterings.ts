// How alike two clusterings of the same things are, and how well the top terms of a cluster belong together.

/** Two clusterings crossed: how many things each pair of clusters shares. */
interface Contingency {
  readonly total: number;
  /** Sizes of the clusters that are not empty. */
  readonly left: readonly number[];
  readonly right: readonly number[];
  /** Shared things, where any: the sizes of the two clusters beside it. */
  readonly cells: readonly { readonly count: number; readonly left: number; readonly right: number }[];
}

const countsOf = (labels: ArrayLike<number>): Map<number, number> => {
  const counts = new Map<number, number>();
  for (let at = 0; at < labels.length; at++) counts.set(labels[at], (counts.get(labels[at]) ?? 0) + 1);
  return counts;
};

/** @throws {RangeError} when the clusterings are of different lengths, or empty */
function cross(a: ArrayLike<number>, b: ArrayLike<number>): Contingency {
  if (a.length !== b.length || a.length === 0)
    throw new RangeError(`Expected two clusterings of the same things; got ${a.length} and ${b.length}.`);
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

const sumOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);

const entropyOf = (sizes: readonly number[], total: number): number =>
  -sumOf(sizes.map(size => (size / total) * Math.log(size / total)));

const informationOf = ({ cells, total }: Contingency): number =>
  Math.max(
    0,
    sumOf(
      cells.map(({ count, left, right }) => (count / total) * Math.log((total * count) / (left * right))),
    ),
  );

/**
 * Normalised mutual information, 2·I(A; B) / (H(A) + H(B)), 0 to 1 (the arithmetic mean, as scikit-learn has it). Two
 * clusterings of one cluster each say the same: 1.
 *
 * @throws {RangeError} when the clusterings are of different lengths, or empty
 */
export function normalizedInformation(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const crossed = cross(a, b);
  const entropies = entropyOf(crossed.left, crossed.total) + entropyOf(crossed.right, crossed.total);
  return entropies === 0 ? 1 : Math.min(1, (2 * informationOf(crossed)) / entropies);
}

/** Homogeneity, completeness, and their harmonic mean. */
export interface VMeasure {
  /** 1: every cluster holds one category only. */
  readonly homogeneity: number;
  /** 1: every category is in one cluster. */
  readonly completeness: number;
  /** With β = 1 the same number as normalised mutual information. */
  readonly vMeasure: number;
}

/**
 * Rosenberg & Hirschberg 2007, eq. 1 to 3, β = 1.
 *
 * @throws {RangeError} when the clusterings are of different lengths, or empty
 */
export function vMeasureOf(clusters: ArrayLike<number>, categories: ArrayLike<number>): VMeasure {
  const crossed = cross(clusters, categories);
  const information = informationOf(crossed);
  const [ofClusters, ofCategories] = [crossed.left, crossed.right].map(sizes =>
    entropyOf(sizes, crossed.total),
  );
  const homogeneity = ofCategories === 0 ? 1 : information / ofCategories;
  const completeness = ofClusters === 0 ? 1 : information / ofClusters;
  const sum = homogeneity + completeness;
  return { homogeneity, completeness, vMeasure: sum === 0 ? 0 : (2 * homogeneity * completeness) / sum };
}

/**
 * Share of things that are of the most common category of their cluster, over 0 to 1. Grows with the number of
 * clusters: compare it at equal numbers only.
 *
 * @throws {RangeError} when the clusterings are of different lengths, or empty
 */
export function purityOf(clusters: ArrayLike<number>, categories: ArrayLike<number>): number {
  cross(clusters, categories);
  const best = new Map<number, Map<number, number>>();
  for (let at = 0; at < clusters.length; at++) {
    const row = best.get(clusters[at]) ?? new Map<number, number>();
    best.set(clusters[at], row.set(categories[at], (row.get(categories[at]) ?? 0) + 1));
  }
  return sumOf([...best.values()].map(row => Math.max(...row.values()))) / clusters.length;
}

const pairsOf = (count: number): number => (count * (count - 1)) / 2;

/**
 * Adjusted Rand index (Hubert & Arabie 1985): 1 for the same clusters whatever their numbers, 0 as by chance, under 0 for
 * less. Two clusterings without a choice (one cluster, or each thing alone) agree: 1.
 *
 * @throws {RangeError} when the clusterings are of different lengths, or empty
 */
export function adjustedRand(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const { total, left, right, cells } = cross(a, b);
  const together = sumOf(cells.map(({ count }) => pairsOf(count)));
  const [ofLeft, ofRight] = [left, right].map(sizes => sumOf(sizes.map(pairsOf)));
  const expected = (ofLeft * ofRight) / Math.max(1, pairsOf(total));
  const most = (ofLeft + ofRight) / 2;
  return most === expected ? 1 : (together - expected) / (most - expected);
}
