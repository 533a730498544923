import type { Groups } from './groups';

/** Groups with an inverted index: the groups that contain each product. */
export interface GroupIndex extends Groups {
  readonly products: number;
  /** Groups of product row p are groups[starts[p] .. starts[p + 1]), ascending. Length products + 1. */
  readonly starts: Uint32Array;
  readonly groups: Uint32Array;
  /** Weight of a group in each of its pairs. */
  readonly shares: Float64Array;
}

/** @param damping - exponent δ: a group of n products counts (n - 1)^-δ in each pair */
export function indexGroups({ offsets, productRows }: Groups, products: number, damping: number): GroupIndex {
  const starts = new Uint32Array(products + 1);
  for (const product of productRows) starts[product + 1]++;
  for (let product = 0; product < products; product++) starts[product + 1] += starts[product];
  const next = starts.slice();
  const groups = new Uint32Array(productRows.length);
  const shares = new Float64Array(offsets.length - 1);
  for (let group = 0; group < shares.length; group++) {
    shares[group] = (offsets[group + 1] - offsets[group] - 1) ** -damping;
    for (let at = offsets[group]; at < offsets[group + 1]; at++) groups[next[productRows[at]]++] = group;
  }
  return { offsets, productRows, products, starts, groups, shares };
}

/** Returns the number of groups that contain a product. */
export const groupsWith = ({ starts }: GroupIndex, product: number): number =>
  starts[product + 1] - starts[product];

/** Co-occurrence counts of one product with every other; reused from product to product. */
export interface PairCounts {
  /** Number of groups that contain both. */
  readonly support: Uint32Array;
  /** The same, weighted by each group's share. */
  readonly sums: Float64Array;
  /** Products with support, in the order found; only the first `length` are valid. */
  readonly touched: Uint32Array;
  length: number;
}

/** Returns empty counts. */
export const pairCountsOf = (products: number): PairCounts => ({
  support: new Uint32Array(products),
  sums: new Float64Array(products),
  touched: new Uint32Array(products),
  length: 0,
});

/** Counts, for every other product, the groups that contain both; clears the previous counts first. */
export function countPairs(index: GroupIndex, product: number, counts: PairCounts): void {
  const { offsets, productRows, starts, groups, shares } = index;
  const { support, sums, touched } = counts;
  for (let at = 0; at < counts.length; at++) {
    support[touched[at]] = 0;
    sums[touched[at]] = 0;
  }
  counts.length = 0;
  for (let place = starts[product]; place < starts[product + 1]; place++) {
    const group = groups[place];
    for (let at = offsets[group]; at < offsets[group + 1]; at++) {
      const other = productRows[at];
      if (other === product) continue;
      if (support[other]++ === 0) touched[counts.length++] = other;
      sums[other] += shares[group];
    }
  }
}
