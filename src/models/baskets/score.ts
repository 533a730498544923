import { type TogetherEvidence, togetherSources } from '../../domain/recommendation';
import type { Vocabulary } from '../../snapshot/vocabulary';
import { checkOut } from '../checkOut';
import type { Scorer, ShopperHistory } from '../model';
import type { Complements } from './train';

/** Share of the top score that popularity may add: it orders what goes with nothing of a history. */
const popularityShare = 1e-6;

/** Complements as they are asked: their p-th powers taken once. */
interface Links extends Complements {
  readonly power: number;
  /** s_ab^p. */
  readonly powers: Float64Array;
}

/**
 * The p-norm, over the products at hand, of what each says: out[b] = (Σ_a s_ab^p)^(1/p), 0 where none says anything.
 * p = 1 adds evidence up, so that many weak links outdo a strong one; p = ∞ listens to the strongest alone.
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

/** Every product a number: what goes with nothing is ordered by popularity. */
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

/** The surest entry of a product among those of a cart: the first source, then the most support. */
function evidenceFor(
  { offsets, rows, support, sources }: Links,
  productRows: Uint32Array,
  row: number,
): TogetherEvidence | null {
  let best = -1;
  for (const product of productRows) {
    for (let at = offsets[product]; at < offsets[product + 1]; at++) {
      if (rows[at] !== row) continue;
      const isSurer = best < 0 || sources[at] < sources[best];
      if (isSurer || (sources[at] === sources[best] && support[at] > support[best])) best = at;
    }
  }
  return best < 0 ? null : { source: togetherSources[sources[best]], support: support[best] };
}

/** Complements of carts; a history is scored as a cart of what was liked. Holds no shopper. */
export function complementScorer(
  products: Vocabulary,
  complements: Complements,
  power: number,
): Scorer<'complements'> {
  const links = { ...complements, power, powers: Float64Array.from(complements.weights, s => s ** power) };
  return {
    products,
    scoreInto(histories, out) {
      checkOut({ products }, histories.length, out);
      for (const [index, history] of histories.entries()) {
        const row = out.subarray(index * products.size, (index + 1) * products.size);
        scoreOne(links, history, row);
      }
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
