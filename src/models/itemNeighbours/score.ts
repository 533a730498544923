import type { Vocabulary } from '../../snapshot/vocabulary';
import { checkOut } from '../checkOut';
import type { Scorer, ShopperHistory } from '../model';
import { standingOf } from '../productScores';
import { scoreEach } from '../scoreEach';
import type { Neighbours } from './train';

/** Share of the top score that popularity may add: it orders products without a neighbour and breaks ties. */
const popularityShare = 1e-6;

/**
 * Returns the number of later instants after each history entry: 0 for the latest and for all entries at the
 * same time.
 */
function agesOf(occurredAt: Float64Array): Uint32Array {
  const ages = new Uint32Array(occurredAt.length);
  for (let entry = occurredAt.length - 2; entry >= 0; entry--) {
    ages[entry] = ages[entry + 1] + Number(occurredAt[entry] < occurredAt[entry + 1]);
  }
  return ages;
}

/**
 * Adds the similarities of the neighbours of each history product; disliked products lower the scores of
 * their neighbours.
 */
function addHistory(
  { offsets, rows, similarities }: Neighbours,
  history: ShopperHistory,
  historyDecay: number,
  out: Float32Array,
): void {
  const ages = agesOf(history.occurredAt);
  for (let entry = 0; entry < history.productRows.length; entry++) {
    const standing = standingOf(history.weights[entry]);
    const weight = Math.sign(standing) * Math.sqrt(Math.abs(standing)) * historyDecay ** ages[entry];
    const product = history.productRows[entry];
    for (let place = offsets[product]; place < offsets[product + 1]; place++) {
      out[rows[place]] += weight * similarities[place];
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

function scoreOne(
  neighbours: Neighbours,
  history: ShopperHistory,
  historyDecay: number,
  out: Float32Array,
): void {
  if (history.productRows.length === 0) {
    out.fill(Number.NaN);
    return;
  }
  out.fill(0);
  addHistory(neighbours, history, historyDecay, out);
  addPopularity(neighbours, out);
}

/**
 * Returns a scorer by summed similarity to the history: see train.ts for s_ij. Keeps the neighbours and no
 * shopper data.
 */
export function neighbourScorer(
  products: Vocabulary,
  neighbours: Neighbours,
  historyDecay: number,
): Scorer<'similar'> {
  return {
    products,
    scoreInto(histories, out) {
      scoreEach(products, histories, out, (history, row) => {
        scoreOne(neighbours, history, historyDecay, row);
      });
    },
    similarInto(productRow, out) {
      checkOut({ products }, 1, out);
      out.fill(0);
      const { offsets, rows, similarities } = neighbours;
      for (let place = offsets[productRow]; place < offsets[productRow + 1]; place++) {
        out[rows[place]] = similarities[place];
      }
      addPopularity(neighbours, out);
      out[productRow] = Number.NaN;
    },
  };
}
