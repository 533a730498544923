import type { ApolloServer } from '@apollo/server';
import { fastifyApolloHandler } from '@as-integrations/fastify';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { GatewayError } from '../../domain/errors';
import { toRequestError } from '../../graphql/errors/formatError';
import type { ContextFactory, GraphqlContext, RequestIdentity } from '../../graphql/request/context';
import type { Authenticator } from './authenticator';
import { checkQueryString } from './requestBody';

/** Where GraphQL is answered, and whose credential counts there. */
export interface GraphqlRoute {
  readonly path: string;
  /** The value of an `Authorization` header. */
  readonly credentialOf: (request: FastifyRequest) => string | undefined;
}

/** What a GraphQL route needs. */
export interface GraphqlRouteOptions {
  readonly apollo: ApolloServer<GraphqlContext>;
  readonly authenticator: Authenticator;
  readonly contextOf: ContextFactory;
}

/**
 * A bad credential does not end the request at once: a document that is no good is answered as such (400) to anybody,
 * and only what would run is refused (401).
 */
async function identify(
  authenticator: Authenticator,
  credential: string | undefined,
  requestId: string,
): Promise<RequestIdentity> {
  try {
    return { principal: await authenticator.authenticate(credential), refusal: null, requestId };
  } catch (error) {
    if (!(error instanceof GatewayError) || error.code !== 'UNAUTHENTICATED') throw toRequestError(error);
    return { principal: null, refusal: error, requestId };
  }
}

/** Answers GraphQL over HTTP at a path. */
export function addGraphqlRoute(
  app: FastifyInstance,
  route: GraphqlRoute,
  options: GraphqlRouteOptions,
): void {
  const { apollo, authenticator, contextOf } = options;
  const handler = fastifyApolloHandler(apollo, {
    context: async request =>
      contextOf(await identify(authenticator, route.credentialOf(request as FastifyRequest), request.id)),
  });
  app.route({
    method: ['GET', 'POST', 'OPTIONS'],
    url: route.path,
    exposeHeadRoute: false,
    onRequest: async request => checkQueryString(request),
    handler,
  });
  app.route({
    method: ['PUT', 'PATCH', 'DELETE', 'HEAD'],
    url: route.path,
    handler: (_request, reply) =>
      reply
        .code(405)
        .header('allow', 'GET, POST')
        .send({ errors: [{ message: 'Expected GET or POST.', extensions: { code: 'BAD_REQUEST' } }] }),
  });
}
