import { join } from 'node:path';
import type { Logger } from 'pino';
import { errorCatalogue, GatewayError } from '../domain/errors';
import { createQuotas } from '../graphql/limits/hourlyQuota';
import type { GraphqlServices } from '../graphql/request/services';
import { modelByName } from '../models/registry';
import { createInterests, type Interests, liveTagsOf } from '../serving/interestTags/interests';
import { createNextActions, liveForecasterOf, type NextActions } from '../serving/nextAction/nextAction';
import { createRecommender, type Recommender } from '../serving/recommender';
import type { IndexReport } from '../serving/scan/indexing';
import { createTrainingQueue } from '../store/bullmq/trainingQueue';
import { createHnswIndexer, loadHnswLibrary } from '../store/hnsw/hnswIndexer';
import type { Stores } from '../store/ports/stores';
import type { TrainingQueue } from '../store/ports/trainingQueue';
import { createCommitObservers } from './commitObservers';
import type { Config } from './config';
import { type Database, openRequestStores } from './database';
import { createAuthenticator } from './http/authenticator';
import { type ConnectionBounds, defaultConnectionBounds } from './http/createApp';
import type { ReadinessCheck } from './http/health';
import type { JwtSettings } from './http/jwt';
import { createMetrics, type Metrics } from './http/metrics';
import { createUnsubscribeLinks } from './http/unsubscribeLinks';
import { newId } from './newId';
import { logSettled, startRunSweeper } from './runSweeper';
import { createHttpServer } from './server';
import { trainableNames } from './trainables';
import { readTrustedDocuments } from './trustedDocuments';
import { untilAvailable } from './untilAvailable';

/** Options of {@link startGateway}. */
export interface GatewayOptions {
  readonly config: Config;
  readonly database: Database;
  readonly jwt: JwtSettings;
  readonly logger: Logger;
  /** Parts that must be ready beside the database and the models. */
  readonly readiness?: readonly ReadinessCheck[];
}

/** A gateway that serves. */
export interface Gateway {
  /** `http://host:port`. */
  readonly url: string;
  readonly recommender: Recommender;
  readonly queue: TrainingQueue;
  /** Called with errors raised outside a request; logs and counts them. */
  readonly onError: (error: unknown) => void;
  /** Turns readiness off, finishes requests, and refuses new ones. */
  drain(): Promise<void>;
  /** Drains, writes buffered rows, and closes its connections; the database stays open. */
  close(): Promise<void>;
}

/** Returns a function that logs and counts errors raised outside a request. */
export function createErrorReporter(logger: Logger, metrics: Metrics | null): (error: unknown) => void {
  return error => {
    const code = error instanceof GatewayError ? error.code : 'INTERNAL_SERVER_ERROR';
    const level = error instanceof GatewayError ? errorCatalogue[error.code].logLevel : 'error';
    metrics?.error(code);
    logger[level]({ err: error, code }, 'failed outside a request');
  };
}

function createReports(logger: Logger, metrics: Metrics): GraphqlServices['reports'] {
  return {
    unexpected(error, correlationId) {
      metrics.error('INTERNAL_SERVER_ERROR');
      logger.error({ err: error, correlationId }, 'unexpected');
    },
    foreseen(code, logLevel, message, correlationId) {
      metrics.error(code);
      logger[logLevel]({ code, correlationId }, message);
    },
    observerFailed(observer, error, correlationId) {
      const code = error instanceof GatewayError ? error.code : 'INTERNAL_SERVER_ERROR';
      metrics.error(code);
      logger.error({ err: error, code, observer, correlationId }, 'an observer of committed writes failed');
    },
    tracked: metrics.tracked,
    trainingQueued: metrics.trainingQueued,
  };
}

