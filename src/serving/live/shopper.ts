import { GatewayError } from '../../domain/errors';
import type { ShopId, UserId } from '../../domain/ids';
import type { Interaction } from '../../domain/interaction';
import type { ShopperRights } from '../../domain/user';
import type { Stores } from '../../store/ports/stores';
import { type BatchRead, createBatchRead } from './batchRead';
import { timedOut, withDeadline } from './deadline';

/** A shopper's events, or the reason why they are not used. */
export type ShopperReading =
  | {
      readonly kind: 'known';
      /** Newest first. */
      readonly events: readonly Interaction[];
      /**
       * Instant of an order of which only some events were read, because the limit cut it. Which ones depends on event ids, so
       * they say nothing about the shopper's taste.
       */
      readonly partialAt?: number;
    }
  | { readonly kind: 'withheld' }
  | { readonly kind: 'deactivated' }
  | { readonly kind: 'unavailable' };

/** Reads shoppers of one shop. */
export type ShopperReader = (userId: UserId) => Promise<ShopperReading>;

/** Options of {@link createShopperReader}. */
export interface ShopperReaderOptions {
  readonly stores: {
    readonly users: Pick<Stores['users'], 'rightsOf'>;
    readonly interactions: Pick<Stores['interactions'], 'recentOf'>;
  };
  readonly shopId: ShopId;
  readonly historyEvents: number;
  readonly historyTimeoutMs: number;
}

const unrestricted: ShopperRights = { deactivatedAt: null, withheld: [] };

/** Returns the instant of the oldest event when the limit may have cut its order, and a newer order was read whole. */
function partialInstant(events: readonly Interaction[], limit: number): number | undefined {
  const oldest = events.at(-1)?.occurredAt;
  return events.length < limit || oldest === events.at(0)?.occurredAt ? undefined : oldest;
}

async function readAllowed(
  userId: UserId,
  rightsOf: BatchRead<UserId, ShopperRights>,
  eventsOf: BatchRead<UserId, readonly Interaction[]>,
  limit: number,
): Promise<ShopperReading> {
  // One after the other on purpose: without consent the history is not read at all.
  const rights = await rightsOf(userId);
  if (rights.deactivatedAt !== null) return { kind: 'deactivated' };
  if (rights.withheld.includes('PERSONALIZATION')) return { kind: 'withheld' };
  const events = await eventsOf(userId);
  const partialAt = partialInstant(events, limit);
  return { kind: 'known', events, ...(partialAt !== undefined && { partialAt }) };
}

/**
 * Creates a reader of a shopper's rights and then latest events, both within one timeout. After the timeout, or without a
 * database, the result is `unavailable`: the list is made without them and gives that reason. Any other failure is a bug and
 * rejects.
 */
export function createShopperReader(options: ShopperReaderOptions): ShopperReader {
  const { stores, shopId, historyEvents, historyTimeoutMs } = options;
  const rightsOf = createBatchRead<UserId, ShopperRights>({
    read: ids => stores.users.rightsOf(shopId, ids),
    absent: unrestricted,
  });
  const eventsOf = createBatchRead<UserId, readonly Interaction[]>({
    read: ids => stores.interactions.recentOf(shopId, ids, historyEvents),
    absent: [],
  });
  return async userId => {
    try {
      const allowed = readAllowed(userId, rightsOf, eventsOf, historyEvents);
      const reading = await withDeadline(allowed, historyTimeoutMs);
      return reading === timedOut ? { kind: 'unavailable' } : reading;
    } catch (error) {
      if (error instanceof GatewayError && error.code === 'UNAVAILABLE') return { kind: 'unavailable' };
      throw error;
    }
  };
}
