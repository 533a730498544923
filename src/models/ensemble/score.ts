import { topK } from '../../numeric/topK';
import type { Vocabulary } from '../../snapshot/vocabulary';
import { checkOut } from '../checkOut';
import type { Scorer, ShopperHistory } from '../model';
import type { Blend } from './blend';
import { repeatsOf } from './repeatOdds';
import { revisitColumns, revisitEntries, revisitInto, revisitLogOdds } from './revisits';
import {
  addStandard,
  createStandardizer,
  maxMeasured,
  meanOfFinite,
  type Standardizer,
  standardOfBest,
} from './standardize';

/** A loaded part and its weight. */
export interface WeightedScorer {
  readonly scorer: Scorer;
  /** > 0. */
  readonly weight: number;
  /** Whether it has the same scores for every shopper, with or without a history; absent where it has not. */
  readonly isPopular?: boolean;
}

/** What an ensemble reads of the part that knows repeats. */
export type RepeatScorer = Pick<
  Scorer<'buyAgain'>,
  'products' | 'dueInto' | 'isRepeated' | 'firstPurchaseOf'
>;

/** The scale that sums, repeats and revisits share. */
export interface Blended {
  readonly blend: Blend;
  /** The part that knows repeats; null without one. */
  readonly teller: RepeatScorer | null;
}

/** Shoppers that a part scores in one batch. */
const shoppersAtOnce = 16;

/** Scratch of one scorer. */
interface Scratch {
  readonly scores: Float32Array;
  readonly standardizer: Standardizer;
}

/** Adds one part's standardised scores to the sums of a batch; returns, per shopper, whether it had scores. */
type AddPart = (batch: readonly ShopperHistory[], scratch: Scratch, sums: Float32Array) => readonly boolean[];

function personalPart({ scorer, weight }: WeightedScorer): AddPart {
  return (batch, { scores, standardizer }, sums) => {
    const { size } = scorer.products;
    scorer.scoreInto(batch, scores);
    return batch.map(({ productRows }, index) => {
      const own = scores.subarray(index * size, (index + 1) * size);
      const standard = standardizer.standardOf(own, productRows);
      if (standard === null) return false;
      addStandard(own, standard, weight, sums.subarray(index * size, (index + 1) * size));
      return true;
    });
  };
}

const nobody: ShopperHistory = {
  productRows: new Uint32Array(),
  weights: new Float32Array(),
  occurredAt: new Float64Array(),
  now: 0,
};

/**
 * A part with the same scores for every shopper: they are computed and sorted once. Only the products of a history, which are not
 * measured, differ between shoppers.
 */
function popularPart({ scorer, weight }: WeightedScorer): AddPart {
  const { size } = scorer.products;
  const scores = new Float32Array(size);
  scorer.scoreInto([nobody], scores);
  const mean = meanOfFinite(scores);
  const { rows, length } = topK(scores, size);
  const best = new Float32Array(Math.min(maxMeasured, size));
  return (batch, _, sums) =>
    batch.map(({ productRows }, index) => {
      const known = new Set(productRows);
      let count = 0;
      for (let place = 0; place < length && count < best.length; place++)
        if (!known.has(rows[place])) best[count++] = scores[rows[place]];
      const standard = standardOfBest(best, count, () => mean);
      if (standard === null) return false;
      addStandard(scores, standard, weight, sums.subarray(index * size, (index + 1) * size));
      return true;
    });
}

/** Maps the sums of one shopper to log-odds, and writes those of choosing again what they met. */
function blendInto({ teller, blend }: Blended, history: ShopperHistory, sums: Float32Array): void {
  const { intercept, slope, level, revisits } = blend;
  const firstPurchase = level === 0 || teller === null ? 0 : teller.firstPurchaseOf(history);
  const start = intercept + level * firstPurchase;
  for (let row = 0; row < sums.length; row++) sums[row] = start + slope * sums[row];
  if (revisits !== null) {
    const columns = new Float64Array(revisitColumns);
    const covers = teller === null ? 'met' : revisits.covers;
    for (const entry of revisitEntries(history, covers)) {
      revisitInto(history, entry, columns);
      sums[history.productRows[entry]] = revisitLogOdds(revisits.coefficients, columns);
    }
  }
  if (teller === null || revisits?.covers === 'met') return;
  const { rows, logOdds } = repeatsOf(teller, history);
  for (const [index, row] of rows.entries()) sums[row] = logOdds[index];
}

function scoreBatch(
  { parts, blended }: Summed,
  batch: readonly ShopperHistory[],
  scratch: Scratch,
  out: Float32Array,
): void {
  const size = out.length / batch.length;
  const room = { ...scratch, scores: scratch.scores.subarray(0, out.length) };
  out.fill(0);
  const scoredByPart = parts.map(add => add(batch, room, out));
  for (const [index, history] of batch.entries()) {
    const own = out.subarray(index * size, (index + 1) * size);
    const isScored = history.productRows.length > 0 && scoredByPart.some(part => part[index]);
    if (!isScored) own.fill(Number.NaN);
    if (blended !== null) blendInto(blended, history, own);
  }
}

/** The parts of one ensemble. */
interface Summed {
  readonly parts: readonly AddPart[];
  readonly blended: Blended | null;
}

/**
 * Returns a scorer that sums the parts' standardised scores. A part without scores for a shopper is skipped.
 *
 * @param blended - null when all products have sums
 */
export function ensembleScorer(
  products: Vocabulary,
  parts: readonly WeightedScorer[],
  blended: Blended | null,
): Scorer {
  const adding = parts.map(part => (part.isPopular ? popularPart(part) : personalPart(part)));
  const scratch = {
    scores: new Float32Array(shoppersAtOnce * products.size),
    standardizer: createStandardizer(products.size),
  };
  return {
    products,
    scoreInto(histories, out) {
      checkOut({ products }, histories.length, out);
      for (let first = 0; first < histories.length; first += shoppersAtOnce) {
        const batch = histories.slice(first, first + shoppersAtOnce);
        const rows = out.subarray(first * products.size, (first + batch.length) * products.size);
        scoreBatch({ parts: adding, blended }, batch, scratch, rows);
      }
    },
  };
}
