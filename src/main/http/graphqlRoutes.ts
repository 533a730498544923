import type { ApolloServer } from '@apollo/server';
import { fastifyApolloHandler } from '@as-integrations/fastify';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { GatewayError } from '../../domain/errors';
import { toRequestError } from '../../graphql/errors/formatError';
import type { ContextFactory, GraphqlContext, RequestIdentity } from '../../graphql/request/context';
import type { Authenticator } from './authenticator';
import { checkQueryString } from './requestBody';

/** A path that serves GraphQL, and where its requests have their credential. */
export interface GraphqlRoute {
  readonly path: string;
  /** Returns the value of an `Authorization` header. */
  readonly credentialOf: (request: FastifyRequest) => string | undefined;
}

/** Dependencies of a GraphQL route. */
export interface GraphqlRouteOptions {
  readonly apollo: ApolloServer<GraphqlContext>;
  readonly authenticator: Authenticator;
  readonly contextOf: ContextFactory;
}

/**
 * Identifies the caller. An invalid credential does not end the request immediately: an invalid document receives 400 in
 * any case, and only a document that would be executed is refused with 401.
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

/** Serves GraphQL over HTTP at a path. */
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
        .send({
          errors: [
            {
              message: 'Expected GET or POST; got another method. Use POST.',
              extensions: { code: 'BAD_REQUEST' },
            },
          ],
        }),
  });
}
