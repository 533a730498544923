import { createRng } from '../../src/numeric/rng';
import { createSnapshotBuilder } from '../../src/snapshot/builder';
import type { ProductDocument, Snapshot } from '../../src/snapshot/snapshot';
import { batchOf, type TestEvent } from './snapshots';

/** The description of a product of which only the category is known. */
const inCategory = (...categoryPath: readonly string[]): ProductDocument => ({
  titles: [],
  descriptions: [],
  categoryPath,
  features: [],
  priceMinor: Number.NaN,
});

/** A snapshot of events and of the categories of products. */
export function describedSnapshot(
  events: readonly TestEvent[],
  categories: Readonly<Record<string, readonly string[]>>,
): Promise<Snapshot> {
  const builder = createSnapshotBuilder({ asOf: Number.MAX_SAFE_INTEGER });
  for (const [product, path] of Object.entries(categories)) builder.describe(product, inCategory(...path));
  builder.add(batchOf(events));
  return builder.build();
}

const hour = 3_600_000;

/**
 * A shop in which products say little and categories much: each shopper stays in one of 20 categories of 60 products and views
 * eight products of it.
 *
 * @param isShortLived - whether products are offered one after the other, so that those that are viewed next are new
 */
export function sparseShop(isShortLived: boolean, shoppers = 200): Promise<Snapshot> {
  const rng = createRng(1);
  const events: TestEvent[] = [];
  const categories = new Map<string, readonly string[]>();
  for (let category = 0; category < 20; category++)
    for (let product = 0; product < 60; product++)
      categories.set(`p${category}-${product}`, ['all', `c${category}`]);
  for (let user = 0; user < shoppers; user++) {
    const category = user % 20;
    for (let step = 0; step < 8; step++) {
      // Where products stay, the first ones of a category are the popular ones; the others are replaced every 14 hours.
      const popular = Math.floor(60 * rng.uniform() ** 3);
      const at = step * 100 * hour + rng.int(100 * hour);
      const product = isShortLived ? Math.floor((56 * at) / (800 * hour)) : popular;
      events.push({ user: `u${user}`, product: `p${category}-${product}`, at });
    }
  }
  return describedSnapshot(events, Object.fromEntries(categories));
}
