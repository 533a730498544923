import { type DemoShop, generateDemoShop } from '../../../demo/demoShop';
import { interactionCodes } from '../../../domain/interaction';
import type { TaggedData } from '../../../evaluation/files/taggedFile';
import { createSnapshotBuilder } from '../../../snapshot/builder';
import { documentOf } from '../../../snapshot/documents';
import type { Snapshot } from '../../../snapshot/snapshot';

/** The year of the demo shop ends here, so that its figures do not depend on the current date. */
const end = Date.UTC(2026, 0, 15);

const demoShop = (scale: number, seed: number): DemoShop => generateDemoShop({ seed, scale, now: end });

function snapshotOf(shop: DemoShop): Promise<Snapshot> {
  const builder = createSnapshotBuilder({ asOf: end, endsAtLastEvent: true });
  for (const product of shop.products) builder.describe(product.id, documentOf(product));
  for (const events of shop.events()) {
    builder.add({
      length: events.length,
      userIds: events.map(event => event.userId),
      productIds: events.map(event => event.productId),
      types: Uint8Array.from(events, event => interactionCodes[event.type]),
      values: Float64Array.from(events, event => event.value ?? Number.NaN),
      sessionIds: events.map(event => event.sessionId),
      queryTexts: events.map(event => event.queryText),
      occurredAt: Float64Array.from(events, event => event.occurredAt),
    });
  }
  return builder.build();
}

/** Makes the demo shop in memory and returns the snapshot that a gateway would read. */
export const demoSnapshot = (scale: number, seed: number): Promise<Snapshot> =>
  snapshotOf(demoShop(scale, seed));

/** The products of the demo shop, and the taste that each was made for, which no model sees. */
export async function demoTaggedData(scale: number, seed: number): Promise<TaggedData> {
  const shop = demoShop(scale, seed);
  const snapshot = await snapshotOf(shop);
  const tasteOf = new Map<string, number>();
  for (const [id, { tastes }] of shop.groundTruth.products)
    tasteOf.set(id, tastes.indexOf(Math.max(...tastes)));
  return {
    snapshot,
    categories: Int32Array.from(
      { length: snapshot.products.size },
      (_, row) => tasteOf.get(snapshot.products.idOf(row)) ?? -1,
    ),
    categoryNames: shop.groundTruth.tastes.map(({ name }) => name.en),
  };
}
