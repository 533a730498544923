/** What the scores of one model for one shopper are measured in. */
interface Spread {
  readonly mean: number;
  /** > 0. */
  readonly deviation: number;
}

/** Mean and deviation of the finite scores; null when there are none. */
function spreadOf(scores: Float32Array): Spread | null {
  let count = 0;
  let sum = 0;
  let squares = 0;
  for (const score of scores) {
    if (!Number.isFinite(score)) continue;
    count++;
    sum += score;
    squares += score * score;
  }
  if (count === 0) return null;
  const mean = sum / count;
  return { mean, deviation: Math.sqrt(Math.max(0, squares / count - mean * mean)) || 1 };
}

/** What a product counts that a model has no number for, while it has for others: a little below its mean. */
const unknownStanding = -1;

/**
 * Scores in standard deviations from their mean over all products (z-scores: Fox & Shaw 1994, "Combination of multiple
 * searches", with the normalisation of Montague & Aslam 2001), so that scores of different models can be added.
 *
 * @param scores - of one shopper, in place; NaN becomes -1
 * @returns false, and leaves `scores` alone, when no score is finite
 */
export function standardize(scores: Float32Array): boolean {
  const spread = spreadOf(scores);
  if (spread === null) return false;
  for (let row = 0; row < scores.length; row++) {
    const score = scores[row];
    scores[row] = Number.isFinite(score) ? (score - spread.mean) / spread.deviation : unknownStanding;
  }
  return true;
}