function addListMetrics(metrics: Metrics, recommender: Recommender): void {
  const counts = () => recommender.counts();
  metrics.gauge(
    'affinity_lists_waiting',
    'Recommendation lists not yet written.',
    () => counts().listBuffer.pending,
  );
  metrics.counter(
    'affinity_lists_dropped_total',
    'Recommendation lists that could not be written.',
    () => counts().listBuffer.dropped,
  );
  metrics.gauge('affinity_products_cached', 'Products held in memory.', () => counts().cachedProducts);
  metrics.gauge(
    'affinity_indices_serving',
    'Models searched by an approximate index.',
    () => counts().indices.serving,
  );
  metrics.gauge(
    'affinity_indices_refused',
    'Approximate indices that find too little: exact search serves.',
    () => counts().indices.refused,
  );
  metrics.gauge(
    'affinity_index_recall',
    'Lowest recall@20 among the approximate indices; NaN of none.',
    () => counts().indices.lowestRecall,
  );
  metrics.gauge('affinity_shops_loaded', 'Shops whose models are loaded.', () => counts().shops);
}

/** Logs the recall of an index, and warns when it is too low to serve. */
function logIndex(logger: Logger, { record, products, recall, serves }: IndexReport): void {
  const { model, version, shopId } = record;
  const details = { shopId, model, version, products, 'recall@20': recall };
  if (serves) logger.info(details, 'serving from an approximate index');
  else logger.warn(details, 'an approximate index finds too little: search stays exact');
}

function openRecommender(
  { config, logger }: GatewayOptions,
  stores: Stores,
  onError: Gateway['onError'],
): Recommender {
  const { hnswFrom } = config;
  return createRecommender({
    stores,
    loadModel: modelByName,
    newId,
    onError,
    ...(hnswFrom === null
      ? {}
      : {
          indexer: createHnswIndexer(loadHnswLibrary()),
          onIndexed: report => logIndex(logger, report),
          config: { indexFrom: hnswFrom },
        }),
  });
}

function addNextActionMetrics(metrics: Metrics, nextActions: NextActions): void {
  metrics.gauge(
    'affinity_shoppers_followed',
    'Shoppers with a next-action state in memory.',
    () => nextActions.counts().states,
  );
  metrics.gauge(
    'affinity_predictions_waiting',
    'Predictions not yet written.',
    () => nextActions.counts().buffer.pending,
  );
  metrics.counter(
    'affinity_predictions_dropped_total',
    'Predictions that could not be written.',
    () => nextActions.counts().buffer.dropped,
  );
}

/** Creates the services of insights. */
function openInsights(
  { config }: GatewayOptions,
  stores: Stores,
  recommender: Recommender,
  onError: Gateway['onError'],
): { readonly interests: Interests; readonly nextActions: NextActions } {
  return {
    interests: createInterests({
      stores,
      liveTags: liveTagsOf(recommender.liveInsight),
      policyOf: recommender.policyOf,
      halfLifeDays: config.interestHalfLifeDays,
      clock: Date.now,
      onError,
    }),
    nextActions: createNextActions({
      stores,
      liveForecaster: liveForecasterOf(recommender.liveInsight),
      policyOf: recommender.policyOf,
      products: recommender.comparableProducts,
      onError,
    }),
  };
}

/** Part of the grace period that is left for writing buffered rows and stopping the embedded database. */
const closingMs = (graceMs: number): number => Math.min(3_000, 0.3 * graceMs);

function boundsOf({ requestTimeoutSeconds, maxConnections }: Config): Partial<ConnectionBounds> {
  const requestMs = requestTimeoutSeconds * 1000;
  return {
    requestMs,
    headMs: Math.min(Math.floor(requestMs / 3), defaultConnectionBounds.headMs),
    maxConnections,
  };
}

/** Returns the part of the server's options that the configuration gives. @throws {GatewayError} CONFIG_INVALID */
const serverSettings = (config: Config) => ({
  host: config.host,
  port: config.port,
  healthPort: config.healthPort,
  corsOrigins: config.corsOrigins,
  bounds: boundsOf(config),
  isSecure: config.isProduction,
  drainMs: config.drainMs,
  graceMs: config.graceMs - closingMs(config.graceMs),
  playgroundFolder: join(__dirname, '..', 'web'),
  trustedDocuments: readTrustedDocuments(config.trustedDocuments),
});

