import type { FastifyBaseLogger, FastifyInstance } from 'fastify';
import { createGraphqlServer } from '../graphql/apolloServer';
import { createPlannedExecutor } from '../graphql/execution/executor';
import { createContextFactory } from '../graphql/request/context';
import type { GraphqlServices } from '../graphql/request/services';
import { buildGatewaySchema } from '../graphql/schema';
import type { TrustedDocuments } from '../graphql/trusted/manifest';
import { listenFailure } from './checks/port';
import { type Admission, type AdmissionOptions, createAdmission } from './http/admission';
import type { Authenticator } from './http/authenticator';
import { addCompression } from './http/compression';
import { type AllowedOrigins, allowOrigins } from './http/cors';
import { type ConnectionBounds, createApp, defaultConnectionBounds } from './http/createApp';
import { addDrain, type Drain } from './http/drain';
import { createAnonymousResponder, type EarlyResponder, firstOf } from './http/earlyResponses';
import { addGraphqlRoute } from './http/graphqlRoutes';
import { addHealthRoutes, createReadiness, type Readiness, type ReadinessCheck } from './http/health';
import { type HealthPort, startHealthPort } from './http/healthPort';
import { addErrorHandlers } from './http/httpRefusal';
import type { Metrics } from './http/metrics';
import { addPlayground, playgroundCredential } from './http/playground';
import { createRefusals, type Refusals, type RefusalsOptions } from './http/refusals';
import { acceptJsonBodies } from './http/requestBody';
import { checkHeads } from './http/requestHead';
import { addRootPage } from './http/rootPage';
import { refuseOtherOrigins } from './http/sameOrigin';
import { addSecurityHeaders } from './http/securityHeaders';
import { createShedder } from './http/shedder';
import { addUnsubscribe } from './http/unsubscribe';
import type { UnsubscribeLinks } from './http/unsubscribeLinks';

/** Dependencies and settings of the HTTP server. */
export interface HttpServerOptions {
  readonly host: string;
  /** 0 chooses a free port. */
  readonly port: number;
  readonly services: GraphqlServices;
  readonly authenticator: Authenticator;
  readonly metrics: Metrics;
  /** Port of the health thread; 0 chooses a free port. Null or absent: no such thread. */
  readonly healthPort?: number | null;
  /** Addresses that end subscriptions. */
  readonly unsubscribeLinks: UnsubscribeLinks;
  /** Components that `/health/ready` reports. */
  readonly readiness: readonly ReadinessCheck[];
  readonly logger: FastifyBaseLogger;
  /** Folder of the built playground (`dist/web`). Null for no playground. */
  readonly playgroundFolder: string | null;
  /** Whether cookies are sent over HTTPS only. */
  readonly isSecure: boolean;
  /** Origins whose pages may call `/graphql` from a browser. None when absent. */
  readonly corsOrigins?: AllowedOrigins;
  /** Documents that every role may execute; others are for staff. Every document is for everyone when absent. */
  readonly trustedDocuments?: TrustedDocuments | null;
  /** Bounds of connections that differ from the defaults. */
  readonly bounds?: Partial<ConnectionBounds>;
  /** Bounds of the requests in progress that differ from the defaults. */
  readonly admission?: Partial<AdmissionOptions>;
  /** Bounds and clock of refusals that differ from the defaults. */
  readonly refusals?: Partial<RefusalsOptions>;
  /** Time that `close` keeps accepting connections while readiness is false; 0 by default. */
  readonly drainMs?: number;
  /** Maximum time from the call of `close` until the connections of unfinished requests are cut. */
  readonly graceMs?: number;
}

/** A listening server. */
export interface HttpServer {
  readonly app: FastifyInstance;
  /** `http://host:port`. */
  readonly url: string;
  /** The same of the health thread; null when there is none. */
  readonly healthUrl: string | null;
  /** Turns readiness off, after `drainMs` refuses connections, and waits up to `graceMs` for requests in progress. */
  close(): Promise<void>;
}

const defaultGraceMs = 10_000;

/** Logs each response without address, ids or query. Operation names and durations are in the metrics. */
function logResponses(app: FastifyInstance): void {
  app.addHook('onResponse', async (request, reply) => {
    const { method, routeOptions } = request;
    const durationMs = Math.round(reply.elapsedTime * 10) / 10;
    // Refusals under overload are counted, not logged: they are many.
    request.log[reply.statusCode === 503 ? 'debug' : 'info'](
      { method, route: routeOptions.url ?? 'none', status: reply.statusCode, durationMs },
      'responded',
    );
  });
}

function addRefusalMetrics(metrics: Metrics, { counts }: Refusals): void {
  metrics.gauge('affinity_refusals_waiting', 'Refusals that are delayed.', () => counts().waiting);
  metrics.counter(
    'affinity_refusals_delayed_total',
    'Refusals of malformed requests and callers without a valid credential that were delayed, because they were many.',
    () => counts().delayed,
  );
  metrics.counter(
    'affinity_refusals_cut_total',
    'Such requests whose connection was closed without a response, because too many refusals waited.',
    () => counts().cut,
  );
}

