// Ranking metrics for one user. Formulas with their sources and edge cases: docs/evaluation.md.
// Products with equal scores have no order, so each metric is its expected value over all orders of the tied products.
// (McSherry & Najork 2008, "Computing information retrieval performance measures efficiently in the presence of tied
// scores"). A scorer with equal scores for all products therefore gets the value of a random order.

/** Products with one score, some of them relevant. */
export interface TieGroup {
  /** Candidates with a higher score. */
  readonly above: number;
  /** Candidates with this score, relevant ones included, ≥ relevant. */
  readonly tied: number;
  /** Relevant products with this score, ≥ 1. */
  readonly relevant: number;
}

/** Metrics of every user. */
export const metricNames = [
  'recall@10',
  'recall@20',
  'ndcg@10',
  'ndcg@20',
  'hit@10',
  'mrr',
  'hit@20',
  'mrr@20',
] as const;
/** One of {@link metricNames}. */
export type MetricName = (typeof metricNames)[number];

/** Length of the lists that are measured. */
export const longestCutoff = 20;

/** discountSums[r] = Σ of 1/log₂(i + 1) over ranks i = 1…r (Järvelin & Kekäläinen 2002; Burges et al. 2005). */
const discountSums = new Float64Array(longestCutoff + 1);
for (let rank = 1; rank <= longestCutoff; rank++) {
  discountSums[rank] = discountSums[rank - 1] + 1 / Math.log2(rank + 1);
}

/** Number of positions of the group within the first k. */
const placesWithin = ({ above, tied }: TieGroup, k: number): number => Math.min(Math.max(k - above, 0), tied);

/**
 * Expected number of relevant products among the first k, divided by the number of relevant products. This is the
 * recall of LightGCN; others divide by min(k, relevant products).
 */
export function recallAt(groups: readonly TieGroup[], relevantCount: number, k: number): number {
  let hits = 0;
  for (const group of groups) hits += (group.relevant * placesWithin(group, k)) / group.tied;
  return hits / relevantCount;
}

/** Binary NDCG: expected DCG over the best DCG possible with min(k, relevant) hits. k ≤ longestCutoff. */
export function ndcgAt(groups: readonly TieGroup[], relevantCount: number, k: number): number {
  let gain = 0;
  for (const group of groups) {
    if (group.above >= k) continue;
    const end = Math.min(group.above + group.tied, k);
    gain += (group.relevant / group.tied) * (discountSums[end] - discountSums[group.above]);
  }
  return gain / discountSums[Math.min(k, relevantCount)];
}

/** Probability that at least one relevant product is among the first k. */
export function hitAt(groups: readonly TieGroup[], k: number): number {
  let miss = 1;
  for (const group of groups) {
    // Probability that no position of the group within k, drawn without replacement, is relevant.
    for (let place = 0; place < placesWithin(group, k); place++) {
      miss *= Math.max(0, group.tied - group.relevant - place) / (group.tied - place);
    }
  }
  return 1 - miss;
}

/**
 * Expected reciprocal rank of the first relevant product. Ranks beyond k count as 0; without k all ranks count.
 *
 * @param best - the group with the fewest candidates above it
 */
export function reciprocalRank(
  { above, tied, relevant }: TieGroup,
  k: number = Number.POSITIVE_INFINITY,
): number {
  // p = P(first relevant is the j-th of the group) = C(tied - j, relevant - 1) / C(tied, relevant), by recurrence.
  let p = relevant / tied;
  let sum = 0;
  for (let j = 1; j <= tied && above + j <= k && p > 0; j++) {
    sum += p / (above + j);
    p *= (tied - j - relevant + 1) / (tied - j);
  }
  return sum;
}

/**
 * All metrics of one user, in the order of `metricNames`.
 *
 * @param groups - groups with relevant products, fewest candidates above first. Except the first, groups with
 * `longestCutoff` or more candidates above may be left out.
 * @param relevantCount - relevant products of the user, including those in groups that were left out, ≥ 1
 */
export function userMetrics(groups: readonly TieGroup[], relevantCount: number): readonly number[] {
  return [
    recallAt(groups, relevantCount, 10),
    recallAt(groups, relevantCount, 20),
    ndcgAt(groups, relevantCount, 10),
    ndcgAt(groups, relevantCount, 20),
    hitAt(groups, 10),
    reciprocalRank(groups[0]),
    hitAt(groups, 20),
    reciprocalRank(groups[0], 20),
  ];
}
