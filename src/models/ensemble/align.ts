import type { Vocabulary } from '../../snapshot/vocabulary';
import type { DueColumns, Scorer, ShopperHistory } from '../model';
import { pickPurchases } from '../purchases';
import type { RepeatScorer } from './score';

/** A part's row of each product; -1 for a product that the part does not know. */
const rowsOfPart = (part: Vocabulary, products: Vocabulary): Int32Array =>
  Int32Array.from({ length: products.size }, (_, row) => part.rowOf(products.idOf(row)));

/** Returns the entries of a history whose products a part knows, ascending. */
const knownEntries = ({ productRows }: ShopperHistory, partRows: Int32Array): readonly number[] =>
  [...productRows.keys()].filter(entry => partRows[productRows[entry]] >= 0);

/** Returns some entries of a history, in the rows of a part. */
function historyOfPart(
  history: ShopperHistory,
  entries: readonly number[],
  partRows: Int32Array,
): ShopperHistory {
  const { productRows, weights, occurredAt, stars, purchases } = history;
  return {
    ...history,
    productRows: Uint32Array.from(entries, entry => partRows[productRows[entry]]),
    weights: Float32Array.from(entries, entry => weights[entry]),
    occurredAt: Float64Array.from(entries, entry => occurredAt[entry]),
    ...(stars && { stars: Float32Array.from(entries, entry => stars[entry]) }),
    ...(purchases && { purchases: pickPurchases(purchases, entries) }),
  };
}

/**
 * Adapts a part to a larger set of products. The part has no score for products it does not know, which the
 * sum treats as neither good nor bad (standardize.ts). Histories are passed to it without them.
 */
export function withProducts(scorer: Scorer, products: Vocabulary): Scorer {
  const own = new Float32Array(scorer.products.size);
  const partRows = rowsOfPart(scorer.products, products);
  return {
    products,
    scoreInto(histories, out) {
      for (const [index, history] of histories.entries()) {
        scorer.scoreInto([historyOfPart(history, knownEntries(history, partRows), partRows)], own);
        const row = out.subarray(index * products.size, (index + 1) * products.size);
        for (let product = 0; product < row.length; product++)
          row[product] = partRows[product] < 0 ? Number.NaN : own[partRows[product]];
      }
    },
  };
}

/** Adapts a part that knows repeats to a larger set of products: of the others it knows nothing. */
export function repeatsWithProducts(scorer: RepeatScorer, products: Vocabulary): RepeatScorer {
  const partRows = rowsOfPart(scorer.products, products);
  return {
    products,
    dueInto(history, out) {
      const entries = knownEntries(history, partRows);
      const columnOf = () => new Float64Array(entries.length);
      const own: DueColumns = { within7Days: columnOf(), within30Days: columnOf(), dueAt: columnOf() };
      scorer.dueInto(historyOfPart(history, entries, partRows), own);
      for (const name of ['within7Days', 'within30Days', 'dueAt'] as const) {
        out[name].fill(Number.NaN);
        for (const [index, entry] of entries.entries()) out[name][entry] = own[name][index];
      }
    },
    isRepeated: row => partRows[row] >= 0 && scorer.isRepeated(partRows[row]),
    firstPurchaseOf: history =>
      scorer.firstPurchaseOf(historyOfPart(history, knownEntries(history, partRows), partRows)),
  };
}
