import { type Backoff, backoffPool } from '../backoff';
import type { Scorer, ShopperHistory } from '../model';
import { orderAgesOf } from '../orderAges';
import { standingOf } from '../productScores';

/** What is added to the score of every product: weight × its probability by categories and popularity. */
export interface Fallback {
  readonly backoff: Backoff;
  /** > 0. */
  readonly weight: number;
}

/** Recency of the products of a history: see {@link ShopperHistory} and foldIn.ts. */
export interface Recency {
  readonly recencyExponent: number;
  readonly recencyScale: number;
}

/** Share of popularity itself, so that every product has a probability. */
const popularShare = 0.1;

/**
 * Returns a function that adds weight × the probability of every product to its scores. A product of the history leads to others
 * (backoff.ts) with a mass by its standing, decayed by its age in instants as in folding in; all masses together are 1. Adds
 * nothing for a history without a liked product.
 */
function fallbackAdder(
  { backoff, weight }: Fallback,
  { recencyExponent, recencyScale }: Recency,
): (history: ShopperHistory, out: Float32Array) => void {
  const pool = backoffPool(backoff);
  return ({ productRows, weights, occurredAt }, out) => {
    const ages = orderAgesOf(occurredAt);
    const masses = Float64Array.from(
      weights,
      (own, entry) => Math.max(0, standingOf(own)) * (1 + ages[entry] / recencyScale) ** -recencyExponent,
    );
    const total = masses.reduce((sum, mass) => sum + mass, 0);
    if (!(total > 0)) return;
    const scale = (weight * (1 - popularShare)) / total;
    for (const [entry, mass] of masses.entries()) pool.add(productRows[entry], scale * mass);
    pool.addPopular(weight * popularShare);
    for (let row = 0; row < out.length; row++) if (Number.isNaN(out[row])) out[row] = 0;
    pool.addInto(out);
  };
}

/**
 * Returns a scorer that adds a fallback to the scores of another, which has scores exactly for shoppers with a liked product. Products
 * without a score start from 0. Its scores are no inner products of short vectors. Not to be called from two threads at once.
 */
export function withFallback(
  { products, scoreInto, similarInto }: Scorer<'similar'>,
  fallback: Fallback,
  recency: Recency,
): Scorer<'similar'> {
  const addTo = fallbackAdder(fallback, recency);
  return {
    products,
    scoreInto(histories, out) {
      scoreInto(histories, out);
      for (const [index, history] of histories.entries())
        addTo(history, out.subarray(index * products.size, (index + 1) * products.size));
    },
    similarInto,
  };
}
