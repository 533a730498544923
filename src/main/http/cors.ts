import cors from '@fastify/cors';
import type { FastifyInstance } from 'fastify';
import { HttpRefusal } from './httpRefusal';

/** Origins whose pages may call the gateway from a browser: any, or those listed. Empty for none. */
export type AllowedOrigins = '*' | readonly string[];

/** Headers that pages may send. */
const allowedHeaders = [
  'Authorization',
  'Content-Type',
  'Content-Encoding',
  'If-None-Match',
  'X-Apollo-Operation-Name',
  'Apollo-Require-Preflight',
  'ApolloGraphQL-Client-Name',
  'ApolloGraphQL-Client-Version',
];
/** Headers of responses that pages may read, beside those that every page may. */
const exposedHeaders = ['ETag', 'Retry-After', 'WWW-Authenticate', 'X-Request-Id'];
/** Seconds that a browser may cache a preflight. Chromium caches for two hours at most. */
const maxAge = 7200;

const isAllowed = (origins: AllowedOrigins, origin: string): boolean =>
  origins === '*' || origins.includes(origin);

/** Returns the headers that let pages of an allowed origin read a response, for responses outside {@link allowOrigins}. */
export function readableBy(
  origins: AllowedOrigins,
  origin: string | undefined,
): Readonly<Record<string, string>> {
  if (origin === undefined || !isAllowed(origins, origin)) return {};
  return {
    'access-control-allow-origin': origins === '*' ? '*' : origin,
    'access-control-expose-headers': exposedHeaders.join(', '),
    vary: 'Origin',
  };
}

/**
 * Lets pages of the allowed origins call the routes of a scope (the CORS protocol of the Fetch standard). Credentials of
 * the browser, such as cookies, are never allowed: tokens are sent in the `Authorization` header.
 */
export function allowOrigins(scope: FastifyInstance, origins: AllowedOrigins): void {
  scope.addHook('onRequest', async ({ method, headers }) => {
    const { origin } = headers;
    const isPreflight = method === 'OPTIONS' && headers['access-control-request-method'] !== undefined;
    if (!isPreflight || origin === undefined || isAllowed(origins, origin)) return;
    throw new HttpRefusal(
      403,
      'Expected an origin that AFFINITY_CORS_ORIGINS lists; got another. Ask the operator to add the origin of this page.',
      { vary: 'Origin' },
    );
  });
  if (origins.length === 0) return;
  scope.register(cors, {
    origin: origins === '*' ? '*' : [...origins],
    methods: ['GET', 'POST'],
    allowedHeaders,
    exposedHeaders,
    maxAge,
    strictPreflight: false,
    // The route responds to OPTIONS.
    preflightContinue: true,
  });
}
