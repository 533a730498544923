import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { GatewayError } from '../../../src/domain/errors';
import { type ApiEncoderOptions, createApiEncoder } from '../../../src/store/encoders/apiEncoder';

/** A received request. */
interface Asked {
  readonly url: string;
  readonly authorization: string | undefined;
  readonly body: { readonly model: string; readonly input: readonly string[] };
}

type Answer = (requests: Asked, response: ServerResponse) => void;

const key = 'sk-secret-key';
const secretText = 'a very secret mug';

let server: Server;
let baseUrl: string;
let requests: Asked[];
/** Responses in order; the last one is repeated. */
let responses: Answer[];
let waits: number[];

async function bodyOf(request: IncomingMessage): Promise<string> {
  let body = '';
  for await (const chunk of request) body += String(chunk);
  return body;
}

async function take(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = JSON.parse(await bodyOf(request)) as Asked['body'];
  const one = { url: request.url ?? '', authorization: request.headers.authorization, body };
  requests.push(one);
  const answer = responses.length > 1 ? responses.shift() : responses[0];
  answer?.(one, response);
}

beforeAll(async () => {
  server = createServer((request, response) => void take(request, response));
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
});
afterAll(async () => {
  server.closeAllConnections();
  await new Promise(resolve => server.close(resolve));
});
beforeEach(() => {
  requests = [];
  waits = [];
  responses = [vectors];
});

const json = (response: ServerResponse, body: unknown, status = 200): void => {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
};

/** Vectors of (text length, 1), out of order, as the API allows. */
const vectors: Answer = ({ body }, response) =>
  json(response, {
    data: body.input.map((text, index) => ({ index, embedding: [text.length, 1] })).reverse(),
  });

const status =
  (code: number, headers: Readonly<Record<string, string>> = {}): Answer =>
  ({ body }, response) => {
    response.writeHead(code, headers).end(`nothing for ${body.input.join()}`);
  };

const encoderOf = (options: Partial<ApiEncoderOptions> = {}) =>
  createApiEncoder({
    baseUrl,
    model: 'tiny',
    key,
    pacing: {
      random: () => 0.5,
      sleep: async ms => {
        waits.push(ms);
      },
    },
    ...options,
  });

const idle = (): AbortSignal => new AbortController().signal;

async function failureOf(work: Promise<unknown>): Promise<GatewayError> {
  try {
    await work;
  } catch (error) {
    if (error instanceof GatewayError) return error;
    throw error;
  }
  throw new Error('Expected a GatewayError');
}

/** Checks that neither message, details nor causes of an error contain secrets. */
function expectSilence(error: GatewayError): void {
  let text = '';
  for (let one: unknown = error; one instanceof Error; one = one.cause) {
    text += one.message + JSON.stringify(one) + (one.stack ?? '');
  }
  expect(text).not.toContain(key);
  expect(text).not.toContain(secretText);
}

it('sends batches and returns vectors in order', async () => {
  const encoder = encoderOf({ batchSize: 2 });
  const { dimensions, rows } = await encoder.encode(['a', 'bbb', 'cc', 'dddd', 'e'], idle());
  expect(dimensions).toBe(2);
  expect([...rows]).toEqual([1, 1, 3, 1, 2, 1, 4, 1, 1, 1]);
  expect(requests.map(({ body }) => body.input.length)).toEqual([2, 2, 1]);
  expect(requests[0]).toMatchObject({
    url: '/v1/embeddings',
    authorization: `Bearer ${key}`,
    body: { model: 'tiny', encoding_format: 'float' },
  });
  expect(encoder.name).toBe('api:tiny');
});

it('sends no key when none is set, and accepts a trailing slash in the address', async () => {
  await encoderOf({ key: null, baseUrl: `${baseUrl}/` }).encode(['a'], idle());
  expect(requests[0].authorization).toBeUndefined();
  expect(requests[0].url).toBe('/v1/embeddings');
});

it('truncates long texts', async () => {
  const { rows } = await encoderOf().encode(['x'.repeat(20_000)], idle());
  expect(rows[0]).toBe(8_000);
});

it('sends no request for no texts', async () => {
  expect(await encoderOf().encode([], idle())).toEqual({ dimensions: 0, rows: new Float32Array() });
  expect(requests).toEqual([]);
});

it('retries after 429 and 5xx with growing delays, and respects Retry-After', async () => {
  responses = [status(429), status(500), status(503, { 'retry-after': '7' }), vectors];
  const { rows } = await encoderOf().encode(['abc'], idle());
  expect([...rows]).toEqual([3, 1]);
  // Three quarters of 500, 1000 and 2000 ms; the third response requests seven seconds.
  expect(waits).toEqual([375, 750, 7_000]);
});

