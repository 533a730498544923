import { GatewayError } from '../../domain/errors';
import type { ShopId, UserId } from '../../domain/ids';
import type { EventWeights } from '../../domain/shopPolicy';
import type { WrittenText } from '../../domain/social';
import type { Stores } from '../../store/ports/stores';
import { createBatchRead } from '../live/batchRead';
import { timedOut, withDeadline } from '../live/deadline';
import { createShopperReader, type ShopperReaderOptions } from '../live/shopper';
import { type InterestEvents, interestEventsOf } from './interestEvents';

/** A shopper's events and texts, or the reason why they are not available. */
export type InterestReading =
  | ({ readonly kind: 'known' } & InterestEvents)
  | { readonly kind: 'withheld' }
  | { readonly kind: 'deactivated' }
  | { readonly kind: 'unavailable' };

/** Reads shoppers of one shop. */
export type InterestReader = (userId: UserId) => Promise<InterestReading>;

/** Options of {@link createInterestReader}. */
export interface InterestReaderOptions extends ShopperReaderOptions {
  readonly stores: Pick<Stores, 'users' | 'interactions' | 'social'>;
  readonly shopId: ShopId;
  /** Returns the shop's weights as they are now. @throws {GatewayError} UNAVAILABLE */
  readonly eventWeights: () => Promise<EventWeights>;
}

/** Returns a reader of the latest posts and comments; it returns none after the timeout, because events matter most. */
function createTextReader({ stores, shopId, historyEvents, historyTimeoutMs }: InterestReaderOptions) {
  const textsOf = createBatchRead<UserId, readonly WrittenText[]>({
    read: ids => stores.social.recentTextsOf(shopId, ids, historyEvents),
    absent: [],
  });
  return async (userId: UserId): Promise<readonly WrittenText[]> => {
    try {
      const texts = await withDeadline(textsOf(userId), historyTimeoutMs);
      return texts === timedOut ? [] : texts;
    } catch (error) {
      if (error instanceof GatewayError && error.code === 'UNAVAILABLE') return [];
      throw error;
    }
  };
}

/** Creates a reader like {@link createShopperReader}, with searches, posts and comments. Reads nothing without consent. */
export function createInterestReader(options: InterestReaderOptions): InterestReader {
  const { users, interactions } = options.stores;
  const readShopper = createShopperReader({
    ...options,
    stores: {
      users,
      interactions: {
        recentOf: (shopId, ids, limit) => interactions.recentWithSearchesOf(shopId, ids, limit),
      },
    },
  });
  const readTexts = createTextReader(options);
  return async userId => {
    const reading = await readShopper(userId);
    if (reading.kind !== 'known') return reading;
    const [texts, weights] = await Promise.all([readTexts(userId), options.eventWeights()]);
    return { kind: 'known', ...interestEventsOf(reading.events, texts, weights) };
  };
}
