import pino from 'pino';
import type { Role } from '../../src/domain/role';
import { createQuotas, defaultQuotaSizes, type QuotaSizes } from '../../src/graphql/limits/hourlyQuota';
import type { CommitObserver } from '../../src/graphql/request/commitObserver';
import type { GraphqlReports, RecommendationService } from '../../src/graphql/request/services';
import { createCommitObservers } from '../../src/main/commitObservers';
import { type Authenticator, createAuthenticator } from '../../src/main/http/authenticator';
import type { JwtSettings } from '../../src/main/http/jwt';
import { createMetrics, type Metrics } from '../../src/main/http/metrics';
import { createUnsubscribeLinks } from '../../src/main/http/unsubscribeLinks';
import { newId } from '../../src/main/newId';
import { createHttpServer, type HttpServer, type HttpServerOptions } from '../../src/main/server';
import type { Interests, InterestsOptions } from '../../src/serving/interestTags/interests';
import type { NextActions } from '../../src/serving/nextAction/nextAction';
import { createMemoryStores } from '../../src/store/memory/stores';
import { createMemoryTrainingQueue } from '../../src/store/memory/trainingQueue';
import type { Stores } from '../../src/store/ports/stores';
import type { TrainingQueue } from '../../src/store/ports/trainingQueue';
import { type CountingStores, countCalls } from './countingStores';
import { createTestNextActions } from './fakeForecaster';
import { createFakeRecommender, type FakeRecommender } from './fakeRecommender';
import { createTestInterests } from './fakeTags';
import { seedShops } from './seedShops';
import { testJwt, tokenFor } from './tokens';

/** The response to a GraphQL call. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: GraphqlBody;
  readonly text: string;
}

/** A GraphQL response, loosely typed: tests look where they know something is. */
export interface GraphqlBody {
  readonly data?: Readonly<Record<string, never>> | null;
  readonly errors?: readonly {
    readonly message: string;
    readonly path?: readonly (string | number)[];
    readonly extensions: Readonly<Record<string, unknown>>;
  }[];
}

/** A gateway over memory stores, listening on a free port. */
export interface TestGateway {
  readonly server: HttpServer;
  readonly url: string;
  readonly stores: Stores;
  readonly counting: CountingStores;
  readonly recommender: FakeRecommender;
  readonly interests: Interests;
  readonly metrics: Metrics;
  readonly authenticator: Authenticator;
  /** What was logged, one JSON text a line. */
  readonly logLines: readonly string[];
  readonly unexpected: readonly unknown[];
  /** The clock; advance it to make time pass. */
  readonly clock: { now: number };
  token(role: Role | string, who?: { shop?: string; user?: string }): Promise<string>;
  /** Posts an operation with a credential (a token or key; null for none). */
  ask(credential: string | null, query: string, variables?: unknown): Promise<Answer>;
  close(): Promise<void>;
}

/** Options of a test gateway that differ from its defaults. */
export interface TestGatewayOptions {
  readonly jwt?: JwtSettings;
  readonly server?: Partial<HttpServerOptions>;
  readonly recommender?: (fake: FakeRecommender) => RecommendationService;
  /** Stores shared by several gateways; separate ones in memory when left out. */
  readonly stores?: Stores;
  /** A queue in memory when left out. */
  readonly trainingQueue?: TrainingQueue;
  readonly startAt?: number;
  /** Observers in addition to those of the gateway. */
  readonly afterCommit?: readonly CommitObserver[];
  /** Limits per hour other than the defaults. */
  readonly quotas?: Partial<QuotaSizes>;
  /** Other interests than those of fakeTags.ts. */
  readonly interests?: Partial<InterestsOptions>;
}

/** Posts operations to a gateway. */
const asker =
  (url: string): TestGateway['ask'] =>
  async (credential, query, variables) => {
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(credential === null ? {} : { authorization: `Bearer ${credential}` }),
      },
      body: JSON.stringify({ query, variables }),
    });
    const text = await response.text();
    return {
      status: response.status,
      headers: response.headers,
      text,
      body: JSON.parse(text) as GraphqlBody,
    };
  };

const reportsOf = (
  { error, tracked, trainingQueued }: Metrics,
  unexpected: GraphqlReports['unexpected'],
): GraphqlReports => ({
  unexpected,
  foreseen: code => error(code),
  observerFailed: (_observer, failure, correlationId) => unexpected(failure, correlationId),
  tracked,
  trainingQueued,
});

async function startNextActions(stores: Stores, onError: (error: unknown) => void): Promise<NextActions> {
  const nextActions = createTestNextActions({
    stores,
    products: (shopId, ids) => stores.products.findMany(shopId, ids),
    onError,
  });
  await nextActions.start();
  return nextActions;
}

/** Starts a gateway with two shops, `demo` and `rival`, that hold the same ids. */
export async function startTestGateway(options: TestGatewayOptions = {}): Promise<TestGateway> {
  const { afterCommit: moreObservers = [] } = options;
  const clock = { now: options.startAt ?? Date.UTC(2026, 2, 1, 12) };
  const counting = countCalls(options.stores ?? createMemoryStores());
  const { stores } = counting;
  await seedShops(stores, clock.now);
  const [logLines, unexpected]: [string[], unknown[]] = [[], []];
  const logger = pino({ level: 'info' }, { write: (line: string) => logLines.push(line) });
  const onError = (error: unknown): void => void unexpected.push(error);
  const makeId = () => newId(clock.now);
  const fake = createFakeRecommender(stores, makeId);
  const interests = createTestInterests({
    stores,
    clock: () => clock.now,
    onError,
    ...options.interests,
  });
  const nextActions = await startNextActions(stores, onError);
  const jwt = options.jwt ?? testJwt;
  const authenticator = createAuthenticator({ jwt, stores, clock: () => clock.now, onError });
  const metrics = createMetrics(false);
  const unsubscribeLinks = createUnsubscribeLinks('unsubscribe-test-secret-of-32-characters');
  const server = await createHttpServer({
    unsubscribeLinks,
    host: '127.0.0.1',
    port: 0,
    services: {
      stores,
      recommender: options.recommender?.(fake) ?? fake,
      interests,
      nextActions,
      afterCommit: [...createCommitObservers({ interests, recommender: fake }), ...moreObservers],
      unsubscribePathOf: unsubscribeLinks.pathOf,
      trainingQueue: options.trainingQueue ?? createMemoryTrainingQueue(),
      quotas: createQuotas({ ...defaultQuotaSizes, ...options.quotas }),
      modelNames: ['popularity', 'collaborative'],
      authenticator,
      clock: () => clock.now,
      newId: makeId,
      reports: reportsOf(metrics, (error, correlationId) => {
        unexpected.push(error);
        logger.error({ correlationId }, 'unexpected');
      }),
    },
    authenticator,
    metrics,
    readiness: [{ name: 'database', isReady: () => stores.ping().then(() => true) }],
    logger,
    playgroundFolder: null,
    isSecure: false,
    ...options.server,
  });
  counting.reset();
  return {
    server,
    url: server.url,
    stores,
    counting,
    recommender: fake,
    interests,
    metrics,
    authenticator,
    logLines,
    unexpected,
    clock,
    token: (role, who) => tokenFor(clock.now, role, who),
    ask: asker(server.url),
    close: () => server.close().then(nextActions.stop),
  };
}
