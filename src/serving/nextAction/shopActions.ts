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

type EventReader = (userId: UserId) => Promise<Read>;

const reasons = {
  withheld: 'CONSENT_WITHHELD',
  deactivated: 'USER_DEACTIVATED',
  unavailable: 'HISTORY_UNAVAILABLE',
} as const;

/** Creates a reader of a shopper's latest events, including searches. */
function createEventReader(
  { stores: { users, interactions }, shopId, historyTimeoutMs }: ShopActionsOptions,
  historyEvents: number,
): EventReader {
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

/** Events are read for one shopper at a time; calls for other shoppers do not wait. */
class ShopActionStates implements ShopActions {
  readonly #inOrder = createInOrder<UserId>();
  readonly #readLatest: EventReader;
  readonly #readHistory: EventReader;
  #serving: { readonly artifactId: string; readonly states: ActionStates } | null = null;
  /** Number of calls of {@link forget}. */
  #forgotten = 0;

  constructor(private readonly options: ShopActionsOptions) {
    this.#readLatest = createEventReader(options, tailLength);
    this.#readHistory = createEventReader(options, options.historyEvents);
  }

  get size(): number {
    return this.#serving?.states.size ?? 0;
  }

  follow(userId: UserId, live: LiveInsight<NextActionReading>): Promise<FollowedStep | DegradedReason> {
    return this.#inOrder(userId, async () => {
      for (;;) {
        const before = this.#forgotten;
        const followed = await this.#tryFollow(userId, live);
        if (before === this.#forgotten) return followed;
        // A shopper was forgotten meanwhile, perhaps this one: the events read before must not be used.
        this.#serving?.states.forget(userId);
      }
    });
  }

  forget(userId?: UserId): void {
    this.#forgotten++;
    if (userId === undefined) this.#serving?.states.clear();
    else this.#serving?.states.forget(userId);
  }

  sweep(): void {
    this.#serving?.states.sweep();
  }

  #statesOf({ record, reading }: LiveInsight<NextActionReading>): ActionStates {
    if (this.#serving?.artifactId !== record.id) {
      const states = createActionStates(reading, this.options.liveStates);
      this.#serving = { artifactId: record.id, states };
    }
    return this.#serving.states;
  }

  async #tryFollow(
    userId: UserId,
    live: LiveInsight<NextActionReading>,
  ): Promise<FollowedStep | DegradedReason> {
    const states = this.#statesOf(live);
    const last = await this.#catchUp(userId, states);
    if (typeof last === 'string') {
      states.forget(userId);
      return last;
    }
    const forecast = states.forecast(userId);
    return forecast === null ? 'COLD_START' : { last, forecast };
  }

  /** Brings the shopper's state up to their latest event, and returns that event. */
  async #catchUp(userId: UserId, states: ActionStates): Promise<Interaction | DegradedReason> {
    const { products, shopId } = this.options;
    const latest = await this.#readLatest(userId);
    if (typeof latest === 'string') return latest;
    const missing = states.missingOf(userId, latest.events);
    const isWhole = latest.events.length < tailLength;
    const taken = missing !== null || isWhole ? latest : await this.#readHistory(userId);
    if (typeof taken === 'string') return taken;
    const events = missing ?? taken.events;
    const ids = productsIn(events);
    const known = ids.length > 0 ? await products(shopId, ids) : noProducts;
    if (missing === null) states.open(userId, events, known);
    else states.advance(userId, events, known);
    return taken.events.at(-1) ?? 'COLD_START';
  }
}

/** Creates the empty states of a shop. They belong to one artifact and are dropped with it. */
export const createShopActions = (options: ShopActionsOptions): ShopActions => new ShopActionStates(options);
