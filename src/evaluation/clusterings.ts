// Agreement between a clustering and given categories.

import { type Contingency, crossClusters } from '../numeric/contingency';

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
 * Normalized mutual information, 2·I(A; B) / (H(A) + H(B)), 0 to 1 (arithmetic mean, as in scikit-learn). It is 1 when
 * both clusterings consist of a single cluster.
 *
 * @throws {RangeError} when the clusterings are of different lengths, or empty
 */
export function normalizedInformation(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const crossed = crossClusters(a, b);
  const entropies = entropyOf(crossed.left, crossed.total) + entropyOf(crossed.right, crossed.total);
  return entropies === 0 ? 1 : Math.min(1, (2 * informationOf(crossed)) / entropies);
}

/** Homogeneity, completeness, and their harmonic mean. */
export interface VMeasure {
  /** 1 when every cluster contains a single category. */
  readonly homogeneity: number;
  /** 1 when every category lies in a single cluster. */
  readonly completeness: number;
  /** With β = 1 this equals normalized mutual information. */
  readonly vMeasure: number;
}

/**
 * Rosenberg & Hirschberg 2007, eq. 1 to 3, β = 1.
 *
 * @throws {RangeError} when the clusterings are of different lengths, or empty
 */
export function vMeasureOf(clusters: ArrayLike<number>, categories: ArrayLike<number>): VMeasure {
  const crossed = crossClusters(clusters, categories);
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
 * Share of items that belong to the most common category of their cluster, above 0 and at most 1. It grows with the
 * number of clusters, so compare it only between equal numbers of clusters.
 *
 * @throws {RangeError} when the clusterings are of different lengths, or empty
 */
export function purityOf(clusters: ArrayLike<number>, categories: ArrayLike<number>): number {
  crossClusters(clusters, categories);
  const best = new Map<number, Map<number, number>>();
  for (let at = 0; at < clusters.length; at++) {
    const row = best.get(clusters[at]) ?? new Map<number, number>();
    best.set(clusters[at], row.set(categories[at], (row.get(categories[at]) ?? 0) + 1));
  }
  return sumOf([...best.values()].map(row => Math.max(...row.values()))) / clusters.length;
}
