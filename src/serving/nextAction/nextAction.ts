import { createHash } from 'node:crypto';
import type { ProductId, ShopId, UserId } from '../../domain/ids';
import type { ActionPrediction } from '../../domain/prediction';
import type { Product } from '../../domain/product';
import type { DegradedReason } from '../../domain/recommendation';
import type { ShopPolicy } from '../../domain/shopPolicy';
import { nextAction } from '../../insights/nextAction/insight';
import type { LikelyCategory, NextActionReading } from '../../insights/nextAction/reading';
import { sessionGapMs } from '../../snapshot/sessions';
import type { Change } from '../../store/ports/change';
import type { Page, PageRequest } from '../../store/ports/page';
import type { Stores } from '../../store/ports/stores';
import type { FindLiveInsight, LiveInsight } from '../live/liveInsights';
import { createWriteBuffer, type WriteBuffer, type WriteBufferCounts } from '../live/writeBuffer';
import { type WeekQuality, weekQualities, weekStart } from './modelQuality';
import { fillOutcomes } from './nextActionOutcomes';
import { createShopActions, type FollowedStep, type ShopActions } from './shopActions';

/** A prediction of what a shopper does next, and how it was made. */
export interface NextActionForecast {
  readonly prediction: ActionPrediction;
  /** The most likely categories, best first; empty where nothing is known. */
  readonly categories: readonly LikelyCategory[];
  /** The forecaster that made it. */
  readonly servedBy: string;
  /** Whether the session of the latest event may continue: less than half an hour has passed. Only then it is saved. */
  readonly isSessionOpen: boolean;
}

/** A forecast, or why there is none. */
export type NextActionAnswer =
  | { readonly forecast: NextActionForecast; readonly degraded: null }
  | { readonly forecast: null; readonly degraded: DegradedReason };

/** Predicts what shoppers do next, and saves the predictions. */
export interface NextActions {
  /**
   * Predicts from the shopper's latest events: an event counts as soon as it is tracked. Needs the shopper's consent.
   *
   * @param now - milliseconds since the epoch
   * @throws {GatewayError} NOT_FOUND, UNAVAILABLE
   */
  predict(shopId: ShopId, userId: UserId, now: number): Promise<NextActionAnswer>;
  /** Returns a shopper's saved predictions, by (predictedAt, id) descending. @throws {GatewayError} UNAVAILABLE */
  kept(shopId: ShopId, userId: UserId, request: PageRequest): Promise<Page<ActionPrediction>>;
  /**
   * Returns the quality of predictions by week and version, over the latest weeks. First fills in outcomes that are
   * known by now, one batch at most.
   *
   * @param weeks - this week included, ≥ 1
   * @throws {GatewayError} UNAVAILABLE
   */
  quality(shopId: ShopId, weeks: number, now: number): Promise<readonly WeekQuality[]>;
  /** Subscribes to changes, so that erased shoppers are forgotten. @throws {GatewayError} UNAVAILABLE */
  start(): Promise<void>;
  /** Ends the subscription and writes the predictions that are still in memory. */
  stop(): Promise<void>;
  counts(): NextActionCounts;
}

/** Counts for metrics. */
export interface NextActionCounts {
  /** Shoppers with a state in memory. */
  readonly states: number;
  readonly buffer: WriteBufferCounts;
}

/** Returns how to find the live artifact of the next action. */
export const liveForecasterOf =
  (findLive: FindLiveInsight): NextActionsOptions['liveForecaster'] =>
  shopId =>
    findLive(shopId, nextAction);

/** Options of {@link createNextActions}. */
export interface NextActionsOptions {
  readonly stores: Pick<Stores, 'users' | 'interactions' | 'predictions' | 'changes'>;
  /** Returns the published artifact of a shop; null before the first. */
  readonly liveForecaster: (shopId: ShopId) => Promise<LiveInsight<NextActionReading> | null>;
  /** Returns a shop's settings as they are now. @throws {GatewayError} NOT_FOUND, UNAVAILABLE */
  readonly policyOf: (shopId: ShopId) => Promise<ShopPolicy>;
  readonly products: (shopId: ShopId, ids: readonly ProductId[]) => Promise<ReadonlyMap<ProductId, Product>>;
  /** Called with errors raised outside a request. */
  readonly onError: (error: unknown) => void;
  /** Replaces defaults. */
  readonly config?: Partial<NextActionConfig>;
}

