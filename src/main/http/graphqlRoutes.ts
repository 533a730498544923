import type { ApolloServer } from '@apollo/server';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Principal } from '../../domain/role';
import type { ContextFactory, GraphqlContext } from '../../graphql/request/context';
import { cacheableByCaller, type OperationReport } from '../../graphql/requestPlugin';
import type { Admission } from './admission';
import { executeWithApollo } from './apolloHandler';
import type { Authenticator } from './authenticator';
import { tagEntity } from './entityTag';
import { noCredential, overloaded } from './httpRefusal';
import { checkGraphqlHead } from './requestHead';

/** A path that serves GraphQL, and where its requests have their credential. */
export interface GraphqlRoute {
  readonly path: string;
  /** Returns the value of an `Authorization` header. */
  readonly credentialOf: (request: FastifyRequest) => string | undefined;
  /** Checks the origin of requests to a path whose credential is in a cookie. @throws {HttpRefusal} 403 */
  readonly checkOrigin?: (request: FastifyRequest) => void;
}

/** Dependencies of a GraphQL route. */
export interface GraphqlRouteOptions {
  readonly apollo: ApolloServer<GraphqlContext>;
  readonly authenticator: Authenticator;
  readonly contextOf: ContextFactory;
  readonly admission: Admission;
  /** Called for each request that is refused for its credential. */
  readonly onRefused: (operation: OperationReport) => void;
}

/** Identifies callers by the head of their request. */
interface Gatekeeper {
  /** @throws {GatewayError} UNAUTHENTICATED, or UNAVAILABLE when the credential cannot be checked */
  admit(request: FastifyRequest, credential: string | undefined): Promise<void>;
  /** Returns the caller of a request that was admitted. */
  callerOf(request: FastifyRequest): Principal;
}

/** A caller without a valid credential may execute nothing, so its body is neither read nor parsed. */
function createGatekeeper({ authenticator, onRefused }: GraphqlRouteOptions): Gatekeeper {
  const callers = new WeakMap<FastifyRequest, Principal>();

  async function identify(credential: string | undefined): Promise<Principal> {
    const principal = await authenticator.authenticate(credential);
    if (principal === null) throw noCredential;
    return principal;
  }

  return {
    async admit(request, credential) {
      const startedAt = performance.now();
      try {
        callers.set(request, await identify(credential));
      } catch (error) {
        onRefused({ rootField: 'none', outcome: 'error', durationMs: performance.now() - startedAt });
        throw error;
      }
    },
    callerOf(request) {
      const caller = callers.get(request);
      if (caller === undefined) throw noCredential;
      return caller;
    },
  };
}

/** Serves GraphQL over HTTP at a path: checks the head, then the credential, and only then reads the body. */
export function addGraphqlRoute(
  app: FastifyInstance,
  route: GraphqlRoute,
  options: GraphqlRouteOptions,
): void {
  const { apollo, contextOf, admission } = options;
  const gatekeeper = createGatekeeper(options);

  async function execute(request: FastifyRequest, reply: FastifyReply): Promise<string> {
    const principal = gatekeeper.callerOf(request);
    const context = contextOf({ principal, requestId: request.id });
    const body = await executeWithApollo(apollo, request, reply, context);
    return reply.getHeader('cache-control') === cacheableByCaller ? tagEntity(request, reply, body) : body;
  }

  app.route({
    method: ['GET', 'POST'],
    url: route.path,
    exposeHeadRoute: false,
    async onRequest(request) {
      checkGraphqlHead(request);
      route.checkOrigin?.(request);
      await gatekeeper.admit(request, route.credentialOf(request));
    },
    async handler(request, reply) {
      const leave = await admission.enter();
      if (leave === null) throw overloaded;
      try {
        return await execute(request, reply);
      } finally {
        leave();
      }
    },
  });
  app.route({
    method: 'OPTIONS',
    url: route.path,
    handler: (_request, reply) => reply.code(204).header('allow', 'GET, POST, OPTIONS').send(),
  });
}
