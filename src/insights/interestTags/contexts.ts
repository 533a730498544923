import type { Snapshot } from '../../snapshot/snapshot';
import type { Prepared } from './learn';

/** Most products, or shoppers, that are read. */
const maxRead = 20_000;

/** Returns the terms of everything that each shopper had an event with, for some of the shoppers. */
function termsOfShoppers(
  { events, userOffsets, users }: Snapshot,
  termsOf: (product: number) => readonly string[],
): readonly ReadonlySet<string>[] {
  const step = Math.ceil(users.size / maxRead);
  const contexts: ReadonlySet<string>[] = [];
  for (let user = 0; user < users.size; user += step) {
    const own = new Set<string>();
    const products = new Set(events.productRow.subarray(userOffsets[user], userOffsets[user + 1]));
    for (const product of products) for (const term of termsOf(product)) own.add(term);
    if (own.size > 0) contexts.push(own);
  }
  return contexts;
}

/**
 * Returns the contexts in which terms may occur together: the texts of products, or, where products have fewer than twice
 * as many different terms as are measured, the products of one shopper. A title of five words cannot hold ten terms of a
 * tag: bauble and wreath are in no title together, but in many orders.
 *
 * @param measured - number of terms per tag whose coherence is measured
 */
export function contextsOf(
  snapshot: Snapshot,
  { reading: { products, vocabulary, rowOf } }: Pick<Prepared, 'reading'>,
  measured: number,
): readonly ReadonlySet<string>[] {
  const step = Math.max(1, Math.ceil(products.length / maxRead));
  const known = new Map<number, readonly string[]>();
  const termsOf = (product: number): readonly string[] => {
    const found =
      known.get(product) ??
      [...new Set(products[product])].filter(term => rowOf[term] >= 0).map(term => vocabulary[term]);
    known.set(product, found);
    return found;
  };
  const texts: ReadonlySet<string>[] = [];
  let terms = 0;
  for (let row = 0; row < products.length; row += step) {
    const own = new Set(termsOf(row));
    terms += own.size;
    if (own.size > 0) texts.push(own);
  }
  const areShort = terms < 2 * measured * texts.length;
  const ofShoppers = areShort && snapshot.events.length > 0 ? termsOfShoppers(snapshot, termsOf) : [];
  return ofShoppers.length > 0 ? ofShoppers : texts;
}
