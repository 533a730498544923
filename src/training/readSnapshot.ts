import type { ShopId } from '../domain/ids';
import { pricedIn } from '../domain/product';
import { defaultShopPolicy } from '../domain/shopPolicy';
import { createSnapshotBuilder } from '../snapshot/builder';
import { documentOf } from '../snapshot/documents';
import { defaultShopperBounds } from '../snapshot/shopperBounds';
import type { Snapshot } from '../snapshot/snapshot';
import type { Stores } from '../store/ports/stores';
import { throwIfCancelled } from './cancelled';

/** The parts of the store that a snapshot is read from. */
export type SnapshotStores = Pick<Stores, 'shops' | 'interactions' | 'products' | 'social'> & {
  readonly users: Pick<Stores['users'], 'withholding'>;
};

/**
 * Reads the events and texts of a shop's shoppers up to an instant, the descriptions of its products, and the event
 * weights of its policy. Active products have a row also without any event; inactive ones only where an event names
 * them. `asOf` is the last event's instant, not the clock's, so the same events and texts give the same digest whenever
 * they are read; texts written after it are left out until the next event.
 *
 * Shoppers who withdrew ANALYTICS are left out. Of every other shopper the latest events count, up to
 * {@link defaultShopperBounds}.
 *
 * @param until - milliseconds since the epoch
 * @throws {GatewayError} CANCELLED, UNAVAILABLE
 */
export async function readSnapshot(
  { shops, users, interactions, products, social }: SnapshotStores,
  shopId: ShopId,
  until: number,
  signal: AbortSignal,
): Promise<Snapshot> {
  const shop = await shops.find(shopId);
  const { eventWeights } = shop?.policy ?? defaultShopPolicy;
  const currency = shop?.currency ?? '';
  const builder = createSnapshotBuilder({
    asOf: until,
    endsAtLastEvent: true,
    eventWeights,
    bounds: defaultShopperBounds,
    withheld: await users.withholding(shopId, 'ANALYTICS'),
  });
  for await (const batch of interactions.scan(shopId, until)) {
    throwIfCancelled(signal);
    builder.add(batch);
  }
  for await (const batch of social.scanTexts(shopId, until)) {
    throwIfCancelled(signal);
    for (const { body, ...text } of batch) builder.addText({ ...text, text: body });
  }
  for await (const batch of products.changedSince(shopId, 0)) {
    throwIfCancelled(signal);
    for (const product of batch) {
      const isWanted = product.isActive || builder.hasEvents(product.id);
      if (isWanted && !product.isStub) builder.describe(product.id, documentOf(pricedIn(product, currency)));
    }
  }
  return await builder.build();
}
