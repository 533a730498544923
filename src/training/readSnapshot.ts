import type { ShopId } from '../domain/ids';
import { createSnapshotBuilder } from '../snapshot/builder';
import { digestOf } from '../snapshot/digest';
import { documentOf } from '../snapshot/documents';
import type { Snapshot } from '../snapshot/snapshot';
import type { Stores } from '../store/ports';
import { throwIfCancelled } from './cancelled';

/** The snapshot with the last event's instant as its end; 0 without any. */
async function endingAtLastEvent(snapshot: Snapshot): Promise<Snapshot> {
  const { users, products, events, userOffsets, documents } = snapshot;
  const asOf = events.occurredAt.reduce((latest, at) => Math.max(latest, at), 0);
  const digest = await digestOf(asOf, { users, products }, events, userOffsets, documents);
  return Object.freeze({ ...snapshot, asOf, digest });
}

/**
 * Everything a shop's shoppers did up to an instant, and what the shop says of its products. Products that may be
 * listed have a row from their first minute, also without any event; those taken out of the lists only where somebody
 * met them. `asOf` is the last event's instant, not the clock's, so that the same events and texts give the same digest
 * whenever they are read.
 *
 * @param until - milliseconds since the epoch
 * @throws {GatewayError} CANCELLED, UNAVAILABLE
 */
export async function readSnapshot(
  { interactions, products }: Pick<Stores, 'interactions' | 'products'>,
  shopId: ShopId,
  until: number,
  signal: AbortSignal,
): Promise<Snapshot> {
  const builder = createSnapshotBuilder({ asOf: until });
  for await (const batch of interactions.scan(shopId, until)) {
    throwIfCancelled(signal);
    builder.add(batch);
  }
  for await (const batch of products.changedSince(shopId, 0)) {
    throwIfCancelled(signal);
    for (const product of batch) {
      const isWanted = product.isActive || builder.hasEvents(product.id);
      if (isWanted && !product.isStub) builder.describe(product.id, documentOf(product));
    }
  }
  return await endingAtLastEvent(await builder.build());
}
