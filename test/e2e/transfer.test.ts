import { request as httpRequest } from 'node:http';
import { brotliCompressSync, brotliDecompressSync, gunzipSync, gzipSync } from 'node:zlib';
import { catalogueFields } from '../../src/graphql/caching/catalogueFields';
import { buildGatewaySchema } from '../../src/graphql/schema';
import { startTestGateway, type TestGateway } from '../support/gateway';

let gateway: TestGateway;
let token: string;
beforeAll(async () => {
  gateway = await startTestGateway();
  token = await gateway.token('ADMIN');
});
afterAll(() => gateway.close());
afterEach(() => expect(gateway.unexpected).toEqual([]));

interface Received {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly bytes: Buffer;
}

/** Sends a request and returns the bytes of the response as they came, not inflated. */
const send = (path: string, headers: Record<string, string>, body?: Buffer): Promise<Received> =>
  new Promise((resolve, reject) => {
    const { hostname, port } = new URL(gateway.url);
    const options = { hostname, port, path, method: body === undefined ? 'GET' : 'POST', headers };
    const request = httpRequest(options, response => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          bytes: Buffer.concat(chunks),
        }),
      );
    });
    request.on('error', reject).end(body);
  });

const bearer = () => ({ authorization: `Bearer ${token}` });
const get = (query: string, headers: Record<string, string> = {}) =>
  send(`/graphql?query=${encodeURIComponent(query)}`, { ...bearer(), ...headers });
const post = (body: Buffer, headers: Record<string, string> = {}) =>
  send('/graphql', { ...bearer(), 'content-type': 'application/json', ...headers }, body);

const products = '{ products(first: 20) { nodes { productId title categoryPath attributes updatedAt } } }';
const asBody = (query: string, variables?: unknown) => Buffer.from(JSON.stringify({ query, variables }));

describe('responses', () => {
  it.each([
    ['gzip', gunzipSync],
    ['br', brotliDecompressSync],
  ] as const)(
    'are compressed with %s on request, and inflate to the same bytes',
    async (encoding, inflate) => {
      const plain = await post(asBody(products));
      const compressed = await post(asBody(products), { 'accept-encoding': encoding });
      expect(compressed.headers['content-encoding']).toBe(encoding);
      expect(compressed.headers['vary']).toContain('accept-encoding');
      expect(compressed.bytes.length).toBeLessThan(plain.bytes.length / 2);
      expect(inflate(compressed.bytes).toString()).toBe(plain.bytes.toString());
    },
  );

  it('are sent as they are without a request for it, and below one packet', async () => {
    expect((await post(asBody(products))).headers['content-encoding']).toBeUndefined();
    const small = await post(asBody('{ shop { name } }'), { 'accept-encoding': 'gzip, br' });
    expect(small.headers['content-encoding']).toBeUndefined();
    const refused = await post(asBody(products), { 'accept-encoding': 'identity, gzip;q=0' });
    expect(refused.headers['content-encoding']).toBeUndefined();
  });
});

describe('compressed bodies', () => {
  const body = asBody('query ($id: ID!) { product(productId: $id) { productId } }', { id: 'p01' });

  it.each([
    ['gzip', gzipSync],
    ['br', brotliCompressSync],
  ] as const)('are read: %s', async (encoding, compress) => {
    const answer = await post(compress(body), { 'content-encoding': encoding });
    expect([answer.status, JSON.parse(answer.bytes.toString())]).toEqual([
      200,
      { data: { product: { productId: 'p01' } } },
    ]);
  });

  it.each([
    ['GZIP', gzipSync],
    ['x-gzip', gzipSync],
    ['X-GZip', gzipSync],
    ['Br', brotliCompressSync],
    ['BR', brotliCompressSync],
    ['Identity', (bytes: Buffer) => bytes],
  ] as const)(
    'are read whatever the case of the name, and x-gzip as gzip: %s',
    async (encoding, compress) => {
      const answer = await post(compress(body), { 'content-encoding': encoding });
      expect([answer.status, JSON.parse(answer.bytes.toString())]).toEqual([
        200,
        { data: { product: { productId: 'p01' } } },
      ]);
    },
  );

  it.each([
    ['gzip', gzipSync],
    ['br', brotliCompressSync],
  ] as const)('that inflate beyond the limit get 413: %s', async (encoding, compress) => {
    const bomb = compress(Buffer.alloc(64 * 1024 * 1024, ' '));
    expect(bomb.length).toBeLessThan(100_000);
    const answer = await post(bomb, { 'content-encoding': encoding });
    expect(answer.status).toBe(413);
    expect(answer.bytes.toString()).toContain('BAD_REQUEST');
  });

  it('may inflate to the limit exactly', async () => {
    const padding = ' '.repeat(1_048_576 - body.length);
    const whole = Buffer.concat([body, Buffer.from(padding)]);
    expect((await post(gzipSync(whole), { 'content-encoding': 'gzip' })).status).toBe(200);
    const over = Buffer.concat([whole, Buffer.from(' ')]);
    expect((await post(gzipSync(over), { 'content-encoding': 'gzip' })).status).toBe(413);
  });

  it.each([
    ['gzip', Buffer.from('not gzip at all')],
    ['gzip', gzipSync(body).subarray(0, 20)],
    ['br', Buffer.from('not brotli at all')],
  ])('that are not what they claim get 400: %s', async (encoding, bytes) => {
    const answer = await post(bytes, { 'content-encoding': encoding });
    expect(answer.status).toBe(400);
    expect(answer.bytes.toString()).toMatch(/Expected a body that is valid/);
  });

  it.each(['deflate', 'zstd', 'gzip, br', 'x-unknown', 'x-br'])(
    'of another encoding get 415: %s',
    async encoding => {
      const answer = await post(body, { 'content-encoding': encoding });
      expect([answer.status, answer.headers['accept-encoding']]).toEqual([415, 'gzip, br, identity']);
    },
  );
});

