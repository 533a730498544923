import type { FastifyInstance, FastifyRequest } from 'fastify';
import { limits } from '../../graphql/limits/limits';
import { HttpRefusal } from './httpRefusal';

/** Characters of a host and port (RFC 3986): names, IPv4, and IPv6 in brackets. */
const hostCharacters = /^[\w.~%!$&'()*+,;=:[\]-]+$/;

const isHost = (host: string): boolean => hostCharacters.test(host) && URL.canParse(`http://${host}/`);

/** HTTP/1.1 requires exactly one host, and HTTP/1.0 allows none (RFC 9112, section 3.2). */
function checkHost({ raw }: FastifyRequest): void {
  // Node keeps the first of several hosts in `headers`, and a proxy may follow another.
  const hosts = raw.headersDistinct['host'] ?? [];
  const isAbsent = hosts.length === 0 && raw.httpVersion === '1.0';
  if (isAbsent || (hosts.length === 1 && isHost(hosts[0]))) return;
  throw new HttpRefusal(
    400,
    'Expected a `Host` header, once, with a host name and optional port; got none, several or another value. Correct it.',
  );
}

/** Refuses requests to every path whose head is malformed, before any code reads it. */
export function checkHeads(app: FastifyInstance): void {
  app.addHook('onRequest', async request => checkHost(request));
}

/** @throws {HttpRefusal} 414 or 400 on a query string that is too long or not percent-encoded UTF-8 */
function checkQueryString({ raw }: FastifyRequest): void {
  const search = raw.url?.split('?', 2)[1] ?? '';
  if (search.length > 2 * limits.characters) {
    throw new HttpRefusal(
      414,
      `Expected a query string of at most ${2 * limits.characters} characters; got ${search.length}. Use POST.`,
    );
  }
  try {
    decodeURIComponent(search);
  } catch {
    throw new HttpRefusal(
      400,
      'Expected a query string of percent-encoded UTF-8; got other bytes. Correct its encoding.',
    );
  }
}

/** Headers that a form or link of another site cannot send. A request with one of them is not a forged one. */
const preflightedHeaders = ['authorization', 'x-apollo-operation-name', 'apollo-require-preflight'] as const;

function checkGet(request: FastifyRequest): void {
  checkQueryString(request);
  const { headers } = request;
  if (headers['content-type'] !== undefined || preflightedHeaders.some(name => headers[name])) return;
  throw new HttpRefusal(
    400,
    `Expected one of the headers ${preflightedHeaders.join(', ')}, which protect a GET against request forgery; got none. Send one, or use POST.`,
  );
}

const charset = /;\s*charset\s*=\s*"?([^";\s]+)"?/i;
/** Encodings of request bodies that are accepted. */
export const bodyEncodings = ['gzip', 'br', 'identity'] as const;

/**
 * Writes the content coding of a body as what inflates it compares it: in lower case, and gzip for `x-gzip`, which is the same
 * (RFC 9110, section 8.4.1).
 */
function normalizeContentCoding({ headers }: FastifyRequest): void {
  const coding = headers['content-encoding']?.toLowerCase();
  if (coding !== undefined) headers['content-encoding'] = coding === 'x-gzip' ? 'gzip' : coding;
}

function checkPost({ headers }: FastifyRequest): void {
  const type = headers['content-type'] ?? '';
  if (!/^application\/json\s*(;|$)/i.test(type)) {
    const got = type === '' ? 'none' : 'another';
    throw new HttpRefusal(415, `Expected content-type: application/json; got ${got}. Send JSON.`);
  }
  const named = charset.exec(type)?.[1].toLowerCase();
  if (named !== undefined && named !== 'utf-8' && named !== 'utf8') {
    throw new HttpRefusal(415, 'Expected a body in UTF-8; got another charset. Send charset=utf-8.');
  }
  const encoding = headers['content-encoding'];
  if (encoding !== undefined && !(bodyEncodings as readonly string[]).includes(encoding)) {
    throw new HttpRefusal(
      415,
      'Expected content-encoding gzip, br or identity; got another. Send the body with one of these.',
      { 'accept-encoding': bodyEncodings.join(', ') },
    );
  }
  const bytes = Number(headers['content-length']);
  if (bytes > limits.bodyBytes) {
    throw new HttpRefusal(
      413,
      `Expected a body of at most ${limits.bodyBytes} bytes; got ${bytes}. Split it into several requests.`,
      { connection: 'close' },
    );
  }
}

const accepted = /(^|[,\s])(\*\/\*|application\/\*|application\/json|application\/graphql-response\+json)/i;

/**
 * Checks the head of a GraphQL request, and writes its content coding in lower case. It costs microseconds, so it is done before the credential is checked.
 *
 * @throws {HttpRefusal} 400, 406, 413, 414 or 415
 */
export function checkGraphqlHead(request: FastifyRequest): void {
  if (request.method === 'GET') checkGet(request);
  else {
    normalizeContentCoding(request);
    checkPost(request);
  }
  const { accept } = request.headers;
  if (accept === undefined || accept === '' || accepted.test(accept)) return;
  throw new HttpRefusal(
    406,
    'Expected an `Accept` header with application/json or application/graphql-response+json; got another. This gateway sends each response whole, as JSON.',
  );
}