/** Settings. Times in milliseconds. */
export interface NextActionConfig {
  /** Latest events that a state is opened with. */
  readonly historyEvents: number;
  /** Longest wait for consent and events. */
  readonly historyTimeoutMs: number;
  /** Shoppers with a state, per shop; the least recently used is dropped first. */
  readonly liveStates: number;
  /** Interval between sweeps of unused states. */
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

/** Returns an id that is equal for equal arguments: each step is saved once, whichever gateways are asked and how often. */
function predictionId(userId: UserId, eventId: string, version: string): string {
  const key = JSON.stringify([userId, eventId, version]);
  return createHash('sha256').update(key).digest('base64url').slice(0, 22);
}

/** Days that predictions are kept: as lists are, and no longer than events. */
const retentionDays = ({ retention: { interactionDays, listDays } }: ShopPolicy): number =>
  Math.min(listDays, interactionDays ?? Number.POSITIVE_INFINITY);

function predictionOf(
  { last, forecast }: FollowedStep,
  { record, reading }: LiveInsight<NextActionReading>,
  now: number,
  retentionDays: number,
): ActionPrediction {
  const { shopId, userId, id: eventId, occurredAt: eventAt, sessionId } = last;
  const { expectedMinutes, purchase, abandonment, returnWithin } = forecast;
  return {
    ...{ shopId, userId, eventId, eventAt, sessionId },
    id: predictionId(userId, eventId, record.version),
    actionNames: reading.actions,
    actions: [...forecast.actions],
    expectedMinutes: Number.isFinite(expectedMinutes) ? expectedMinutes : null,
    ...{ purchase, abandonment, returnWithin },
    modelVersion: record.version,
    predictedAt: now,
    expiresAt: now + retentionDays * msPerDay,
    outcome: null,
  };
}

/** What changes during the life of the service, and what every method needs. */
interface Service {
  readonly options: NextActionsOptions;
  readonly config: NextActionConfig;
  readonly shops: Map<ShopId, ShopActions>;
  readonly buffer: WriteBuffer<string, ActionPrediction>;
  unsubscribe: (() => Promise<void>) | null;
  timer: NodeJS.Timeout | undefined;
}

function actionsOf({ options, config, shops }: Service, shopId: ShopId): ShopActions {
  const known = shops.get(shopId);
  if (known !== undefined) return known;
  const opened = createShopActions({ ...options, ...config, shopId });
  shops.set(shopId, opened);
  return opened;
}

async function predict(
  service: Service,
  shopId: ShopId,
  userId: UserId,
  now: number,
): Promise<NextActionAnswer> {
  const { liveForecaster, policyOf } = service.options;
  const live = await liveForecaster(shopId);
  if (live === null) return { forecast: null, degraded: 'MODEL_NOT_TRAINED' };
  const days = retentionDays(await policyOf(shopId));
  const followed = await actionsOf(service, shopId).follow(userId, live);
  if (typeof followed === 'string') return { forecast: null, degraded: followed };
  const prediction = predictionOf(followed, live, now, days);
  const isSessionOpen = now - prediction.eventAt <= sessionGapMs;
  if (isSessionOpen) service.buffer.add(prediction);
  const { servedBy } = live.reading;
  const { categories } = followed.forecast;
  return { forecast: { prediction, categories, servedBy, isSessionOpen }, degraded: null };
}

/** Drops states and unsaved predictions of a shopper who was changed. */
function hear({ shops, buffer }: Service, { kind, shopId, userId }: Change): void {
  if (kind !== 'user') return;
  shops.get(shopId)?.forget(userId);
  buffer.drop(row => row.shopId === shopId && (userId === undefined || row.userId === userId));
}

/** Drops everything: changes were missed, and with them perhaps the request to forget a shopper. */
function recover({ shops, buffer }: Service): void {
  for (const shop of shops.values()) shop.forget();
  buffer.drop(() => true);
}

async function start(service: Service): Promise<void> {
  const { options, config, shops } = service;
  service.unsubscribe = await options.stores.changes.subscribe(
    change => hear(service, change),
    () => recover(service),
  );
  const sweep = (): void => {
    for (const shop of shops.values()) shop.sweep();
  };
  service.timer = setInterval(sweep, config.sweepMs).unref();
}

async function stop(service: Service): Promise<void> {
  clearInterval(service.timer);
  await service.unsubscribe?.();
  service.unsubscribe = null;
  await service.buffer.flush();
}

function openService(options: NextActionsOptions): Service {
  const config: NextActionConfig = { ...defaults, ...options.config };
  const { stores, onError } = options;
  return {
    options,
    config,
    shops: new Map(),
    buffer: createWriteBuffer({ store: stores.predictions, ...config, onError }),
    unsubscribe: null,
    timer: undefined,
  };
}

/** Creates the service; main/ composes one per process. */
export function createNextActions(options: NextActionsOptions): NextActions {
  const service = openService(options);
  const { shops, buffer } = service;
  const { predictions } = options.stores;
  return {
    predict: (shopId, userId, now) => predict(service, shopId, userId, now),
    async kept(shopId, userId, request) {
      await buffer.settle();
      return await predictions.pageOfUser(shopId, userId, request);
    },
    async quality(shopId, weeks, now) {
      await buffer.settle();
      // Only one batch within a request; the worker fills in the rest.
      await fillOutcomes(predictions, shopId, now, 1);
      const since = weekStart(now) - (weeks - 1) * msPerWeek;
      return await weekQualities(predictions.judged(shopId, since));
    },
    start: () => start(service),
    stop: () => stop(service),
    counts: () => ({
      states: [...shops.values()].reduce((sum, shop) => sum + shop.size, 0),
      buffer: buffer.counts(),
    }),
  };
}
