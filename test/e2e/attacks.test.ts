import { startTestGateway, type TestGateway } from '../support/gateway';

let gateway: TestGateway;
let storefront: string;
beforeAll(async () => {
  gateway = await startTestGateway();
  storefront = await gateway.token('STOREFRONT');
});
afterAll(() => gateway.close());

/** Sends a raw request to /graphql. */
async function send(init: RequestInit & { search?: string } = {}) {
  const response = await fetch(`${gateway.url}/graphql${init.search ?? ''}`, init);
  return { status: response.status, text: await response.text(), headers: response.headers };
}

const json = { 'content-type': 'application/json' };
const bearer = () => ({ ...json, authorization: `Bearer ${storefront}` });
const post = (body: string | Uint8Array<ArrayBuffer>, headers: Record<string, string> = bearer()) =>
  send({ method: 'POST', headers, body });
const times = (count: number, make: (index: number) => string) =>
  Array.from({ length: count }, (_, i) => make(i)).join(' ');
const code = (answer: { body: { errors?: readonly { extensions: Readonly<Record<string, unknown>> }[] } }) =>
  answer.body.errors?.[0]?.extensions['code'];

describe('the schema is hidden from unauthorized callers', () => {
  const introspection = '{ __schema { types { name fields { name } } } }';

  it.each([
    ['anonymous', () => null, 401],
    ['a storefront', () => storefront, 400],
  ])('introspection by %s is refused', async (_who, credential, status) => {
    const answer = await gateway.ask(credential(), introspection);
    expect(answer.status).toBe(status);
    expect(answer.text).not.toContain('Product');
  });

  it('a merchandiser may introspect', async () => {
    const answer = await gateway.ask(await gateway.token('MERCHANDISER'), introspection);
    expect(answer.status).toBe(200);
    expect(answer.text).toContain('RecommendationList');
  });

  it.each([
    '{ produc(productId: 1) { id } }',
    '{ __schema { directive } }',
    '{ product(productid: 1) { id } }',
  ])('a misspelled name gets no suggestion: %s', async query => {
    const answer = await gateway.ask(storefront, query);
    expect(answer.status).toBe(400);
    expect(answer.text).not.toMatch(/did you mean/i);
    const anonymous = await gateway.ask(null, query);
    expect(anonymous.status).toBe(401);
    expect(anonymous.text).not.toMatch(/produc|directive/i);
  });

  it.each(['/', '/graphql'])('a GET of %s by a browser shows no IDE', async path => {
    const response = await fetch(`${gateway.url}${path}`, { headers: { accept: 'text/html' } });
    expect(response.status).toBe(path === '/' ? 200 : 400);
    expect(await response.text()).not.toMatch(/graphiql|playground|<script/i);
  });

  it('circular introspection is refused, also to roles that may introspect', async () => {
    const open = 'fields { type { '.repeat(5);
    const query = `{ __schema { types { ${open} name ${'} } '.repeat(5)} } }`;
    expect((await gateway.ask(await gateway.token('ADMIN'), query)).status).toBe(400);
  });
});

describe('forged requests', () => {
  it('a GET without a preflight header is refused before execution', async () => {
    gateway.counting.reset();
    expect((await send({ search: '?query={__typename}' })).status).toBe(400);
    expect(gateway.counting.calls).toEqual([]);
  });

  it('a mutation over GET is refused with 405', async () => {
    const query = encodeURIComponent('mutation { apiKeyRevoke(keyId: "1") { revoked } }');
    const headers = { 'apollo-require-preflight': '1', authorization: bearer().authorization };
    const answer = await send({ search: `?query=${query}`, headers });
    expect(answer.status).toBe(405);
    expect(answer.headers.get('allow')).toContain('POST');
  });

  it.each(['PUT', 'DELETE', 'PATCH'])('%s is refused with 405', async method => {
    expect((await send({ method, headers: bearer(), body: '{"query":"{__typename}"}' })).status).toBe(405);
  });

  it.each([
    ['application/x-www-form-urlencoded', 'query=%7B__typename%7D'],
    ['text/plain', '{"query":"{__typename}"}'],
    [
      'multipart/form-data; boundary=x',
      '--x\r\ncontent-disposition: form-data; name="query"\r\n\r\n{__typename}\r\n--x--',
    ],
  ])('a body of %s is refused', async (type, body) => {
    const answer = await post(body, { ...bearer(), 'content-type': type });
    expect([400, 415]).toContain(answer.status);
  });
});

