import { topKInto } from '../../numeric/topK';

/** How scores of one model for one shopper become standard scores: scale · score + shift. */
export interface Standard {
  /** > 0. */
  readonly scale: number;
  readonly shift: number;
  /** Standard score of a product without a score. */
  readonly unknown: number;
}

/** Number of best products over which the spread is measured: those likely to be in a list. */
export const maxMeasured = 200;

/** Makes scores of different models comparable, one shopper at a time. */
export interface Standardizer {
  /**
   * Returns how scores become standard deviations from the mean of their 200 best, so that scores of different models can be
   * added. (These are z-scores: Fox & Shaw 1994, "Combination of multiple searches", with the normalisation of Montague & Aslam 2001.
   * Only the best are used because the spread of the rest of a catalogue is irrelevant to the order within a list.) A product without a
   * score gets the mean of all scores.
   *
   * @param scores - of one shopper, one per product
   * @param known - rows of products in the shopper's history: scored, but excluded from the measure, because
   * they are not shown
   * @returns null when only products of the history have finite scores
   */
  standardOf(scores: Float32Array, known: ArrayLike<number>): Standard | null;
  /** Converts scores in place. Returns false, and leaves them unchanged, where there is no standard. */
  standardize(scores: Float32Array, known: ArrayLike<number>): boolean;
}

/** Returns the standard of the best scores, with the mean of all. @param count - of the best */
export function standardOfBest(best: Float32Array, count: number, meanOfAll: () => number): Standard | null {
  let sum = 0;
  for (let place = 0; place < count; place++) sum += best[place];
  const mean = sum / count;
  if (count === 0 || !Number.isFinite(mean)) return null;
  let squares = 0;
  for (let place = 0; place < count; place++) squares += (best[place] - mean) ** 2;
  const scale = 1 / (Math.sqrt(squares / count) || 1);
  return { scale, shift: -mean * scale, unknown: (meanOfAll() - mean) * scale };
}

/** Returns the mean of the finite scores. */
export function meanOfFinite(scores: Float32Array): number {
  let count = 0;
  let sum = 0;
  for (const score of scores) {
    if (!Number.isFinite(score)) continue;
    count++;
    sum += score;
  }
  return sum / count;
}

/** Adds weighted standard scores to sums. */
export function addStandard(
  scores: Float32Array,
  { scale, shift, unknown }: Standard,
  weight: number,
  sums: Float32Array,
): void {
  const [slope, start, missing] = [weight * scale, weight * shift, weight * unknown];
  for (let row = 0; row < scores.length; row++) {
    const added = slope * scores[row] + start;
    // Infinity - Infinity is NaN: one test finds both NaN and the infinities.
    sums[row] += added - added === 0 ? added : missing;
  }
}

/**
 * Creates a standardizer with scratch that every call reuses.
 *
 * @param size - products
 * @param measured - number of best products over which the spread is measured
 */
export function createStandardizer(size: number, measured = maxMeasured): Standardizer {
  const isMeasured = new Uint8Array(size).fill(1);
  const rows = new Uint32Array(Math.min(measured, size));
  const best = new Float32Array(rows.length);
  function standardOf(scores: Float32Array, known: ArrayLike<number>): Standard | null {
    for (let index = 0; index < known.length; index++) isMeasured[known[index]] = 0;
    const count = topKInto(scores, rows, best, isMeasured);
    for (let index = 0; index < known.length; index++) isMeasured[known[index]] = 1;
    return standardOfBest(best, count, () => meanOfFinite(scores));
  }
  return {
    standardOf,
    standardize(scores, known) {
      const standard = standardOf(scores, known);
      if (standard === null) return false;
      const { scale, shift, unknown } = standard;
      for (let row = 0; row < scores.length; row++)
        scores[row] = Number.isFinite(scores[row]) ? scale * scores[row] + shift : unknown;
      return true;
    },
  };
}
