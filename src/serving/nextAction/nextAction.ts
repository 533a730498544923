import { createHash } from 'node:crypto';
import type { ProductId, ShopId, UserId } from '../../domain/ids';
import { type ActionPrediction, nextActions } from '../../domain/prediction';
import type { Product } from '../../domain/product';
import type { DegradedReason } from '../../domain/recommendation';
import type { ShopPolicy } from '../../domain/shopPolicy';
import { nextAction } from '../../insights/nextAction/insight';
import type { NextActionReader } from '../../insights/nextAction/load';
import { sessionSilenceMs } from '../../insights/nextAction/step';
import { categorySeparator } from '../../insights/nextAction/vocabulary';
import type { Change } from '../../store/ports/change';
import type { Page, PageRequest } from '../../store/ports/page';
import type { Stores } from '../../store/ports/stores';
import type { FindLiveInsight, LiveInsight } from '../live/liveInsights';
import { createWriteBuffer, type WriteBufferCounts } from '../live/writeBuffer';
import { type WeekQuality, weekQualities, weekStart } from './modelQuality';
import { fillOutcomes } from './nextActionOutcomes';
import { createShopActions, type FollowedStep, type ShopActions } from './shopActions';

/** A category that the next event may be of. */
export interface LikelyCategory {
  /** From the root down. */
  readonly path: readonly string[];
  /** Of an event in this session that has a known category, 0-1. */
  readonly probability: number;
}

/** What a shopper will do next. */
export interface NextActionForecast {
  readonly prediction: ActionPrediction;
  /** The likeliest, best first; empty where nothing is known. */
  readonly categories: readonly LikelyCategory[];
  /** Which forecaster made it. */
  readonly servedBy: string;
  /** Whether the session of the latest event may still go on: no half hour has passed since. Only then it is kept. */
  readonly isSessionOpen: boolean;
}

/** A forecast, or why there is none. */
export type NextActionAnswer =
  | { readonly forecast: NextActionForecast; readonly degraded: null }
  | { readonly forecast: null; readonly degraded: DegradedReason };

/** Says what shoppers do next, and keeps what it said. */
export interface NextActions {
  /**
   * From the shopper's latest events, this moment: an event that was tracked counts at once. Read only with their consent.
   *
   * @param now - milliseconds since the epoch
   * @throws {GatewayError} NOT_FOUND, UNAVAILABLE
   */
  predict(shopId: ShopId, userId: UserId, now: number): Promise<NextActionAnswer>;
  /** What was said and is kept of a shopper, by (predictedAt, id) descending. @throws {GatewayError} UNAVAILABLE */
  kept(shopId: ShopId, userId: UserId, request: PageRequest): Promise<Page<ActionPrediction>>;
  /**
   * How good what was said turned out to be, by week and version, over the latest weeks; fills in first what is known by
   * now, a batch at most.
   *
   * @param weeks - this week included, ≥ 1
   * @throws {GatewayError} UNAVAILABLE
   */
  quality(shopId: ShopId, weeks: number, now: number): Promise<readonly WeekQuality[]>;
  /** Listens for whom to forget. @throws {GatewayError} UNAVAILABLE */
  start(): Promise<void>;
  /** Stops listening and writes the predictions that wait. */
  stop(): Promise<void>;
  counts(): NextActionCounts;
}

/** For metrics. */
export interface NextActionCounts {
  /** Shoppers remembered. */
  readonly states: number;
  readonly buffer: WriteBufferCounts;
}

/** Returns the forecaster among the insights that serve. */
export const liveForecasterOf =
  (findLive: FindLiveInsight): NextActionsOptions['liveForecaster'] =>
  shopId =>
    findLive(shopId, nextAction);

/** What it needs. */
export interface NextActionsOptions {
  readonly stores: Pick<Stores, 'users' | 'interactions' | 'predictions' | 'changes'>;
  /** The published forecaster of a shop; null before the first is. */
  readonly liveForecaster: (shopId: ShopId) => Promise<LiveInsight<NextActionReader> | null>;
  /** Returns a shop's settings as they are now. @throws {GatewayError} NOT_FOUND, UNAVAILABLE */
  readonly policyOf: (shopId: ShopId) => Promise<ShopPolicy>;
  readonly products: (shopId: ShopId, ids: readonly ProductId[]) => Promise<ReadonlyMap<ProductId, Product>>;
  /** Told of what goes wrong outside a request. */
  readonly onError: (error: unknown) => void;
  /** What differs from the defaults. */
  readonly config?: Partial<NextActionConfig>;
}

/** Settings. Times in milliseconds. */
export interface NextActionConfig {
  /** Latest events that a state is opened with. */
  readonly historyEvents: number;
  /** Longest wait for consent and events. */
  readonly historyTimeoutMs: number;
  /** Shoppers remembered, of each shop; the least recently used goes first. */
  readonly liveStates: number;
  /** How often shoppers who left are looked for. */
  readonly sweepMs: number;
  readonly flushMs: number;
  readonly batch: number;
  readonly maxPending: number;
}

