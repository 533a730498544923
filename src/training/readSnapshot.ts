import type { ShopId } from '../domain/ids';
import { createSnapshotBuilder } from '../snapshot/builder';
import { digestOf } from '../snapshot/digest';
import type { Snapshot } from '../snapshot/snapshot';
import type { InteractionStore } from '../store/ports';
import { throwIfCancelled } from './cancelled';

/**
 * Everything a shop's shoppers did up to an instant. `asOf` is the last event's instant, not the clock's, so that the
 * same events give the same digest whenever they are read.
 *
 * @param until - milliseconds since the epoch
 * @throws {GatewayError} CANCELLED, UNAVAILABLE
 */
export async function readSnapshot(
  interactions: InteractionStore,
  shopId: ShopId,
  until: number,
  signal: AbortSignal,
): Promise<Snapshot> {
  const builder = createSnapshotBuilder({ asOf: until });
  for await (const batch of interactions.scan(shopId, until)) {
    throwIfCancelled(signal);
    builder.add(batch);
  }
  const snapshot = await builder.build();
  const { users, products, events, userOffsets } = snapshot;
  const asOf = events.occurredAt.reduce((latest, at) => Math.max(latest, at), 0);
  const digest = await digestOf(asOf, { users, products }, events, userOffsets as Uint32Array<ArrayBuffer>);
  return Object.freeze({ ...snapshot, asOf, digest });
}