it('fails after six attempts', async () => {
  responses = [status(500)];
  const error = await failureOf(encoderOf().encode([secretText], idle()));
  expect(error).toMatchObject({ code: 'UNAVAILABLE', details: { status: 500 } });
  expect(requests).toHaveLength(6);
  expectSilence(error);
});

it('waits at most a minute, whatever the server requests', async () => {
  responses = [status(429, { 'retry-after': '86400' }), vectors];
  await encoderOf().encode(['abc'], idle());
  expect(waits).toEqual([60_000]);
});

it.each([400, 401, 403, 404, 422])('does not retry after %d', async code => {
  responses = [status(code)];
  const error = await failureOf(encoderOf().encode([secretText], idle()));
  expect(error.code).toBe('ENCODER_INVALID');
  expect(error.message).toContain(`HTTP ${code}`);
  expect(error.message).toContain('AFFINITY_ENCODER_KEY');
  expect(requests).toHaveLength(1);
  expectSilence(error);
});

it('does not follow a redirect with the key', async () => {
  responses = [status(307, { location: 'http://127.0.0.1:1/' })];
  const error = await failureOf(encoderOf().encode([secretText], idle()));
  expect(error.code).toBe('UNAVAILABLE');
  expectSilence(error);
});

it('reports that nothing listens', async () => {
  const closed = createServer();
  await new Promise<void>(resolve => closed.listen(0, '127.0.0.1', resolve));
  const { port } = closed.address() as AddressInfo;
  await new Promise(resolve => closed.close(resolve));
  const nowhere = encoderOf({ baseUrl: `http://127.0.0.1:${port}/v1` });
  const error = await failureOf(nowhere.encode([secretText], idle()));
  expect(error.code).toBe('UNAVAILABLE');
  expect(error.message).toContain('ECONNREFUSED');
  expectSilence(error);
});

it('times out without a response, and retries', async () => {
  responses = [() => undefined, vectors];
  const { rows } = await encoderOf({ timeoutMs: 100 }).encode(['abc'], idle());
  expect([...rows]).toEqual([3, 1]);
  expect(waits).toHaveLength(1);
});

it('stops at once when cancelled: during a request, while waiting, before the start', async () => {
  const asking = new AbortController();
  responses = [() => asking.abort()];
  expect((await failureOf(encoderOf().encode(['abc'], asking.signal))).code).toBe('CANCELLED');

  const waiting = new AbortController();
  responses = [
    (_, response) => {
      response.writeHead(500).end();
      setImmediate(() => waiting.abort());
    },
  ];
  const real = createApiEncoder({ baseUrl, model: 'tiny', key });
  expect((await failureOf(real.encode(['abc'], waiting.signal))).code).toBe('CANCELLED');

  requests = [];
  expect((await failureOf(encoderOf().encode(['abc'], AbortSignal.abort()))).code).toBe('CANCELLED');
  expect(requests).toEqual([]);
});

it.each<[string, unknown]>([
  ['no data', {}],
  ['fewer vectors', { data: [] }],
  ['no vector', { data: [{ index: 0 }] }],
  ['a vector of nothing', { data: [{ index: 0, embedding: [] }] }],
  ['a place outside', { data: [{ index: 4e9, embedding: [1] }] }],
  ['words for numbers', { data: [{ index: 0, embedding: [secretText] }] }],
  ['a number beyond float32', { data: [{ index: 0, embedding: [1e300] }] }],
  ['null', null],
])('refuses a response with %s', async (_, body) => {
  responses = [(_asked, response) => json(response, body)];
  const error = await failureOf(encoderOf().encode([secretText], idle()));
  expect(error.code).toBe('ENCODER_INVALID');
  expectSilence(error);
});

it('rejects vectors of different lengths, and two with one index', async () => {
  responses = [
    ({ body }, response) =>
      json(response, {
        data: body.input.map((text, index) => ({ index, embedding: text.split('').map(Number) })),
      }),
  ];
  expect((await failureOf(encoderOf().encode(['11', '1'], idle()))).code).toBe('ENCODER_INVALID');
  responses = [
    (_, response) =>
      json(response, {
        data: [
          { index: 0, embedding: [1] },
          { index: 0, embedding: [1] },
        ],
      }),
  ];
  expect((await failureOf(encoderOf().encode(['11', '1'], idle()))).code).toBe('ENCODER_INVALID');
});

it('rejects a response that is not JSON without quoting it', async () => {
  responses = [({ body }, response) => void response.end(`<html>${body.input.join()}`)];
  const error = await failureOf(encoderOf().encode([secretText], idle()));
  expect(error.code).toBe('ENCODER_INVALID');
  expectSilence(error);
});
