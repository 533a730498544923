import { type ApolloServer, HeaderMap, type HTTPGraphQLRequest } from '@apollo/server';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { GraphqlContext } from '../../graphql/request/context';
import { quoteLongIntegers } from '../../intake/exactJson';
import { parseBody } from './requestBody';

function headersOf({ headers }: FastifyRequest): HeaderMap {
  const map = new HeaderMap();
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) map.set(name, Array.isArray(value) ? value.join(', ') : value);
  }
  return map;
}

/** Returns the query string with long whole numbers in `variables` as texts: the same reading as of a body. */
function searchOf(url: string): string {
  const at = url.indexOf('?');
  if (at < 0) return '';
  const parameters = new URLSearchParams(url.slice(at));
  const [variables, ...others] = parameters.getAll('variables');
  // Apollo refuses several.
  if (variables === undefined || others.length > 0) return url.slice(at);
  const exact = quoteLongIntegers(variables);
  if (exact === variables) return url.slice(at);
  parameters.set('variables', exact);
  return `?${parameters}`;
}

function toApolloRequest(request: FastifyRequest): HTTPGraphQLRequest {
  const { method, url } = request;
  const body = method === 'POST' ? parseBody(request.body) : undefined;
  return { method, headers: headersOf(request), search: searchOf(url), body };
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
