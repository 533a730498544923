import { isUtf8 } from 'node:buffer';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { limits } from '../../graphql/limits/limits';
import { HttpRefusal } from './httpRefusal';

const charset = /;\s*charset\s*=\s*"?([^";\s]+)"?/i;

/** Only UTF-8: other charsets cost decoders, and JSON has no other (RFC 8259). */
function checkEncoding({ headers }: FastifyRequest): void {
  const named = charset.exec(headers['content-type'] ?? '')?.[1].toLowerCase();
  if (named !== undefined && named !== 'utf-8' && named !== 'utf8') {
    throw new HttpRefusal(415, 'Expected a body in UTF-8; it says another charset. Send charset=utf-8.');
  }
  const encoding = headers['content-encoding'];
  if (encoding !== undefined && encoding !== 'identity') {
    throw new HttpRefusal(415, 'Expected a body that is not compressed. Send it without content-encoding.');
  }
}

function parseJson(body: Buffer): unknown {
  if (!isUtf8(body)) throw new HttpRefusal(400, 'Expected a body of valid UTF-8; got other bytes.');
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    throw new HttpRefusal(400, 'Expected a body of JSON; it cannot be parsed.');
  }
}

function checkQueryLength(body: unknown): void {
  const query = typeof body === 'object' && body !== null && 'query' in body ? body.query : null;
  if (typeof query !== 'string' || query.length <= limits.characters) return;
  throw new HttpRefusal(
    413,
    `Expected a document of at most ${limits.characters} characters. Put long values into variables.`,
  );
}

/** Reads JSON bodies, and refuses what is not exactly that before anything else looks at it. */
export function acceptJsonBodies(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  const parse = async (request: FastifyRequest, body: Buffer): Promise<unknown> => {
    checkEncoding(request);
    const parsed = parseJson(body);
    checkQueryLength(parsed);
    return parsed;
  };
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, parse);
}

/** @throws {HttpRefusal} 400 on a query string that is not percent-encoded UTF-8 */
export function checkQueryString({ raw }: FastifyRequest): void {
  const search = raw.url?.split('?', 2)[1] ?? '';
  if (search.length > 2 * limits.characters) {
    throw new HttpRefusal(414, `Expected a query string of at most ${2 * limits.characters} characters.`);
  }
  try {
    decodeURIComponent(search);
  } catch {
    throw new HttpRefusal(400, 'Expected a query string of percent-encoded UTF-8; got other bytes.');
  }
}
