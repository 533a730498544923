import { type TogetherEvidence, togetherSources } from '../../domain/recommendation';
import type { Vocabulary } from '../../snapshot/vocabulary';
import { checkOut } from '../checkOut';
import type { Scorer, ShopperHistory } from '../model';
import { scoreEach } from '../scoreEach';
import type { Complements } from './train';

/** Share of the top score that popularity may add: it orders products that complement nothing in a history. */
const popularityShare = 1e-6;

/** Complements with their p-th powers precomputed for requests. */
interface Links extends Complements {
  readonly power: number;
  /** s_ab^p. */
  readonly powers: Float64Array;
}

/**
 * Writes the p-norm of the evidence over the given products: out[b] = (Σ_a s_ab^p)^(1/p), 0 where there is
 * none. With p = 1 it sums the evidence, so that many weak links exceed a strong one. With p = ∞ it takes the maximum.
 */
function combineInto(
  { offsets, rows, powers, power }: Links,
  productRows: ArrayLike<number>,
  out: Float32Array,
): void {
  out.fill(0);
  for (let entry = 0; entry < productRows.length; entry++) {
    const product = productRows[entry];
    for (let at = offsets[product]; at < offsets[product + 1]; at++) out[rows[at]] += powers[at];
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

function scoreOne(links: Links, history: ShopperHistory, out: Float32Array): void {
  if (history.productRows.length === 0) {
    out.fill(Number.NaN);
    return;
  }
  const liked = history.productRows.filter((_, entry) => history.weights[entry] > 0);
  combineInto(links, liked, out);
  addPopularity(links, out);
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
): Scorer<'complements'> {
  const links = { ...complements, power, powers: Float64Array.from(complements.weights, s => s ** power) };
  return {
    products,
    scoreInto(histories, out) {
      scoreEach(products, histories, out, (history, row) => {
        scoreOne(links, history, row);
      });
    },
    complementsInto(productRows, out) {
      checkOut({ products }, 1, out);
      combineInto(links, productRows, out);
      for (let row = 0; row < out.length; row++) if (out[row] === 0) out[row] = Number.NaN;
      for (const row of productRows) out[row] = Number.NaN;
    },
    evidenceOf: (productRows, row) => evidenceFor(links, productRows, row),
  };
}
