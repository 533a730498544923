import type { Vocabulary } from '../../snapshot/vocabulary';
import { checkOut } from '../checkOut';
import type { Scorer, ShopperHistory } from '../model';
import { createStandardizer, type Standardizer } from './standardize';

/** A loaded part and its weight. */
export interface WeightedScorer {
  readonly scorer: Scorer;
  /** > 0. */
  readonly weight: number;
}

/** Shoppers that a part scores in one batch. */
const shoppersAtOnce = 16;

/** Scratch of one scorer. */
interface Scratch {
  readonly scores: Float32Array;
  readonly standardizer: Standardizer;
}

/** Adds one part's standardised scores to the sums of a batch; returns, per shopper, whether it had scores. */
function addPart(
  { scorer, weight }: WeightedScorer,
  batch: readonly ShopperHistory[],
  { scores, standardizer }: Scratch,
  sums: Float32Array,
): readonly boolean[] {
  const size = scorer.products.size;
  scorer.scoreInto(batch, scores);
  return batch.map(({ productRows }, index) => {
    const own = scores.subarray(index * size, (index + 1) * size);
    if (!standardizer.standardize(own, productRows)) return false;
    const start = index * size;
    for (let row = 0; row < size; row++) sums[start + row] += weight * own[row];
    return true;
  });
}

function scoreBatch(
  parts: readonly WeightedScorer[],
  batch: readonly ShopperHistory[],
  scratch: Scratch,
  out: Float32Array,
): void {
  const size = out.length / batch.length;
  const room = { ...scratch, scores: scratch.scores.subarray(0, out.length) };
  out.fill(0);
  const scoredByPart = parts.map(part => addPart(part, batch, room, out));
  for (const [index, { productRows }] of batch.entries()) {
    const isScored = productRows.length > 0 && scoredByPart.some(part => part[index]);
    if (!isScored) out.fill(Number.NaN, index * size, (index + 1) * size);
  }
}

/** Returns a scorer that sums the parts' standardised scores. A part without scores for a shopper is skipped. */
export function ensembleScorer(products: Vocabulary, parts: readonly WeightedScorer[]): Scorer {
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
        scoreBatch(parts, batch, scratch, rows);
      }
    },
  };
}