function addAdmissionMetrics(metrics: Metrics, { counts }: Admission): void {
  metrics.gauge('affinity_requests_in_progress', 'GraphQL requests in progress.', () => counts().inProgress);
  metrics.gauge(
    'affinity_requests_waiting',
    'GraphQL requests that wait for a place.',
    () => counts().waiting,
  );
  metrics.counter(
    'affinity_requests_shed_total',
    'GraphQL requests refused because the gateway was overloaded.',
    () => counts().refused,
  );
}

function createEarlyResponder(
  { corsOrigins: origins = [], metrics }: HttpServerOptions,
  admission: Admission,
  refusals: Refusals,
): EarlyResponder {
  const onRefused = () => metrics.operation({ rootField: 'none', outcome: 'error', durationMs: 0 });
  const anonymous = createAnonymousResponder({ refusals, origins, onRefused });
  return firstOf(anonymous, createShedder({ admission, origins }));
}

async function addGraphql(
  app: FastifyInstance,
  options: HttpServerOptions,
  admission: Admission,
): Promise<() => Promise<void>> {
  const { services, authenticator, metrics, playgroundFolder } = options;
  const schema = buildGatewaySchema();
  const apollo = createGraphqlServer({
    schema,
    executor: createPlannedExecutor(schema),
    reports: services.reports,
    newId: services.newId,
    onOperation: metrics.operation,
    trustedDocuments: options.trustedDocuments ?? null,
  });
  await apollo.start();
  const shared = {
    apollo,
    authenticator,
    contextOf: createContextFactory(services),
    admission,
    onRefused: metrics.operation,
  };
  app.register(
    async scope => {
      allowOrigins(scope, options.corsOrigins ?? []);
      await addCompression(scope);
      addGraphqlRoute(scope, { path: '', credentialOf: ({ headers }) => headers.authorization }, shared);
    },
    { prefix: '/graphql' },
  );
  if (playgroundFolder !== null) {
    const path = '/playground/graphql';
    const route = { path, credentialOf: playgroundCredential, checkOrigin: refuseOtherOrigins };
    addGraphqlRoute(app, route, shared);
  }
  return async () => {
    admission.stop();
    await apollo.stop();
  };
}

function closer(
  drain: Drain,
  { drainMs = 0, graceMs = defaultGraceMs }: HttpServerOptions,
  stopGraphql: () => Promise<void>,
): () => Promise<void> {
  let closing: Promise<void> | undefined;
  const close = async () => {
    await drain.run({ drainMs, graceMs });
    await stopGraphql();
  };
  return () => {
    closing ??= close();
    return closing;
  };
}

async function listen(app: FastifyInstance, host: string, port: number): Promise<string> {
  try {
    return await app.listen({ host, port });
  } catch (error) {
    throw await listenFailure(host, port, error);
  }
}

async function openHealthPort(
  { host, healthPort: port = null, services }: HttpServerOptions,
  readiness: () => Promise<Readiness>,
): Promise<HealthPort | null> {
  if (port === null) return null;
  const onError = (error: unknown) => services.reports.unexpected(error, services.newId());
  return startHealthPort({ host, port, readiness, onError });
}

/** Starts the HTTP server: `/`, `/graphql`, `/playground`, `/health/live`, `/health/ready`, `/metrics`, `/unsubscribe`. */
export async function createHttpServer(options: HttpServerOptions): Promise<HttpServer> {
  const { host, port, services, authenticator, metrics, playgroundFolder, isSecure } = options;
  const admission = createAdmission(options.admission);
  const bounds = { ...defaultConnectionBounds, ...options.bounds };
  // Half of the connections stay for callers with a credential.
  const refusals = createRefusals({ maxWaiting: bounds.maxConnections / 2, ...options.refusals });
  const app = createApp({
    newId: services.newId,
    logger: options.logger,
    bounds,
    respondEarly: createEarlyResponder(options, admission, refusals),
    refusals,
  });
  app.server.on('connection', admission.connectionAccepted);
  addAdmissionMetrics(metrics, admission);
  addRefusalMetrics(metrics, refusals);
  const drain = addDrain(app);
  checkHeads(app);
  acceptJsonBodies(app);
  addSecurityHeaders(app);
  addErrorHandlers(app, services.reports, refusals);
  logResponses(app);
  addRootPage(app, playgroundFolder !== null);
  const { subscriptions } = services.stores;
  addUnsubscribe(app, { links: options.unsubscribeLinks, subscriptions, metrics, clock: services.clock });
  const readiness = createReadiness(options.readiness, drain.isDraining);
  addHealthRoutes(app, readiness, metrics);
  const stopGraphql = await addGraphql(app, options, admission);
  if (playgroundFolder !== null) addPlayground(app, { folder: playgroundFolder, authenticator, isSecure });
  const healthPort = await openHealthPort(options, readiness);
  const url = await listen(app, host, port);
  return {
    app,
    url,
    healthUrl: healthPort?.url ?? null,
    close: closer(drain, options, async () => {
      await healthPort?.close();
      await stopGraphql();
    }),
  };
}
