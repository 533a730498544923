import { topKInto } from '../../numeric/topK';

/** What the scores of one model for one shopper are measured in. */
interface Spread {
  readonly mean: number;
  /** > 0. */
  readonly deviation: number;
}

/** Products whose scores are the measure: those that a list could come from. */
const mostMeasured = 200;

/** Makes scores of different models comparable, one shopper at a time. */
export interface Standardizer {
  /**
   * Scores in standard deviations from the mean of their 200 best, so that scores of different models can be added
   * (z-scores: Fox & Shaw 1994, "Combination of multiple searches", with the normalisation of Montague & Aslam 2001; over
   * the best alone: how the rest of a catalogue spreads says nothing of the order within a list).
   *
   * @param scores - of one shopper, a product each, in place; a product without a number gets what the mean of all has
   * @param met - rows of products the shopper has met: scored, but no part of the measure, for they are not shown
   * @returns false, and leaves `scores` alone, when nothing but what was met has a finite score
   */
  standardize(scores: Float32Array, met: ArrayLike<number>): boolean;
}

function spreadOf(scores: Float32Array, count: number): Spread {
  let sum = 0;
  for (let place = 0; place < count; place++) sum += scores[place];
  const mean = sum / count;
  let squares = 0;
  for (let place = 0; place < count; place++) squares += (scores[place] - mean) ** 2;
  return { mean, deviation: Math.sqrt(squares / count) };
}

/** Mean of the scores that are finite. */
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

/** With room for its work, which every call uses again. @param size - products */
export function createStandardizer(size: number): Standardizer {
  const isMeasured = new Uint8Array(size).fill(1);
  const rows = new Uint32Array(Math.min(mostMeasured, size));
  const best = new Float32Array(rows.length);
  return {
    standardize(scores, met) {
      for (let index = 0; index < met.length; index++) isMeasured[met[index]] = 0;
      const count = topKInto(scores, rows, best, isMeasured);
      for (let index = 0; index < met.length; index++) isMeasured[met[index]] = 1;
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
