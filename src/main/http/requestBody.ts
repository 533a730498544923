import { isUtf8 } from 'node:buffer';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { limits } from '../../graphql/limits/limits';
import { quoteLongIntegers, repeatedName } from '../../intake/exactJson';
import { isJsonObject } from '../../intake/jsonObject';
import { HttpRefusal } from './httpRefusal';

function parseJson(body: Buffer): unknown {
  if (body.length === 0)
    throw new HttpRefusal(400, 'Expected a body of JSON; got an empty one. Send `{"query": "…"}`.');
  if (!isUtf8(body))
    throw new HttpRefusal(400, 'Expected a body of valid UTF-8; got other bytes. Correct its encoding.');
  const text = body.toString('utf8');
  const parsed = parsedOrRefused(text);
  refuseRepeatedNames(text, 'the body');
  return parsed;
}

/** @throws {HttpRefusal} 400 when valid JSON has a name twice in one object: of an event with two ids, only the second would count */
function refuseRepeatedNames(text: string, where: string): void {
  if (repeatedName(text) === null) return;
  throw new HttpRefusal(
    400,
    `Expected each name once in an object of ${where}; got one twice. Keep the member that is meant.`,
  );
}

const isJson = (text: string): boolean => {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
};

/** Rewrites a parameter of JSON as a body would have it, and returns whether it changed. @throws {HttpRefusal} 400 */
function readParameter(parameters: URLSearchParams, name: string): boolean {
  const [text, ...others] = parameters.getAll(name);
  if (text === undefined || others.length > 0 || !isJson(text)) return false;
  refuseRepeatedNames(text, `the ${name}`);
  const exact = quoteLongIntegers(text);
  if (text.trim() === 'null') parameters.delete(name);
  else if (exact !== text) parameters.set(name, exact);
  else return false;
  return true;
}

/**
 * Returns the query string of an address in which `variables` and `extensions` are read as those of a body are: long
 * whole numbers are texts, and null means none. Apollo refuses values that are no JSON, or given twice.
 *
 * @throws {HttpRefusal} 400 when one of them has a name twice in one object
 */
export function exactSearch(url: string): string {
  const at = url.indexOf('?');
  if (at < 0) return '';
  const search = url.slice(at);
  const parameters = new URLSearchParams(search);
  const changes = ['variables', 'extensions'].map(name => readParameter(parameters, name));
  return changes.includes(true) ? `?${parameters}` : search;
}

function parsedOrRefused(text: string): unknown {
  try {
    return JSON.parse(quoteLongIntegers(text));
  } catch {
    throw new HttpRefusal(400, 'Expected a body of JSON; got something that cannot be parsed. Correct it.');
  }
}

const isText = (value: unknown): boolean => typeof value === 'string';

/** Parameters of a request, with what each must be. Null and absent are the same. */
const parameters: readonly (readonly [
  name: string,
  isValid: (value: unknown) => boolean,
  expected: string,
])[] = [
  ['query', isText, 'the text of a document'],
  ['operationName', isText, 'a text'],
  ['variables', isJsonObject, 'an object'],
  ['extensions', isJsonObject, 'an object'],
];

/** @throws {HttpRefusal} 400 when the body is not one request of GraphQL over HTTP */
function checkShape(body: unknown): void {
  if (Array.isArray(body)) {
    throw new HttpRefusal(
      400,
      `Expected one operation per request; got an array of ${body.length}. Send them one by one, or as aliases of one operation.`,
    );
  }
  if (!isJsonObject(body) || Object.keys(body).length === 0) {
    throw new HttpRefusal(
      400,
      'Expected a JSON object with `query`; got something else. Send `{"query": "…"}`.',
    );
  }
  for (const [name, isValid, expected] of parameters) {
    const value = Object.hasOwn(body, name) ? body[name] : null;
    if (value === null || value === undefined || isValid(value)) continue;
    throw new HttpRefusal(400, `Expected \`${name}\` to be ${expected}; got another type. Correct it.`);
  }
}

function checkQueryLength(body: unknown): void {
  const query = isJsonObject(body) ? body['query'] : null;
  if (typeof query !== 'string' || query.length <= limits.characters) return;
  throw new HttpRefusal(
    413,
    `Expected a document of at most ${limits.characters} characters; got ${query.length}. Put long values into variables.`,
  );
}

/**
 * Returns the parameters of a GraphQL request.
 *
 * @throws {HttpRefusal} 400 or 413 when the bytes are not one request of GraphQL over HTTP
 */
export function parseBody(bytes: unknown): unknown {
  const parsed = parseJson(Buffer.isBuffer(bytes) ? bytes : Buffer.alloc(0));
  checkShape(parsed);
  checkQueryLength(parsed);
  return parsed;
}

/** Reads JSON bodies as bytes; the route parses them when it has time. Bodies of other types are refused. */
export function acceptJsonBodies(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  const keep = async (_request: FastifyRequest, body: Buffer): Promise<Buffer> => body;
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, keep);
}
