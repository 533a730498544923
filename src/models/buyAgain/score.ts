import { topK } from '../../numeric/topK';
import type { Vocabulary } from '../../snapshot/vocabulary';
import type { DueColumns, Scorer, ShopperHistory } from '../model';
import { scoreEach } from '../scoreEach';
import { featureCount, featuresInto } from './features';
import { firstPurchaseColumns, firstPurchaseInto } from './firstPurchases';
import { afterDays, type Due, dueOf } from './hazard';
import type { Trained } from './train';

/** Returns when a shopper buys the product of an entry again; null where they never bought it. */
function dueAtEntry(
  trained: Trained,
  { purchases, productRows, now }: ShopperHistory,
  entry: number,
  features: Float64Array,
): Due | null {
  if (purchases === undefined || purchases.orders[entry] === 0) return null;
  featuresInto(purchases, entry, trained.statistics, productRows[entry], now, features);
  return dueOf(trained, features);
}

/** Finite for every probability that is not 0. */
const logOddsOf = (probability: number): number => Math.log(probability / Math.max(1e-12, 1 - probability));

/** Products whose mean is how likely a shopper buys what is new to them: those likely to be in a list. */
const likeliestNew = 200;

/**
 * Scores every product by the log-odds that the shopper buys it within 30 days: what was bought before by its hazard, everything
 * else by how likely such a shopper buys it for the first time. A bought product that the shopper dislikes by now counts as not bought.
 */
export function buyAgainScorer(products: Vocabulary, trained: Trained): Scorer<'buyAgain'> {
  const features = new Float64Array(featureCount);
  const columns = new Float64Array(firstPurchaseColumns);
  const { firstPurchase } = trained.statistics;

  const byFirstPurchase = topK(Float32Array.from(firstPurchase), products.size).rows;

  /** Returns the line from a product's log-odds to the shopper's; who bought nothing has those of all shoppers. */
  function firstPurchaseLine({ purchases, now }: ShopperHistory): readonly [base: number, slope: number] {
    if (purchases === undefined) return [0, 1];
    firstPurchaseInto(purchases, now, columns);
    let base = 0;
    for (let column = 0; column < columns.length; column++)
      if (column !== 1) base += trained.firstCoefficients[column] * columns[column];
    return [base, trained.firstCoefficients[1]];
  }

  function firstPurchasesInto(history: ShopperHistory, out: Float32Array): void {
    const [base, slope] = firstPurchaseLine(history);
    for (let row = 0; row < out.length; row++) out[row] = base + slope * firstPurchase[row];
  }

  function scoreOne(history: ShopperHistory, out: Float32Array): void {
    if (history.productRows.length === 0) {
      out.fill(Number.NaN);
      return;
    }
    firstPurchasesInto(history, out);
    for (let entry = 0; entry < history.productRows.length; entry++) {
      const due = history.weights[entry] > 0 ? dueAtEntry(trained, history, entry, features) : null;
      if (due !== null) out[history.productRows[entry]] = logOddsOf(due.within30Days);
    }
  }

  return {
    products,
    scoreInto: (histories, out) => scoreEach(products, histories, out, scoreOne),
    dueInto(history, { within7Days, within30Days, dueAt }: DueColumns) {
      for (let entry = 0; entry < history.productRows.length; entry++) {
        const due = dueAtEntry(trained, history, entry, features);
        within7Days[entry] = due?.within7Days ?? Number.NaN;
        within30Days[entry] = due?.within30Days ?? Number.NaN;
        dueAt[entry] = due === null ? Number.NaN : afterDays(history.now, due.medianDays);
      }
    },
    isRepeated: row => trained.repeated[row] === 1,
    firstPurchaseOf(history) {
      const met = new Set(history.productRows);
      let [sum, count] = [0, 0];
      for (let place = 0; place < byFirstPurchase.length && count < likeliestNew; place++) {
        if (met.has(byFirstPurchase[place])) continue;
        sum += firstPurchase[byFirstPurchase[place]];
        count++;
      }
      const [base, slope] = firstPurchaseLine(history);
      return count === 0 ? 0 : base + (slope * sum) / count;
    },
  };
}