describe('what of the catalogue is read with GET', () => {
  it('has a tag, and is not sent again while it is unchanged', async () => {
    const first = await get(products);
    expect(first.headers['cache-control']).toBe('private, no-cache');
    expect(first.headers['vary']).toMatch(/Authorization/);
    const tag = String(first.headers['etag']);
    const again = await get(products, { 'if-none-match': `"other", ${tag}` });
    expect([again.status, again.bytes.length, again.headers['etag']]).toEqual([304, 0, tag]);
    const compressed = await get(products, { 'if-none-match': tag, 'accept-encoding': 'gzip' });
    expect([compressed.status, compressed.bytes.length]).toEqual([304, 0]);
  });

  it('is sent again after a change', async () => {
    const tag = String((await get(products)).headers['etag']);
    const rows = [{ productId: 'p01', title: 'Renamed for the tag' }];
    const written = await gateway.ask(
      token,
      'mutation ($rows: [ProductInput!]!) { productsUpsert(input: { products: $rows }) { updated } }',
      { rows },
    );
    expect(written.body.data).toEqual({ productsUpsert: { updated: 1 } });
    const changed = await get(products, { 'if-none-match': tag });
    expect(changed.status).toBe(200);
    expect(changed.bytes.toString()).toContain('Renamed for the tag');
    expect(changed.headers['etag']).not.toBe(tag);
  });

  it.each([
    '{ viewer(userId: "anna") { user { userId } } }',
    '{ user(userId: "anna") { userId } }',
    '{ product(productId: "p01") { productId similar { listId } } }',
    '{ products(first: 1) { nodes { productId } } user(userId: "anna") { userId } }',
    '{ apiKeys { id } }',
    '{ __schema { queryType { name } } }',
    '{ product(productId: 1) { nope } }',
  ])('is stored nowhere when anything else is selected: %s', async query => {
    const answer = await get(query);
    expect(answer.headers['cache-control']).toBe('no-store');
    expect(answer.headers['etag']).toBeUndefined();
  });

  it('is stored nowhere when read with POST', async () => {
    expect((await post(asBody(products))).headers['cache-control']).toBe('no-store');
  });

  it('names only fields of the schema', () => {
    const schema = buildGatewaySchema();
    for (const [type, fields] of Object.entries(catalogueFields)) {
      const definition = schema.getType(type);
      const known = definition && 'getFields' in definition ? Object.keys(definition.getFields()) : [];
      expect([type, fields.filter(field => !known.includes(field))]).toEqual([type, []]);
    }
  });
});

describe('parts of GraphQL that the gateway does not have', () => {
  it.each([
    ['a subscription', 'subscription { shop { name } }', /got a subscription/],
    ['@defer', '{ shop { ... @defer { name } } }', /Expected no @defer/],
    ['@stream', '{ products { nodes @stream(initialCount: 1) { productId } } }', /Expected no @stream/],
  ])('%s is refused in plain words', async (_what, query, words) => {
    const answer = await post(asBody(query));
    const { errors } = JSON.parse(answer.bytes.toString()) as {
      errors: { message: string; extensions: unknown }[];
    };
    expect([answer.status, errors[0].extensions]).toEqual([400, { code: 'GRAPHQL_VALIDATION_FAILED' }]);
    expect(errors[0].message).toMatch(words);
  });
});
