import type { IncomingMessage, ServerResponse } from 'node:http';
import { type AllowedOrigins, readableBy } from './cors';
import { bodyOfError, headersOfCode, noCredential } from './httpRefusal';
import type { Refusals } from './refusals';
import { commonHeaders } from './securityHeaders';

/** Responds to a request before Fastify handles it. Returns whether it did, or will. */
export type EarlyResponder = (request: IncomingMessage, response: ServerResponse) => boolean;

/** Sends a response that was prepared once. @param headers - further ones */
export type SendPrepared = (response: ServerResponse, headers?: Readonly<Record<string, string>>) => void;

/** Prepares a response with a JSON body. */
export function prepareJson(
  status: number,
  value: unknown,
  headers: Readonly<Record<string, string>>,
): SendPrepared {
  const body = JSON.stringify(value);
  const all = {
    ...commonHeaders,
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(body),
    ...headers,
  };
  return (response, more = {}) => {
    response.writeHead(status, { ...all, ...more }).end(body);
  };
}

/** Returns a responder that asks each in turn until one responds. */
export const firstOf =
  (...responders: readonly EarlyResponder[]): EarlyResponder =>
  (request, response) =>
    responders.some(respond => respond(request, response));

const graphqlPath = /^\/graphql($|\?)/;

/** Dependencies of the responder for callers without a credential. */
export interface AnonymousOptions {
  readonly refusals: Refusals;
  readonly origins: AllowedOrigins;
  /** Called for each request that is refused. */
  readonly onRefused: () => void;
}

/**
 * Creates a responder to requests without a credential while their refusals are delayed. A rare one is left to Fastify,
 * which checks the head first; in a flood its hooks would take five times as long as this. While a refusal waits, its socket
 * is not read beyond one buffer, and the body is never parsed.
 */
export function createAnonymousResponder(options: AnonymousOptions): EarlyResponder {
  const { refusals, origins, onRefused } = options;
  const send = prepareJson(401, bodyOfError(noCredential), headersOfCode(noCredential.code));

  async function refuse({ socket, headers }: IncomingMessage, response: ServerResponse): Promise<void> {
    const maySend = await refusals.wait(socket);
    onRefused();
    if (!maySend) socket.destroy();
    else if (!response.destroyed) send(response, readableBy(origins, headers.origin));
  }

  return (request, response) => {
    const { method, url = '', headers, socket } = request;
    if (headers.authorization !== undefined || (method !== 'POST' && method !== 'GET')) return false;
    if (!graphqlPath.test(url) || !refusals.areDelayed(socket)) return false;
    void refuse(request, response);
    return true;
  };
}
