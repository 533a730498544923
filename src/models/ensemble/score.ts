import { topK } from '../../numeric/topK';
import type { Vocabulary } from '../../snapshot/vocabulary';
import { checkOut } from '../checkOut';
import type { Scorer, ShopperHistory } from '../model';
import { type Blend, maxDiscoveries } from './blend';
import { repeatsOf } from './repeatOdds';
import { revisitColumns, revisitEntries, revisitInto, revisitLogOdds } from './revisits';
import {
  addStandard,
  createStandardizer,
  maxMeasured,
  meanOfFinite,
  type Standard,
  type Standardizer,
  standardOfBest,
} from './standardize';

/** A loaded part and its weight. */
export interface WeightedScorer {
  readonly scorer: Scorer;
  /** > 0; 0 for a part that only ranks what was met. */
  readonly weight: number;
  /** Whether it has the same scores for every shopper, with or without a history; absent where it has not. */
  readonly isPopular?: boolean;
  /** Whether its own scores rank what was met (`Blend.own`); absent where they do not. One part at most. */
  readonly isOwn?: boolean;
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
  /** Of the best that a part's own scores and sums share; null where no part's own scores are used. */
  readonly own: Standardizer | null;
}

/** What a shopper met, by the part whose own scores rank it. */
interface OwnScores {
  readonly rows: readonly number[];
  /** In standard deviations from the mean of the best new products. */
  readonly scores: readonly number[];
}

/** What one part did with a shopper. */
interface Added {
  /** Whether it has scores for them, and a weight. */
  readonly isScored: boolean;
  /** Null for other parts, and where it has no score. */
  readonly own: OwnScores | null;
}

/** Returns a part's own scores of the liked products that it knows. */
function ownScoresOf(
  scores: Float32Array,
  { productRows, weights }: ShopperHistory,
  standardizer: Standardizer,
): OwnScores | null {
  const standard = standardizer.standardOf(scores, productRows);
  if (standard === null) return null;
  const entries = [...productRows.keys()].filter(
    entry => weights[entry] > 0 && Number.isFinite(scores[productRows[entry]]),
  );
  const rows = entries.map(entry => productRows[entry]);
  return { rows, scores: rows.map(row => scores[row] * standard.scale + standard.shift) };
}

/** Adds one part's standardised scores to the sums of a batch. Returns one entry per shopper. */
type AddPart = (batch: readonly ShopperHistory[], scratch: Scratch, sums: Float32Array) => readonly Added[];

/**
 * Adds one part's scores of one shopper to their sums.
 *
 * @param standard - null where the part has no scores for them
 */
function addOne(
  { weight, isOwn }: WeightedScorer,
  scores: Float32Array,
  standard: Standard | null,
  history: ShopperHistory,
  { own }: Scratch,
  sums: Float32Array,
): Added {
  if (standard === null) return { isScored: false, own: null };
  if (weight > 0) addStandard(scores, standard, weight, sums);
  return { isScored: weight > 0, own: isOwn && own !== null ? ownScoresOf(scores, history, own) : null };
}

function personalPart(part: WeightedScorer): AddPart {
  const { scorer } = part;
  return (batch, scratch, sums) => {
    const { size } = scorer.products;
    scorer.scoreInto(batch, scratch.scores);
    return batch.map((history, index) => {
      const rowOf = (all: Float32Array): Float32Array => all.subarray(index * size, (index + 1) * size);
      const scores = rowOf(scratch.scores);
      const standard = scratch.standardizer.standardOf(scores, history.productRows);
      return addOne(part, scores, standard, history, scratch, rowOf(sums));
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
function popularPart(part: WeightedScorer): AddPart {
  const { scorer } = part;
  const { size } = scorer.products;
  const scores = new Float32Array(size);
  scorer.scoreInto([nobody], scores);
  const mean = meanOfFinite(scores);
  const { rows, length } = topK(scores, size);
  const best = new Float32Array(Math.min(maxMeasured, size));
  return (batch, scratch, sums) =>
    batch.map((history, index) => {
      const known = new Set(history.productRows);
      let count = 0;
      for (let place = 0; place < length && count < best.length; place++)
        if (!known.has(rows[place])) best[count++] = scores[rows[place]];
      const standard = standardOfBest(best, count, () => mean);
      const own = sums.subarray(index * size, (index + 1) * size);
      return addOne(part, scores, standard, history, scratch, own);
    });
}

/** Maps the sums of one shopper to standard deviations from the mean of the best new products, beside a part's own scores. */
function ownInto(
  added: readonly Added[],
  { productRows }: ShopperHistory,
  standardizer: Standardizer,
  sums: Float32Array,
): void {
  const own = added.find(part => part.own !== null)?.own;
  if (!own) return;
  standardizer.standardize(sums, productRows);
  for (const [index, row] of own.rows.entries()) sums[row] = own.scores[index];
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
  const addedByPart = parts.map(add => add(batch, room, out));
  for (const [index, history] of batch.entries()) {
    const own = out.subarray(index * size, (index + 1) * size);
    const added = addedByPart.map(part => part[index]);
    const isScored = history.productRows.length > 0 && added.some(part => part.isScored);
    if (!isScored) own.fill(Number.NaN);
    if (scratch.own !== null) ownInto(added, history, scratch.own, own);
    else if (blended !== null) blendInto(blended, history, own);
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
    own: parts.some(({ isOwn }) => isOwn) ? createStandardizer(products.size, maxDiscoveries) : null,
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
