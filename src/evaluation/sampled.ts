import { createRng, type Rng } from '../numeric/rng';
import { metricNames, type TieGroup, userMetrics } from './metrics';

/** The sampled protocol: rank each relevant product among a few others (He et al. 2017, NCF; Kang & McAuley 2018). */
export interface SampledOptions {
  /** How many other products, drawn uniformly without replacement from what the user neither met nor has held out. */
  readonly negatives: number;
  readonly seed: number;
}

const lowest = Number.NEGATIVE_INFINITY;

/** Candidates that are not relevant: numbers, for NaN compares false. */
function countOthers(candidates: Float32Array, relevant: ReadonlySet<number>): number {
  let count = -relevant.size;
  for (let row = 0; row < candidates.length; row++) if (candidates[row] >= lowest) count++;
  return count;
}

/**
 * Draws rows until `count` distinct allowed ones are found; where there are hardly more than that, takes the first of
 * them all in random order.
 */
function drawNegatives(
  rng: Rng,
  candidates: Float32Array,
  relevant: ReadonlySet<number>,
  count: number,
): number[] {
  const isAllowed = (row: number): boolean => !Number.isNaN(candidates[row]) && !relevant.has(row);
  if (countOthers(candidates, relevant) <= 2 * count) {
    const rows = Array.from(candidates.keys()).filter(isAllowed);
    return rng.shuffle(rows).slice(0, count);
  }
  const drawn = new Set<number>();
  while (drawn.size < count) {
    const row = rng.int(candidates.length);
    if (isAllowed(row)) drawn.add(row);
  }
  return [...drawn];
}

function groupAmong(candidates: Float32Array, row: number, negatives: readonly number[]): TieGroup {
  let above = 0;
  let tied = 1;
  for (const negative of negatives) {
    if (candidates[negative] > candidates[row]) above++;
    else if (candidates[negative] === candidates[row]) tied++;
  }
  return { above, tied, relevant: 1 };
}

/**
 * A function that measures users one after the other; the draws depend on the seed and on which users came before, not
 * on the scores: every model meets the same negatives. Each relevant product is ranked alone among its negatives; a
 * user's metrics are the mean over their relevant products.
 */
export function sampledMetrics({
  negatives,
  seed,
}: SampledOptions): (candidates: Float32Array, relevantRows: Uint32Array) => readonly number[] {
  const rng = createRng(seed);
  return (candidates, relevantRows) => {
    const relevant = new Set(relevantRows);
    const sums = new Float64Array(metricNames.length);
    for (const row of relevantRows) {
      const drawn = drawNegatives(rng, candidates, relevant, negatives);
      for (const [index, value] of userMetrics([groupAmong(candidates, row, drawn)], 1).entries())
        sums[index] += value;
    }
    return Array.from(sums, sum => sum / relevantRows.length);
  };
}
