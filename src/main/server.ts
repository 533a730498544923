import Fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from 'fastify';
import { GatewayError } from '../domain/errors';
import { createGraphqlServer } from '../graphql/apolloServer';
import { createCompiledExecutor, createReferenceExecutor } from '../graphql/execution/executor';
import { limits } from '../graphql/limits/limits';
import { type ContextFactory, createContextFactory } from '../graphql/request/context';
import type { GraphqlServices } from '../graphql/request/services';
import { buildGatewaySchema } from '../graphql/schema';
import type { Authenticator } from './http/authenticator';
import { addGraphqlRoute } from './http/graphqlRoutes';
import { addHealthRoutes, type ReadinessCheck } from './http/health';
import { addErrorHandlers } from './http/httpRefusal';
import type { Metrics } from './http/metrics';
import { addPlayground, playgroundCredential } from './http/playground';
import { acceptJsonBodies } from './http/requestBody';
import { addRootPage } from './http/rootPage';
import { addSecurityHeaders } from './http/securityHeaders';

/** Dependencies and settings of the HTTP server. */
export interface HttpServerOptions {
  readonly host: string;
  /** 0 chooses a free port. */
  readonly port: number;
  readonly services: GraphqlServices;
  readonly authenticator: Authenticator;
  readonly metrics: Metrics;
  /** Parts that must be available for `/health/ready` to return 200. */
  readonly readiness: readonly ReadinessCheck[];
  readonly logger: FastifyBaseLogger;
  /** Folder of the built playground (`dist/web`). Null for no playground. */
  readonly playgroundFolder: string | null;
  /** Whether cookies are sent over HTTPS only. */
  readonly isSecure: boolean;
  /** `compiled` by default; `reference` executes with graphql-js only. */
  readonly executor?: 'compiled' | 'reference';
  /** Maximum time that `close` waits for requests in progress. */
  readonly graceMs?: number;
}

/** A listening server. */
export interface HttpServer {
  readonly app: FastifyInstance;
  /** `http://host:port`. */
  readonly url: string;
  /** Refuses new requests, waits up to `graceMs` for requests in progress, then closes their connections. */
  close(): Promise<void>;
}

const defaultGraceMs = 10_000;

/** Logs each response without address, ids or query. Operation names and durations are in the metrics. */
function logResponses(app: FastifyInstance): void {
  app.addHook('onResponse', async (request, reply) => {
    const { method, routeOptions } = request;
    const durationMs = Math.round(reply.elapsedTime * 10) / 10;
    request.log.info(
      { method, route: routeOptions.url ?? 'none', status: reply.statusCode, durationMs },
      'responded',
    );
  });
}

function createApp({ services, logger }: HttpServerOptions): FastifyInstance {
  return Fastify({
    loggerInstance: logger,
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: () => services.newId(),
    requestIdHeader: false,
    bodyLimit: limits.bodyBytes,
    forceCloseConnections: 'idle',
    routerOptions: { maxParamLength: 100 },
  });
}

async function addGraphql(
  app: FastifyInstance,
  options: HttpServerOptions,
  contextOf: ContextFactory,
): Promise<() => Promise<void>> {
  const { services, authenticator, metrics, executor = 'compiled', playgroundFolder } = options;
  const schema = buildGatewaySchema();
  const createExecutor = executor === 'compiled' ? createCompiledExecutor : createReferenceExecutor;
  const apollo = createGraphqlServer({
    schema,
    executor: createExecutor(schema),
    reports: services.reports,
    newId: services.newId,
    onOperation: metrics.operation,
  });
  await apollo.start();
  const shared = { apollo, authenticator, contextOf };
  addGraphqlRoute(app, { path: '/graphql', credentialOf: ({ headers }) => headers.authorization }, shared);
  if (playgroundFolder !== null) {
    addGraphqlRoute(app, { path: '/playground/graphql', credentialOf: playgroundCredential }, shared);
  }
  return () => apollo.stop();
}

function closer(
  app: FastifyInstance,
  graceMs: number,
  stopGraphql: () => Promise<void>,
): () => Promise<void> {
  let closing: Promise<void> | undefined;
  const close = async () => {
    const cut = setTimeout(() => app.server.closeAllConnections(), graceMs);
    await app.close();
    clearTimeout(cut);
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
    const { code } = error as NodeJS.ErrnoException;
    const message = `Expected to listen on ${host}:${port}; got ${code}. Stop the process that listens there, or set PORT and HOST.`;
    throw new GatewayError('CONFIG_INVALID', message, { port }, { cause: error });
  }
}

/** Starts the HTTP server: `/`, `/graphql`, `/playground`, `/health/live`, `/health/ready`, `/metrics`. */
export async function createHttpServer(options: HttpServerOptions): Promise<HttpServer> {
  const { host, port, services, authenticator, metrics, readiness, playgroundFolder, isSecure } = options;
  const app = createApp(options);
  let isDraining = false;
  acceptJsonBodies(app);
  addSecurityHeaders(app);
  addErrorHandlers(app, services.reports.unexpected);
  logResponses(app);
  addRootPage(app, playgroundFolder !== null);
  addHealthRoutes(app, { checks: readiness, isDraining: () => isDraining, metrics });
  const stopGraphql = await addGraphql(app, options, createContextFactory(services));
  if (playgroundFolder !== null) addPlayground(app, { folder: playgroundFolder, authenticator, isSecure });
  const url = await listen(app, host, port);
  const close = closer(app, options.graceMs ?? defaultGraceMs, stopGraphql);
  return {
    app,
    url,
    close() {
      isDraining = true;
      return close();
    },
  };
}