describe('requests with too many elements are refused', () => {
  it('101 aliases of __typename', async () => {
    expect((await gateway.ask(storefront, `{ ${times(101, i => `a${i}: __typename`)} }`)).status).toBe(400);
  });

  it('101 aliases of a product field', async () => {
    const query = `{ ${times(101, i => `a${i}: product(productId: "p${i}") { id }`)} }`;
    expect((await gateway.ask(storefront, query)).status).toBe(400);
  });

  it('15 lists under aliases are allowed', async () => {
    const lists = times(
      15,
      i =>
        `s${i}: viewer { recommendations(placement: "s${i}", first: 12) { items { nodes { product { title } } } } }`,
    );
    const answer = await gateway.ask(storefront, `{ ${lists} }`);
    expect(answer.body.errors).toBeUndefined();
    expect(Object.keys(answer.body.data ?? {})).toHaveLength(15);
  });

  it('an array of ten operations', async () => {
    const answer = await post(JSON.stringify(Array(10).fill({ query: '{ __typename }' })));
    expect(answer.status).toBe(400);
  });

  it('ten unknown directives get at most five errors', async () => {
    const answer = await gateway.ask(storefront, `{ __typename ${times(10, () => '@aa')} }`);
    expect(answer.status).toBe(400);
    expect(answer.body.errors?.length).toBeLessThanOrEqual(6);
  });

  it('too many directives', async () => {
    const answer = await gateway.ask(storefront, `{ ${times(25, () => '__typename @include(if: true)')} }`);
    expect(answer.status).toBe(400);
  });

  it('500 equal fields cost as much as one', async () => {
    const answer = await gateway.ask(storefront, `{ ${times(500, () => '__typename')} }`);
    expect([200, 400]).toContain(answer.status);
  });
});

describe('operations that are too deep or too wide are refused', () => {
  it('3,000 fields', async () => {
    const answer = await gateway.ask(
      storefront,
      `{ ${times(3000, () => 'product(productId: 1) { id title }')} }`,
    );
    expect([400, 413]).toContain(answer.status);
    const shorter = await gateway.ask(storefront, `{ ${times(3000, () => 'a')} }`);
    expect(shorter.status).toBe(400);
    expect(code(shorter)).toBe('GRAPHQL_PARSE_FAILED');
  });

  it('three nested lists', async () => {
    const open = 'similar(first: 3) { items { nodes { product { ';
    const deep = `{ product(productId: "p01") { ${open.repeat(6)} id ${'} } } } '.repeat(6)} } }`;
    const answer = await gateway.ask(storefront, deep);
    expect(answer.status).toBe(400);
    expect(gateway.recommender.asked.filter(({ kind }) => kind === 'similar')).toEqual([]);
  });

  it('a fragment bomb', async () => {
    const fragments = times(
      18,
      i => `fragment F${i} on Query { a: product(productId: 1) { ...P } ...F${i + 1} ...F${i + 1} }`,
    );
    const bomb = `{ ...F0 } ${fragments} fragment F18 on Query { __typename } fragment P on Product { id }`;
    expect((await gateway.ask(storefront, bomb)).status).toBe(400);
  });

  it('a fragment bomb with different branches', async () => {
    const fragments = times(
      18,
      i =>
        `fragment F${i} on Product { a: similar { items { nodes { product { ...F${i + 1} } } } } b: similar { items { nodes { product { ...F${i + 1} } } } } }`,
    );
    const bomb = `{ product(productId: 1) { ...F0 } } ${fragments} fragment F18 on Product { id }`;
    expect((await gateway.ask(storefront, bomb)).status).toBe(400);
  });

  it('a cycle of fragments', async () => {
    const query = '{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }';
    expect((await gateway.ask(storefront, query)).status).toBe(400);
  });

  it.each([
    ['literal', 'query { products(first: 999999999) { nodes { id } } }', undefined],
    ['variable', 'query ($n: Int!) { products(first: $n) { nodes { id } } }', { n: 999_999_999 }],
    [
      'inner variable',
      'query ($n: Int!) { products(first: 100) { nodes { similar(first: $n) { items { nodes { rank } } } } } }',
      { n: 100 },
    ],
  ])('a page of 1,000,000,000 rows, as a %s', async (_how, query, variables) => {
    const answer = await gateway.ask(storefront, query, variables);
    expect(answer.status).toBe(400);
    expect(code(answer)).toBe('BAD_USER_INPUT');
  });

  it('a page of more than 100 rows is refused with the name of the argument', async () => {
    const answer = await gateway.ask(storefront, '{ products(first: 101) { nodes { id } } }');
    expect(code(answer)).toBe('BAD_USER_INPUT');
    expect(answer.body.errors?.[0].message).toContain('`first`');
  });
});

