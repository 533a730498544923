import { GatewayError } from '../../domain/errors';
import type { ShopId, UserId } from '../../domain/ids';
import type { Interaction } from '../../domain/interaction';
import type { Consent } from '../../domain/user';
import type { Stores } from '../../store/ports/stores';
import { type BatchRead, createBatchRead } from './batchRead';
import { timedOut, withDeadline } from './deadline';

/** A shopper's events, or the reason why they are not used. */
export type ShopperReading =
  | { readonly kind: 'known'; readonly events: readonly Interaction[] }
  | { readonly kind: 'withheld' }
  | { readonly kind: 'unavailable' };

/** Reads shoppers of one shop. */
export type ShopperReader = (userId: UserId) => Promise<ShopperReading>;

/** Options of {@link createShopperReader}. */
export interface ShopperReaderOptions {
  readonly stores: {
    readonly users: Pick<Stores['users'], 'consentsOf'>;
    readonly interactions: Pick<Stores['interactions'], 'recentOf'>;
  };
  readonly shopId: ShopId;
  readonly historyEvents: number;
  readonly historyTimeoutMs: number;
}

const isWithdrawn = (consents: readonly Consent[]): boolean =>
  consents.some(consent => consent.purpose === 'PERSONALIZATION' && !consent.granted);

async function readAllowed(
  userId: UserId,
  consentsOf: BatchRead<UserId, readonly Consent[]>,
  eventsOf: BatchRead<UserId, readonly Interaction[]>,
): Promise<ShopperReading> {
  // One after the other on purpose: without consent the history is not read at all.
  if (isWithdrawn(await consentsOf(userId))) return { kind: 'withheld' };
  return { kind: 'known', events: await eventsOf(userId) };
}

/**
 * Creates a reader of a shopper's consent and then latest events, both within one timeout. After the timeout, or without a
 * database, the result is `unavailable`: the list is made without them and gives that reason. Any other failure is a bug and
 * rejects.
 */
export function createShopperReader(options: ShopperReaderOptions): ShopperReader {
  const { stores, shopId, historyEvents, historyTimeoutMs } = options;
  const consentsOf = createBatchRead<UserId, readonly Consent[]>({
    read: ids => stores.users.consentsOf(shopId, ids),
    absent: [],
  });
  const eventsOf = createBatchRead<UserId, readonly Interaction[]>({
    read: ids => stores.interactions.recentOf(shopId, ids, historyEvents),
    absent: [],
  });
  return async userId => {
    try {
      const reading = await withDeadline(readAllowed(userId, consentsOf, eventsOf), historyTimeoutMs);
      return reading === timedOut ? { kind: 'unavailable' } : reading;
    } catch (error) {
      if (error instanceof GatewayError && error.code === 'UNAVAILABLE') return { kind: 'unavailable' };
      throw error;
    }
  };
}
