import { topKInto } from '../../numeric/topK';

/** Mean and standard deviation of the scores of one model for one shopper. */
interface Spread {
  readonly mean: number;
  /** > 0. */
  readonly deviation: number;
}

/** Number of best products over which the spread is measured: those likely to be in a list. */
const maxMeasured = 200;

/** Makes scores of different models comparable, one shopper at a time. */
export interface Standardizer {
  /**
   * Converts scores to standard deviations from the mean of their 200 best, so that scores of different
   * models can be added. (These are z-scores: Fox & Shaw 1994, "Combination of multiple searches", with the
   * normalisation of Montague & Aslam 2001. Only the best are used because the spread of the rest of a
   * catalogue is irrelevant to the order within a list.)
   *
   * @param scores - of one shopper, one per product, in place; a product without a score gets the mean of all
   * scores
   * @param known - rows of products in the shopper's history: scored, but excluded from the measure, because
   * they are not shown
   * @returns false, and leaves `scores` unchanged, when only products of the history have finite scores
   */
  standardize(scores: Float32Array, known: ArrayLike<number>): boolean;
}

function spreadOf(scores: Float32Array, count: number): Spread {
  let sum = 0;
  for (let place = 0; place < count; place++) sum += scores[place];
  const mean = sum / count;
  let squares = 0;
  for (let place = 0; place < count; place++) squares += (scores[place] - mean) ** 2;
  return { mean, deviation: Math.sqrt(squares / count) };
}

/** Returns the mean of the finite scores. */
function meanOf(scores: Float32Array): number {
  let count = 0;
  let sum = 0;
  for (const score of scores) {
    if (!Number.isFinite(score)) continue;
    count++;
    sum += score;
  }
  return sum / count;
}

/** Creates a standardizer with scratch that every call reuses. @param size - products */
export function createStandardizer(size: number): Standardizer {
  const isMeasured = new Uint8Array(size).fill(1);
  const rows = new Uint32Array(Math.min(maxMeasured, size));
  const best = new Float32Array(rows.length);
  return {
    standardize(scores, known) {
      for (let index = 0; index < known.length; index++) isMeasured[known[index]] = 0;
      const count = topKInto(scores, rows, best, isMeasured);
      for (let index = 0; index < known.length; index++) isMeasured[known[index]] = 1;
      const { mean, deviation } = spreadOf(best, count);
      if (count === 0 || !Number.isFinite(mean)) return false;
      const scale = deviation || 1;
      const unknown = (meanOf(scores) - mean) / scale;
      for (let row = 0; row < scores.length; row++) {
        const score = scores[row];
        scores[row] = Number.isFinite(score) ? (score - mean) / scale : unknown;
      }
      return true;
    },
  };
}