const defaults: NextActionConfig = {
  historyEvents: 1_000,
  historyTimeoutMs: 500,
  liveStates: 5_000,
  sweepMs: 60_000,
  flushMs: 200,
  batch: 256,
  maxPending: 20_000,
};

const msPerDay = 86_400_000;
const msPerWeek = 7 * msPerDay;

/** The same for the same step and version: a step is kept once, whichever gateway is asked, and however often. */
function predictionId(userId: UserId, eventId: string, version: string): string {
  const key = JSON.stringify([userId, eventId, version]);
  return createHash('sha256').update(key).digest('base64url').slice(0, 22);
}

/** Days that predictions are kept: as lists are, and no longer than events. */
const retentionDays = ({ retention: { interactionDays, listDays } }: ShopPolicy): number =>
  Math.min(listDays, interactionDays ?? Number.POSITIVE_INFINITY);

function predictionOf(
  { last, forecast }: FollowedStep,
  { record }: LiveInsight<NextActionReader>,
  now: number,
  retentionDays: number,
): ActionPrediction {
  const { shopId, userId, id: eventId, occurredAt: eventAt, sessionId } = last;
  const { expectedMinutes, purchase, abandonment, returnWithin } = forecast;
  return {
    ...{ shopId, userId, eventId, eventAt, sessionId },
    id: predictionId(userId, eventId, record.version),
    actionNames: nextActions,
    actions: [...forecast.actions],
    expectedMinutes: Number.isFinite(expectedMinutes) ? expectedMinutes : null,
    ...{ purchase, abandonment, returnWithin },
    modelVersion: record.version,
    predictedAt: now,
    expiresAt: now + retentionDays * msPerDay,
    outcome: null,
  };
}

function categoriesOf({ forecast }: FollowedStep, { reading }: LiveInsight<NextActionReader>) {
  const { categories } = reading.vocabulary;
  return forecast.categories.map(({ category, probability }) => ({
    path: categories[category - 1]?.split(categorySeparator) ?? [],
    probability,
  }));
}

/** Composed once a process by main/. */
export function createNextActions(options: NextActionsOptions): NextActions {
  const { stores, liveForecaster, policyOf, onError } = options;
  const config: NextActionConfig = { ...defaults, ...options.config };
  const shops = new Map<ShopId, ShopActions>();
  const buffer = createWriteBuffer<string, ActionPrediction>({
    store: stores.predictions,
    ...config,
    onError,
  });
  let unsubscribe: (() => Promise<void>) | null = null;
  let timer: NodeJS.Timeout | undefined;

  function actionsOf(shopId: ShopId): ShopActions {
    const known = shops.get(shopId);
    if (known !== undefined) return known;
    const opened = createShopActions({ ...options, ...config, shopId });
    shops.set(shopId, opened);
    return opened;
  }

  function hear({ kind, shopId, userId }: Change): void {
    if (kind !== 'user') return;
    shops.get(shopId)?.forget(userId);
    buffer.drop(row => row.shopId === shopId && (userId === undefined || row.userId === userId));
  }

  /** Among what was not heard may be who is to be forgotten. */
  function recover(): void {
    for (const shop of shops.values()) shop.forget();
    buffer.drop(() => true);
  }

  return {
    async predict(shopId, userId, now) {
      const live = await liveForecaster(shopId);
      if (live === null) return { forecast: null, degraded: 'MODEL_NOT_TRAINED' };
      const days = retentionDays(await policyOf(shopId));
      const followed = await actionsOf(shopId).follow(userId, live);
      if (typeof followed === 'string') return { forecast: null, degraded: followed };
      const prediction = predictionOf(followed, live, now, days);
      const isSessionOpen = now - prediction.eventAt <= sessionSilenceMs;
      if (isSessionOpen) buffer.add(prediction);
      const { servedBy } = live.reading;
      return {
        forecast: { prediction, categories: categoriesOf(followed, live), servedBy, isSessionOpen },
        degraded: null,
      };
    },
    async kept(shopId, userId, request) {
      await buffer.settle();
      return await stores.predictions.pageOfUser(shopId, userId, request);
    },
    async quality(shopId, weeks, now) {
      await buffer.settle();
      // No more than one batch while somebody waits: the worker fills in the rest.
      await fillOutcomes(stores.predictions, shopId, now, 1);
      const since = weekStart(now) - (weeks - 1) * msPerWeek;
      return await weekQualities(stores.predictions.judged(shopId, since));
    },
    async start() {
      unsubscribe = await stores.changes.subscribe(hear, recover);
      const sweep = (): void => {
        for (const shop of shops.values()) shop.sweep();
      };
      timer = setInterval(sweep, config.sweepMs).unref();
    },
    async stop() {
      clearInterval(timer);
      await unsubscribe?.();
      unsubscribe = null;
      await buffer.flush();
    },
    counts: () => ({
      states: [...shops.values()].reduce((sum, shop) => sum + shop.size, 0),
      buffer: buffer.counts(),
    }),
  };
}
