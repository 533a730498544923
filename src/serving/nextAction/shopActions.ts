import type { ProductId, ShopId, UserId } from '../../domain/ids';
import type { Interaction } from '../../domain/interaction';
import type { Product } from '../../domain/product';
import type { DegradedReason } from '../../domain/recommendation';
import type { Forecast } from '../../insights/nextAction/forecaster';
import type { NextActionReader } from '../../insights/nextAction/load';
import type { Stores } from '../../store/ports/stores';
import type { LiveInsight } from '../live/liveInsights';
import { createShopperReader, type ShopperReader } from '../live/shopper';
import { type ActionStates, createActionStates, tailLength } from './actionStates';
import { createInOrder } from './inOrder';
import { compareAsInSnapshot } from './shopperSteps';

/** What comes after a shopper's latest event. */
export interface FollowedStep {
  readonly last: Interaction;
  readonly forecast: Forecast;
}

/** The shoppers of one shop as its forecaster remembers them. */
export interface ShopActions {
  /**
   * Takes what the shopper did since they were followed last, and says what comes next; or why nothing is said.
   *
   * @throws {GatewayError} UNAVAILABLE when products cannot be read
   */
  follow(userId: UserId, live: LiveInsight<NextActionReader>): Promise<FollowedStep | DegradedReason>;
  /** Forgets a shopper; everybody when nobody is named. What was read before is not remembered after. */
  forget(userId?: UserId): void;
  /** Forgets shoppers who have not come for a while. */
  sweep(): void;
  /** Shoppers remembered. */
  readonly size: number;
}

/** What it needs. */
export interface ShopActionsOptions {
  readonly stores: Pick<Stores, 'users' | 'interactions'>;
  readonly shopId: ShopId;
  readonly products: (shopId: ShopId, ids: readonly ProductId[]) => Promise<ReadonlyMap<ProductId, Product>>;
  /** Latest events that a state is opened with, at least {@link tailLength}. */
  readonly historyEvents: number;
  /** Longest wait for consent and events, milliseconds. */
  readonly historyTimeoutMs: number;
  /** Shoppers remembered; the least recently used goes first. */
  readonly liveStates: number;
}

/** Events as they are read, in the order of a snapshot. */
type Read = { readonly events: readonly Interaction[] } | DegradedReason;

const reasons = { withheld: 'CONSENT_WITHHELD', unavailable: 'HISTORY_UNAVAILABLE' } as const;

/** A reader of a shopper's latest events, searches among them. */
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
      ? { events: reading.events.toSorted(compareAsInSnapshot) }
      : reasons[reading.kind];
  };
}

const productsIn = (events: readonly Interaction[]): readonly ProductId[] => [
  ...new Set(events.flatMap(({ productId }) => productId ?? [])),
];

const noProducts: ReadonlyMap<ProductId, Product> = new Map();

/** Nothing is remembered yet. States are of one artifact, and go with it. */
export function createShopActions(options: ShopActionsOptions): ShopActions {
  const { shopId, products, historyEvents, liveStates } = options;
  const inOrder = createInOrder<UserId>();
  const readLatest = createEventReader(options, tailLength);
  const readHistory = createEventReader(options, historyEvents);
  let serving: { readonly artifactId: string; readonly states: ActionStates } | null = null;
  let forgotten = 0;

  function statesOf({ record, reading }: LiveInsight<NextActionReader>): ActionStates {
    if (serving?.artifactId !== record.id) {
      const states = createActionStates(reading, liveStates);
      serving = { artifactId: record.id, states };
    }
    return serving.states;
  }

  /** Brings the shopper's state to their latest event; answers that event. */
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

  async function tryFollow(userId: UserId, live: LiveInsight<NextActionReader>) {
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
          // Somebody was forgotten meanwhile, maybe this shopper: what was read before is worth nothing now.
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
