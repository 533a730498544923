import { type ApolloServer, HeaderMap, type HTTPGraphQLRequest } from '@apollo/server';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { GraphqlContext } from '../../graphql/request/context';
import { exactSearch, parseBody } from './requestBody';

function headersOf({ headers }: FastifyRequest): HeaderMap {
  const map = new HeaderMap();
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) map.set(name, Array.isArray(value) ? value.join(', ') : value);
  }
  return map;
}

function toApolloRequest(request: FastifyRequest): HTTPGraphQLRequest {
  const { method, url } = request;
  const body = method === 'POST' ? parseBody(request.body) : undefined;
  return { method, headers: headersOf(request), search: exactSearch(url), body };
}

/**
 * Parses the body of a request, lets Apollo execute it, and returns the body of the response. Unlike `@as-integrations/fastify`, it makes no
 * address of the `Host` header, which may be absent.
 *
 * @throws {HttpRefusal} when the body is not a GraphQL request
 */
export async function executeWithApollo(
  apollo: ApolloServer<GraphqlContext>,
  request: FastifyRequest,
  reply: FastifyReply,
  context: GraphqlContext,
): Promise<string> {
  const { status, headers, body } = await apollo.executeHTTPGraphQLRequest({
    httpGraphQLRequest: toApolloRequest(request),
    context: async () => context,
  });
  reply.code(status ?? 200).headers(Object.fromEntries(headers));
  if (body.kind === 'complete') return body.string;
  throw new Error('Expected a whole response of Apollo; got one in chunks. Turn incremental delivery off.');
}