/** The addresses that end subscriptions are signed with a secret of their own, or with that of the tokens. */
const unsubscribeLinksOf = ({ unsubscribeSecret }: Config, { keys }: JwtSettings) =>
  createUnsubscribeLinks(unsubscribeSecret ?? (keys.kind === 'secret' ? keys.secret : null));

/** Jobs in PostgreSQL are ready when the database is. */
const readinessOf = (
  stores: Stores,
  recommender: Recommender,
  redis: TrainingQueue | null,
): readonly ReadinessCheck[] => [
  { name: 'database', isReady: () => stores.ping().then(() => true), isOptional: true },
  { name: 'models', isReady: recommender.ready },
  ...(redis === null
    ? []
    : [{ name: 'jobQueue', isReady: () => redis.depth().then(() => true), isOptional: true }]),
];

/** Returns a function that runs the steps one after the other. */
const inTurn = (steps: readonly (() => Promise<unknown>)[]) => async (): Promise<void> => {
  for (const step of steps) await step();
};

/** Returns a handler that closes what a failed start has opened: the caller closes the database next, which it still uses. */
const afterFailure =
  (close: () => Promise<void>) =>
  async (error: unknown): Promise<never> => {
    await close();
    throw error;
  };

/** Composes the gateway and starts the HTTP server. @throws {GatewayError} UNAVAILABLE, CONFIG_INVALID */
export async function startGateway(options: GatewayOptions): Promise<Gateway> {
  const { config, database, jwt, logger } = options;
  const { url: databaseUrl } = database;
  const settings = serverSettings(config);
  const metrics = createMetrics();
  const onError = createErrorReporter(logger, metrics);
  const stores = await untilAvailable(() => openRequestStores(database, config));
  const recommender = openRecommender(options, stores, onError);
  addListMetrics(metrics, recommender);
  const { interests, nextActions } = openInsights(options, stores, recommender, onError);
  addNextActionMetrics(metrics, nextActions);
  const queue = await createTrainingQueue({ databaseUrl, redisUrl: config.redisUrl, onError });
  const authenticator = createAuthenticator({ jwt, stores, clock: Date.now, onError });
  // The server listens while models are loaded: a process that lives must say so, and readiness says the rest.
  const loading = untilAvailable(recommender.start).then(() => untilAvailable(nextActions.start));
  loading.catch(() => undefined);
  const stopSweeping = startRunSweeper({ stores, queue, onError, onRun: run => logSettled(logger, run) });
  const closeServices = inTurn([
    () => interests.stop(),
    () => nextActions.stop(),
    () => recommender.stop(),
    stopSweeping,
    () => queue.close(),
    () => stores.close(),
  ]);
  const unsubscribeLinks = unsubscribeLinksOf(config, jwt);
  const server = await createHttpServer({
    ...settings,
    unsubscribeLinks,
    services: {
      // Lists are written shortly after they are shown: GraphQL also finds those that still wait.
      stores: { ...stores, recommendations: recommender.lists },
      recommender,
      interests,
      nextActions,
      afterCommit: createCommitObservers({ interests, recommender }),
      trainingQueue: queue,
      unsubscribePathOf: unsubscribeLinks.pathOf,
      quotas: createQuotas(config.quotas),
      modelNames: trainableNames,
      authenticator,
      clock: Date.now,
      newId: () => newId(Date.now()),
      reports: createReports(logger, metrics),
    },
    authenticator,
    metrics,
    readiness: [
      ...readinessOf(stores, recommender, config.redisUrl === null ? null : queue),
      ...(options.readiness ?? []),
    ],
    logger,
  }).catch(afterFailure(closeServices));
  const close = inTurn([server.close, closeServices]);
  await loading.catch(afterFailure(close));
  return { url: server.url, recommender, queue, onError, drain: server.close, close };
}
