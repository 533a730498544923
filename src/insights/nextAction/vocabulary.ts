import { byCodeUnits } from '../../numeric/byCodeUnits';
import type { ProductDocument, Snapshot } from '../../snapshot/snapshot';
import { actionsOf } from './actions';

/** The names behind a forecaster's numbers, and the scale of its prices. Part of the artifact; holds no shopper. */
export interface ActionVocabulary {
  /** What can come next: types of events, then LEAVE (actions.ts). Entry i is place i of every array of actions. */
  readonly actions: readonly string[];
  /** Paths of categories, levels joined by {@link categorySeparator}: entry i is category i + 1; 0 stands for all others. */
  readonly categories: readonly string[];
  /** Mean and deviation of log(1 + price in minor units) over events. */
  readonly priceMean: number;
  readonly priceDeviation: number;
}

/** Separates levels; no category name contains it (U+001F, unit separator). */
export const categorySeparator = '\u001f';

/** Converts products to numbers. */
export interface ProductReader {
  /** Returns the category of a path from the root down: of its longest prefix in the vocabulary; 0 for none. */
  categoryOf(path: readonly string[]): number;
  /** Log price, standardised; 0 for NaN. */
  priceOf(priceMinor: number): number;
}

/** Creates a reader of products for a vocabulary. */
export function productReaderOf({
  categories,
  priceMean,
  priceDeviation,
}: Omit<ActionVocabulary, 'actions'>): ProductReader {
  const codes = new Map(categories.map((path, index) => [path, index + 1]));
  return {
    categoryOf(path) {
      for (let levels = path.length; levels > 0; levels--) {
        const code = codes.get(path.slice(0, levels).join(categorySeparator));
        if (code !== undefined) return code;
      }
      return 0;
    },
    priceOf: priceMinor =>
      Number.isNaN(priceMinor) ? 0 : (Math.log1p(Math.max(priceMinor, 0)) - priceMean) / priceDeviation,
  };
}

/** Least deviation of log prices, so that almost equal prices stay near 0. */
const minDeviation = 0.1;

function countPaths(counts: Map<string, number>, { categoryPath }: ProductDocument, events: number): void {
  for (let levels = 1; levels <= categoryPath.length; levels++) {
    const path = categoryPath.slice(0, levels).join(categorySeparator);
    counts.set(path, (counts.get(path) ?? 0) + events);
  }
}

/**
 * Returns the actions of all events, the categories with most events up to an instant, and the scale of prices. Categories of
 * all levels count: upper ones come first, because they have more events.
 *
 * @param until - milliseconds since the epoch, inclusive
 * @param maxCategories - most categories, not counting 0 for all others
 */
export function actionVocabularyOf(
  snapshot: Snapshot,
  until: number,
  maxCategories: number,
): ActionVocabulary {
  const { events, documents = [], products } = snapshot;
  const eventsOf = new Float64Array(products.size);
  for (let event = 0; event < events.length; event++) {
    if (events.occurredAt[event] <= until) eventsOf[events.productRow[event]]++;
  }
  const counts = new Map<string, number>();
  let [total, sum, squares] = [0, 0, 0];
  for (const [row, document] of documents.entries()) {
    if (document === null || eventsOf[row] === 0) continue;
    countPaths(counts, document, eventsOf[row]);
    if (Number.isNaN(document.priceMinor)) continue;
    const log = Math.log1p(Math.max(document.priceMinor, 0));
    total += eventsOf[row];
    sum += eventsOf[row] * log;
    squares += eventsOf[row] * log * log;
  }
  const mean = total > 0 ? sum / total : 0;
  const variance = total > 0 ? Math.max(0, squares / total - mean * mean) : 1;
  const common = [...counts].sort((a, b) => b[1] - a[1] || byCodeUnits(a[0], b[0])).slice(0, maxCategories);
  return {
    actions: actionsOf(events),
    categories: common.map(([path]) => path),
    priceMean: mean,
    priceDeviation: Math.max(minDeviation, Math.sqrt(variance)),
  };
}