describe('requests that are too large are refused', () => {
  it('a comment of 2 MB', async () => {
    expect((await post(JSON.stringify({ query: `{ __typename #${'x'.repeat(2e6)}\n}` }))).status).toBe(413);
  });

  it('a comment of 200 kB', async () => {
    expect((await post(JSON.stringify({ query: `{ __typename #${'x'.repeat(2e5)}\n}` }))).status).toBe(413);
  });

  it('variables that are nested 5,000 levels deep', async () => {
    const variables = `{"i":${'{"n":'.repeat(5000)}null${'}'.repeat(5000)}}`;
    const answer = await post(`{"query":"{ __typename }","variables":${variables}}`);
    expect(answer.status).toBe(400);
    expect(answer.text).toContain('BAD_USER_INPUT');
  });

  it('1,000 invalid rows get few errors', async () => {
    const query = 'query ($ids: [ID!]!) { nodes(ids: $ids) { id } }';
    const answer = await gateway.ask(storefront, query, { ids: Array(1000).fill({}) });
    expect(answer.status).toBe(400);
    expect(code(answer)).toBe('BAD_USER_INPUT');
    expect(answer.text.length).toBeLessThan(2000);
  });
});

describe('invalid text is refused', () => {
  const find = 'query ($id: ID!) { product(productId: $id) { id } }';

  it('a document that is not GraphQL', async () => {
    const answer = await gateway.ask(storefront, 'qwerty cop { abc }');
    expect(answer.status).toBe(400);
    expect(code(answer)).toBe('GRAPHQL_PARSE_FAILED');
  });

  it('bytes that are not UTF-8', async () => {
    const head = new TextEncoder().encode(`{"query":"${find}","variables":{"id":"`);
    const tail = new TextEncoder().encode('"}}');
    const body = new Uint8Array([...head, 0xff, 0xfe, 0xc3, 0x28, ...tail]);
    expect((await post(body)).status).toBe(400);
  });

  it('a query string that is not UTF-8', async () => {
    const headers = { 'apollo-require-preflight': '1', authorization: bearer().authorization };
    expect(
      (await send({ search: '?query={__typename}&variables=%7B%22a%22:%22%ff%22%7D', headers })).status,
    ).toBe(400);
  });

  it.each([
    ['NUL', '\0'],
    ['a lone surrogate', '\ud800'],
  ])('%s in a variable', async (_what, id) => {
    const answer = await gateway.ask(storefront, find, { id: `x${id}` });
    expect(answer.status).toBe(400);
    expect(code(answer)).toBe('BAD_USER_INPUT');
  });

  it('NUL in a literal', async () => {
    const answer = await gateway.ask(storefront, '{ product(productId: "x\\u0000") { id } }');
    expect(answer.status).toBe(400);
    expect(code(answer)).toBe('BAD_USER_INPUT');
  });

  it('a lone surrogate in a literal', async () => {
    expect((await gateway.ask(storefront, '{ product(productId: "\\ud800") { id } }')).status).toBe(400);
  });

  it('__proto__ pollutes nothing', async () => {
    const body = `{"query":"${find}","variables":{"id":"p01","__proto__":{"polluted":1}},"__proto__":{"polluted":1}}`;
    expect((await post(body)).status).toBe(200);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  it.each(['utf-7', 'utf-16', 'latin1'])('charset %s', async charset => {
    const headers = { ...bearer(), 'content-type': `application/json; charset=${charset}` };
    expect((await post('{"query":"{__typename}"}', headers)).status).toBe(415);
  });

  it.each(['{"query":', '', 'null', '[]', '"x"', '{}', '{"query":1}'])(
    'a body that is no request: %s',
    async body => {
      expect((await post(body)).status).toBe(400);
    },
  );
});

test('the process is still healthy, and no request was reported as a bug', async () => {
  expect(gateway.unexpected).toEqual([]);
  expect((await gateway.ask(storefront, '{ shop { name } }')).body.data).toEqual({
    shop: { name: 'Shop demo' },
  });
});
