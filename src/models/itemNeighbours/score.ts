import type { Vocabulary } from '../../snapshot/vocabulary';
import { type BackoffPool, backoffPool, type WeighedBackoff } from '../backoff';
import { checkOut } from '../checkOut';
import type { Scorer, ShopperHistory } from '../model';
import { orderAgesOf } from '../orderAges';
import { standingOf } from '../productScores';
import { scoreEach } from '../scoreEach';
import type { Neighbours } from './train';

/** Share of the top score that popularity may add: it orders products without a neighbour and breaks ties. */
const popularityShare = 1e-6;

/** What a scorer reads. */
interface ScorerState {
  readonly neighbours: Neighbours;
  readonly historyDecay: number;
  /** Null where products without a neighbour are ordered by popularity alone. */
  readonly fallback: (WeighedBackoff & { readonly pool: BackoffPool }) | null;
}

/** Adds the similarities of the neighbours of a product. */
function addNeighbours(
  { offsets, rows, similarities }: Neighbours,
  product: number,
  weight: number,
  out: Float32Array,
): void {
  for (let place = offsets[product]; place < offsets[product + 1]; place++) {
    out[rows[place]] += weight * similarities[place];
  }
}

/**
 * Adds the similarities of the neighbours of each history product, and what follows the categories of liked ones; disliked
 * products lower the scores of their neighbours.
 */
function addHistory(state: ScorerState, history: ShopperHistory, out: Float32Array): void {
  const { neighbours, historyDecay, fallback } = state;
  const ages = orderAgesOf(history.occurredAt);
  for (let entry = 0; entry < history.productRows.length; entry++) {
    const standing = standingOf(history.weights[entry]);
    const weight = Math.sign(standing) * Math.sqrt(Math.abs(standing)) * historyDecay ** ages[entry];
    const product = history.productRows[entry];
    if (fallback === null) addNeighbours(neighbours, product, weight, out);
    else {
      addNeighbours(neighbours, product, weight * fallback.trusts[product], out);
      if (weight > 0) fallback.pool.add(product, weight * fallback.masses[product]);
    }
  }
}

/** Adds a small multiple of popularity, which orders products without a score of their own. */
function addPopularity({ popularity }: Neighbours, out: Float32Array): void {
  let highest = 0;
  for (let product = 0; product < out.length; product++) if (out[product] > highest) highest = out[product];
  const scale = popularityShare * (highest || 1);
  for (let product = 0; product < out.length; product++) out[product] += scale * popularity[product];
}

function scoreOne(state: ScorerState, history: ShopperHistory, out: Float32Array): void {
  if (history.productRows.length === 0) {
    out.fill(Number.NaN);
    return;
  }
  out.fill(0);
  addHistory(state, history, out);
  if (state.fallback === null) addPopularity(state.neighbours, out);
  else {
    state.fallback.pool.addPopular(popularityShare);
    state.fallback.pool.addInto(out);
  }
}

/**
 * Returns a scorer by summed similarity to the history: see train.ts and fallback.ts for s_ij. Keeps the neighbours and no
 * shopper data.
 *
 * @param fallback - null for artifacts of earlier versions
 */
export function neighbourScorer(
  products: Vocabulary,
  neighbours: Neighbours,
  historyDecay: number,
  fallback: WeighedBackoff | null,
): Scorer<'similar'> {
  const state: ScorerState = {
    neighbours,
    historyDecay,
    fallback: fallback && { ...fallback, pool: backoffPool(fallback.backoff) },
  };
  return {
    products,
    scoreInto(histories, out) {
      scoreEach(products, histories, out, (history, row) => {
        scoreOne(state, history, row);
      });
    },
    similarInto(productRow, out) {
      checkOut({ products }, 1, out);
      const alone = { productRows: Uint32Array.of(productRow), weights: Float32Array.of(1) };
      scoreOne(state, { ...alone, occurredAt: Float64Array.of(0), now: 0 }, out);
      out[productRow] = Number.NaN;
    },
  };
}
