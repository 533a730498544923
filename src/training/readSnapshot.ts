import type { ShopId } from '../domain/ids';
import { createSnapshotBuilder } from '../snapshot/builder';
import { documentOf } from '../snapshot/documents';
import type { Snapshot } from '../snapshot/snapshot';
import type { Stores } from '../store/ports/stores';
import { throwIfCancelled } from './cancelled';

/** Where a snapshot is read from. */
export type SnapshotStores = Pick<Stores, 'interactions' | 'products' | 'social'>;

/**
 * Everything a shop's shoppers did and wrote up to an instant, and what the shop says of its products. Products that may
 * be listed have a row from their first minute, also without any event; those taken out of the lists only where
 * somebody met them. `asOf` is the last event's instant, not the clock's, so that the same events and texts give the
 * same digest whenever they are read; what was written after it waits for the next event.
 *
 * @param until - milliseconds since the epoch
 * @throws {GatewayError} CANCELLED, UNAVAILABLE
 */
export async function readSnapshot(
  { interactions, products, social }: SnapshotStores,
  shopId: ShopId,
  until: number,
  signal: AbortSignal,
): Promise<Snapshot> {
  const builder = createSnapshotBuilder({ asOf: until, endsAtLastEvent: true });
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
      if (isWanted && !product.isStub) builder.describe(product.id, documentOf(product));
    }
  }
  return await builder.build();
}
