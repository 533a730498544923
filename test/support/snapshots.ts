import { type InteractionType, interactionCodes } from '../../src/domain/interaction';
import { defaultEventWeights, type EventWeights } from '../../src/domain/shopPolicy';
import { createSnapshotBuilder, type InteractionBatch } from '../../src/snapshot/builder';
import type { Snapshot } from '../../src/snapshot/snapshot';

/** One event; only `user` and `product` are required. */
export interface TestEvent {
  readonly user: string;
  /** Null for a search. */
  readonly product: string | null;
  /** Milliseconds since the epoch. 0 when left out. */
  readonly at?: number;
  /** VIEW when left out. */
  readonly type?: InteractionType;
  readonly value?: number;
  readonly session?: string;
}

/** Events as a batch of columns. */
export const batchOf = (events: readonly TestEvent[]): InteractionBatch => ({
  length: events.length,
  userIds: events.map(event => event.user),
  productIds: events.map(event => event.product),
  types: Uint8Array.from(events, event => interactionCodes[event.type ?? 'VIEW']),
  values: Float64Array.from(events, event => event.value ?? Number.NaN),
  sessionIds: events.map(event => event.session ?? null),
  occurredAt: Float64Array.from(events, event => event.at ?? 0),
});

/** A snapshot of some events. */
export function snapshotOf(
  events: readonly TestEvent[],
  asOf = Number.MAX_SAFE_INTEGER,
  eventWeights: EventWeights = defaultEventWeights,
): Promise<Snapshot> {
  const builder = createSnapshotBuilder({ asOf, eventWeights });
  builder.add(batchOf(events));
  return builder.build();
}
