import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Admission } from './admission';
import { type AllowedOrigins, readableBy } from './cors';
import { bodyOfError, overloaded } from './httpRefusal';
import { commonHeaders } from './securityHeaders';

/** Responds to a request that must be refused before anything is done for it. Returns whether it did. */
export type Shedder = (request: IncomingMessage, response: ServerResponse) => boolean;

const graphqlPath = /^\/(playground\/)?graphql($|\?)/;

/**
 * Creates a shedder of GraphQL requests under overload. It responds before Fastify handles the request, which costs a third:
 * under overload most requests are refused, and their cost is taken from the others.
 */
export function createShedder({ refuses }: Admission, origins: AllowedOrigins): Shedder {
  const body = JSON.stringify(bodyOfError(overloaded));
  const headers = {
    ...commonHeaders,
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(body),
    'retry-after': '1',
  };
  return ({ method, url = '', headers: { origin } }, response) => {
    if (method === 'OPTIONS' || !graphqlPath.test(url) || !refuses()) return false;
    response.writeHead(503, { ...headers, ...readableBy(origins, origin) }).end(body);
    return true;
  };
}
