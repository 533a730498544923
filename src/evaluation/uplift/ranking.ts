/** Outcomes of an experiment, one per row. */
export interface ExperimentOutcomes {
  /** 0 or 1. */
  readonly labels: Uint8Array;
  /** 1: treated, 0: control. */
  readonly treated: Uint8Array;
  /** Doubly robust scores, whose mean over rows is the effect on them. */
  readonly scores: Float64Array;
}

/** Rows in the order of targeting. */
export interface Ranking {
  /** Rows, highest predicted uplift first. */
  readonly order: Uint32Array;
  /** End of each group of rows with equal predictions, ascending; the last one is the number of rows. */
  readonly ends: Uint32Array;
}

/** Numbers per group in the totals of {@link groupTotals}. */
export const totalsPerGroup = 5;

/** Ranks rows by their predicted uplift. O(n log n). */
export function rankRows(uplift: Float64Array): Ranking {
  const order = Uint32Array.from(uplift.keys()).sort((a, b) => uplift[b] - uplift[a] || a - b);
  const ends: number[] = [];
  for (let place = 1; place <= order.length; place++)
    if (place === order.length || uplift[order[place]] !== uplift[order[place - 1]]) ends.push(place);
  return { order, ends: Uint32Array.from(ends) };
}

/**
 * Sums the rows of each group of equal predictions: treated, outcomes among them, controls, outcomes among them, scores.
 *
 * @param weights - how often each row counts; each once by default
 * @returns [groups × 5]
 */
export function groupTotals(
  { order, ends }: Ranking,
  { labels, treated, scores }: ExperimentOutcomes,
  weights?: ArrayLike<number>,
): Float64Array {
  const totals = new Float64Array(ends.length * totalsPerGroup);
  let place = 0;
  for (const [group, end] of ends.entries()) {
    const at = group * totalsPerGroup;
    for (; place < end; place++) {
      const row = order[place];
      const weight = weights ? weights[row] : 1;
      const arm = treated[row] === 1 ? at : at + 2;
      totals[arm] += weight;
      totals[arm + 1] += weight * labels[row];
      totals[at + 4] += weight * scores[row];
    }
  }
  return totals;
}
