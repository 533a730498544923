import { isUtf8 } from 'node:buffer';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { limits } from '../../graphql/limits/limits';
import { quoteLongIntegers } from '../../intake/exactJson';
import { HttpRefusal } from './httpRefusal';

const charset = /;\s*charset\s*=\s*"?([^";\s]+)"?/i;

/** Accepts only UTF-8, the only charset of JSON (RFC 8259). */
function checkEncoding({ headers }: FastifyRequest): void {
  const named = charset.exec(headers['content-type'] ?? '')?.[1].toLowerCase();
  if (named !== undefined && named !== 'utf-8' && named !== 'utf8') {
    throw new HttpRefusal(415, 'Expected a body in UTF-8; got another charset. Send charset=utf-8.');
  }
  const encoding = headers['content-encoding'];
  if (encoding !== undefined && encoding !== 'identity') {
    throw new HttpRefusal(415, 'Expected an uncompressed body; got a content-encoding. Send it without.');
  }
}

function parseJson(body: Buffer): unknown {
  if (!isUtf8(body))
    throw new HttpRefusal(400, 'Expected a body of valid UTF-8; got other bytes. Correct its encoding.');
  try {
    return JSON.parse(quoteLongIntegers(body.toString('utf8')));
  } catch {
    throw new HttpRefusal(400, 'Expected a body of JSON; got something that cannot be parsed. Correct it.');
  }
}

function checkQueryLength(body: unknown): void {
  const query = typeof body === 'object' && body !== null && 'query' in body ? body.query : null;
  if (typeof query !== 'string' || query.length <= limits.characters) return;
  throw new HttpRefusal(
    413,
    `Expected a document of at most ${limits.characters} characters; got ${query.length}. Put long values into variables.`,
  );
}

/** Parses JSON bodies. Other bodies are refused before any other code handles them. */
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
