import { type TogetherEvidence, togetherSources } from '../../domain/recommendation';
import type { Vocabulary } from '../../snapshot/vocabulary';
import { type BackoffPool, backoffPool, type WeighedBackoff } from '../backoff';
import { checkOut } from '../checkOut';
import type { Scorer, ShopperHistory } from '../model';
import { scoreEach } from '../scoreEach';
import type { Complements } from './train';

/** Share of the top score that popularity may add: it orders products that complement nothing in a history. */
const popularityShare = 1e-6;

/** Complements with their p-th powers precomputed for requests. */
interface Links extends Complements {
  /** Null for artifacts of earlier versions. */
  readonly fallback: (WeighedBackoff & { readonly pool: BackoffPool }) | null;
  readonly power: number;
  /** s_ab^p. */
  readonly powers: Float64Array;
}

/**
 * Writes the p-norm of the evidence over the given products: out[b] = (Σ_a s_ab^p)^(1/p), 0 where there is
 * none. With p = 1 it sums the evidence, so that many weak links exceed a strong one. With p = ∞ it takes the maximum.
 *
 * @param trusts - factor of the evidence from each product, [products]; null: 1
 */
function combineInto(
  { offsets, rows, powers, power }: Links,
  productRows: ArrayLike<number>,
  trusts: Float32Array | null,
  out: Float32Array,
): void {
  out.fill(0);
  for (let entry = 0; entry < productRows.length; entry++) {
    const product = productRows[entry];
    const factor = trusts === null ? 1 : trusts[product] ** power;
    for (let at = offsets[product]; at < offsets[product + 1]; at++) out[rows[at]] += factor * powers[at];
  }
  for (let row = 0; row < out.length; row++) if (out[row] > 0) out[row] **= 1 / power;
}

/** Gives every product a number: products that complement nothing are ordered by popularity. */
function addPopularity({ popularity }: Complements, out: Float32Array): void {
  let highest = 0;
  for (let row = 0; row < out.length; row++) highest = Math.max(highest, out[row]);
  const scale = popularityShare * (highest || 1);
  for (let row = 0; row < out.length; row++) out[row] += scale * popularity[row];
}

/**
 * Writes a score of every product for a cart: the p-norm of the evidence, each product's as far as it is known, and what follows their
 * categories. Without a back-off, products without evidence are ordered by popularity.
 */
function completeInto(links: Links, productRows: ArrayLike<number>, out: Float32Array): void {
  const { fallback, power } = links;
  combineInto(links, productRows, fallback?.trusts ?? null, out);
  if (fallback === null) {
    addPopularity(links, out);
    return;
  }
  // As the p-norm of n equal values, n^(1/p), not as their sum.
  const share = productRows.length ** (1 / power - 1);
  for (let entry = 0; entry < productRows.length; entry++)
    fallback.pool.add(productRows[entry], share * fallback.masses[productRows[entry]]);
  fallback.pool.addPopular(popularityShare);
  fallback.pool.addInto(out);
}

function scoreOne(links: Links, history: ShopperHistory, out: Float32Array): void {
  if (history.productRows.length === 0) {
    out.fill(Number.NaN);
    return;
  }
  const liked = history.productRows.filter((_, entry) => history.weights[entry] > 0);
  completeInto(links, liked, out);
}

/**
 * Returns the strongest evidence for a product among those of a cart: the first source, then the highest
 * support.
 */
function evidenceFor(
  { offsets, rows, support, sources }: Links,
  productRows: Uint32Array,
  row: number,
): TogetherEvidence | null {
  let best = -1;
  for (const product of productRows) {
    for (let at = offsets[product]; at < offsets[product + 1]; at++) {
      if (rows[at] !== row) continue;
      const hasBetterSource = best < 0 || sources[at] < sources[best];
      if (hasBetterSource || (sources[at] === sources[best] && support[at] > support[best])) best = at;
    }
  }
  return best < 0 ? null : { source: togetherSources[sources[best]], support: support[best] };
}

/**
 * Returns a scorer of complements for carts; a history is scored as a cart of its liked products. Keeps no
 * shopper data.
 */
export function complementScorer(
  products: Vocabulary,
  complements: Complements,
  power: number,
  fallback: WeighedBackoff | null,
): Scorer<'complements'> {
  const links: Links = {
    ...complements,
    fallback: fallback && { ...fallback, pool: backoffPool(fallback.backoff) },
    power,
    powers: Float64Array.from(complements.weights, s => s ** power),
  };
  return {
    products,
    scoreInto(histories, out) {
      scoreEach(products, histories, out, (history, row) => {
        scoreOne(links, history, row);
      });
    },
    complementsInto(productRows, out) {
      checkOut({ products }, 1, out);
      combineInto(links, productRows, null, out);
      for (let row = 0; row < out.length; row++) if (out[row] === 0) out[row] = Number.NaN;
      for (const row of productRows) out[row] = Number.NaN;
    },
    scoreCartInto(productRows, out) {
      checkOut({ products }, 1, out);
      completeInto(links, productRows, out);
      for (const row of productRows) out[row] = Number.NaN;
    },
    evidenceOf: (productRows, row) => evidenceFor(links, productRows, row),
  };
}
