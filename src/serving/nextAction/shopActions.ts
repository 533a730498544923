import type { ProductId, ShopId, UserId } from '../../domain/ids';
import type { Interaction } from '../../domain/interaction';
import type { Product } from '../../domain/product';
import type { DegradedReason } from '../../domain/recommendation';
import type { NextActionReading, ShopperForecast } from '../../insights/nextAction/reading';
import { compareEvents } from '../../snapshot/eventOrder';
import type { Stores } from '../../store/ports/stores';
import type { LiveInsight } from '../live/liveInsights';
import { createShopperReader, type ShopperReader } from '../live/shopper';
import { type ActionStates, createActionStates, tailLength } from './actionStates';
import { createInOrder } from './inOrder';

/** A shopper's latest event and what comes after it. */
export interface FollowedStep {
  readonly last: Interaction;
  readonly forecast: ShopperForecast;
}

/** The states of one shop's shoppers. */
export interface ShopActions {
  /**
   * Takes what the shopper did since the last call. Returns what comes next, or why there is no forecast.
   *
   * @throws {GatewayError} UNAVAILABLE when products cannot be read
   */
  follow(userId: UserId, live: LiveInsight<NextActionReading>): Promise<FollowedStep | DegradedReason>;
  /** Drops a shopper's state; all states without an id. A call of `follow` that has already read events reads again. */
  forget(userId?: UserId): void;
  /** Drops states that were not used for a while. */
  sweep(): void;
  /** Shoppers with a state. */
  readonly size: number;
}

/** Options of {@link createShopActions}. */
export interface ShopActionsOptions {
  readonly stores: Pick<Stores, 'users' | 'interactions'>;
  readonly shopId: ShopId;
  readonly products: (shopId: ShopId, ids: readonly ProductId[]) => Promise<ReadonlyMap<ProductId, Product>>;
  /** Latest events that a state is opened with, at least {@link tailLength}. */
  readonly historyEvents: number;
  /** Longest wait for consent and events, milliseconds. */
  readonly historyTimeoutMs: number;
  /** Shoppers with a state; the least recently used is dropped first. */
  readonly liveStates: number;
}

/** Events in the order of a snapshot, or why they were not read. */
type Read = { readonly events: readonly Interaction[] } | DegradedReason;

const reasons = { withheld: 'CONSENT_WITHHELD', unavailable: 'HISTORY_UNAVAILABLE' } as const;

/** Creates a reader of a shopper's latest events, including searches. */
function createEventReader(
  { stores: { users, interactions }, shopId, historyTimeoutMs }: ShopActionsOptions,
  historyEvents: number,
): (userId: UserId) => Promise<Read> {
  const read: ShopperReader = createShopperReader({
    stores: {
      users,
      interactions: { recentOf: (shop, ids, limit) => interactions.recentWithSearchesOf(shop, ids, limit) },
    },
    ...{ shopId, historyEvents, historyTimeoutMs },
  });
  return async userId => {
    const reading = await read(userId);
    return reading.kind === 'known'
      ? { events: reading.events.toSorted(compareEvents) }
      : reasons[reading.kind];
  };
}

const productsIn = (events: readonly Interaction[]): readonly ProductId[] => [
  ...new Set(events.flatMap(({ productId }) => productId ?? [])),
];

const noProducts: ReadonlyMap<ProductId, Product> = new Map();

/** Creates the empty states of a shop. They belong to one artifact and are dropped with it. */
export function createShopActions(options: ShopActionsOptions): ShopActions {
  const { shopId, products, historyEvents, liveStates } = options;
  const inOrder = createInOrder<UserId>();
  const readLatest = createEventReader(options, tailLength);
  const readHistory = createEventReader(options, historyEvents);
  let serving: { readonly artifactId: string; readonly states: ActionStates } | null = null;
  let forgotten = 0;

  function statesOf({ record, reading }: LiveInsight<NextActionReading>): ActionStates {
    if (serving?.artifactId !== record.id) {
      const states = createActionStates(reading, liveStates);
      serving = { artifactId: record.id, states };
    }
    return serving.states;
  }

  /** Brings the shopper's state up to their latest event, and returns that event. */
  async function catchUp(userId: UserId, states: ActionStates): Promise<Interaction | DegradedReason> {
    const latest = await readLatest(userId);
    if (typeof latest === 'string') return latest;
    const missing = states.missingOf(userId, latest.events);
    const isWhole = latest.events.length < tailLength;
    const taken = missing !== null || isWhole ? latest : await readHistory(userId);
    if (typeof taken === 'string') return taken;
    const events = missing ?? taken.events;
    const ids = productsIn(events);
    const known = ids.length > 0 ? await products(shopId, ids) : noProducts;
    if (missing === null) states.open(userId, events, known);
    else states.advance(userId, events, known);
    return taken.events.at(-1) ?? 'COLD_START';
  }

  async function tryFollow(userId: UserId, live: LiveInsight<NextActionReading>) {
    const states = statesOf(live);
    const last = await catchUp(userId, states);
    if (typeof last === 'string') {
      states.forget(userId);
      return last;
    }
    const forecast = states.forecast(userId);
    return forecast === null ? 'COLD_START' : { last, forecast };
  }

  return {
    follow: (userId, live) =>
      inOrder(userId, async () => {
        for (;;) {
          const before = forgotten;
          const followed = await tryFollow(userId, live);
          if (before === forgotten) return followed;
          // A shopper was forgotten meanwhile, perhaps this one: the events read before must not be used.
          serving?.states.forget(userId);
        }
      }),
    forget(userId) {
      forgotten++;
      if (userId === undefined) serving?.states.clear();
      else serving?.states.forget(userId);
    },
    sweep: () => serving?.states.sweep(),
    get size() {
      return serving?.states.size ?? 0;
    },
  };
}
