import { startTestGateway, type TestGateway } from '../support/gateway';

let gateway: TestGateway;
let admin: string;
beforeAll(async () => {
  gateway = await startTestGateway();
  admin = await gateway.token('ADMIN');
});
afterAll(() => gateway.close());

async function post(query: string, variables: string) {
  const response = await fetch(`${gateway.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${admin}` },
    body: `{"query": ${JSON.stringify(query)}, "variables": ${variables}}`,
  });
  return { status: response.status, text: await response.text() };
}

const track =
  'mutation ($i: EventsTrackInput!) { eventsTrack(input: $i) { accepted results { eventId status } } }';

describe('whole numbers beyond 2^53 in variables', () => {
  it('stay two ids where they name events, users and products', async () => {
    const events = [
      '{"eventId":1610521604143693812,"userId":9007199254740993,"type":"VIEW","productId":18446744073709551615}',
      '{"eventId":1610521604143693813,"userId":9007199254740992,"type":"VIEW","productId":18446744073709551614}',
    ];
    const { text } = await post(track, `{"i":{"events":[${events.join()}]}}`);
    expect(JSON.parse(text).data.eventsTrack).toEqual({
      accepted: 2,
      results: [
        { eventId: '1610521604143693812', status: 'ACCEPTED' },
        { eventId: '1610521604143693813', status: 'ACCEPTED' },
      ],
    });
    const users = await gateway.ask(
      admin,
      '{ a: user(userId: 9007199254740993) { userId } b: user(userId: 9007199254740992) { userId } }',
    );
    expect(users.body.data).toEqual({ a: { userId: '9007199254740993' }, b: { userId: '9007199254740992' } });
  });

  it('stay exact in attributes, in variables and in the document', async () => {
    const upsert = 'mutation ($p: [ProductInput!]!) { productsUpsert(input: { products: $p }) { created } }';
    await post(upsert, '{"p":[{"productId":"v","attributes":{"ean":40123455123456789012}}]}');
    await gateway.ask(
      admin,
      'mutation { productsUpsert(input: { products: [{ productId: "d", attributes: { ean: 40123455123456789012, pack: 6 } }] }) { created } }',
    );
    const read = await gateway.ask(
      admin,
      '{ v: product(productId: "v") { attributes } d: product(productId: "d") { attributes } }',
    );
    expect(read.body.data).toEqual({
      v: { attributes: { ean: '40123455123456789012' } },
      d: { attributes: { ean: '40123455123456789012', pack: 6 } },
    });
  });

  it.each(['1.610521604143693812e18', '[{ a: -9007199254740993.0 }]'])(
    'are refused in the document where they would be rounded: %s',
    async value => {
      const { body } = await gateway.ask(
        admin,
        `mutation { productsUpsert(input: { products: [{ productId: "f", attributes: { ean: ${value} } }] }) { created } }`,
      );
      expect(JSON.stringify(body.errors)).toContain('2^53 - 1');
    },
  );

  it.each([
    [
      'a price',
      '"productId":"x","priceMinor":9007199254740993',
      'PRICE_INVALID',
      'priceMinor',
      'a whole number over 2^53',
    ],
    [
      'stock',
      '"productId":"x","stock":-9007199254740993',
      'VALUE_OUT_OF_RANGE',
      'stock',
      'a whole number over 2^53',
    ],
    [
      'an attribute with an exponent',
      '"productId":"x","attributes":{"ean":1e300}',
      'NUMBER_INEXACT',
      'attributes',
      'an object',
    ],
    ['an id with an exponent', '"productId":1e300', 'NUMBER_INEXACT', 'productId', 'the number 1e+300'],
  ])('reject their row where a number is needed: %s', async (_what, wrong, code, field, got) => {
    const upsert =
      'mutation ($p: [ProductInput!]!) { productsUpsert(input: { products: $p }) { results { status code field message } } }';
    const rows = `[{"productId":"before"},{${wrong}},{"productId":9007199254740995}]`;
    const { text } = await post(upsert, `{"p":${rows}}`);
    const { results } = JSON.parse(text).data.productsUpsert;
    expect(results).toMatchObject([
      { code: null },
      { status: 'REJECTED', code, field, message: expect.stringContaining(`; got ${got}. `) },
      { code: null },
    ]);
  });

  /** Sends a query in an address. */
  async function get(query: string, variables: string) {
    const search = new URLSearchParams({ query, variables });
    const response = await fetch(`${gateway.url}/graphql?${search}`, {
      headers: { 'apollo-require-preflight': '1', authorization: `Bearer ${admin}` },
    });
    return { status: response.status, text: await response.text() };
  }

  const read = 'query ($id: ID!) { user(userId: $id) { userId } }';

  it('stay exact in a query string, as in a body', async () => {
    for (const id of ['9007199254740993', '18446744073709551615', '-9007199254740993']) {
      const event = `{"i":{"events":[{"eventId":"g${id}","userId":${id},"type":"SEARCH","queryText":"q"}]}}`;
      await post(track, event);
      for (const { status, text } of [await get(read, `{"id": ${id}}`), await post(read, `{"id": ${id}}`)]) {
        expect(status).toBe(200);
        expect(JSON.parse(text)).toEqual({ data: { user: { userId: id } } });
      }
    }
  });

  it.each(['1610521604143693812.0', '1e18', '1.610521604143693812E18', '-9007199254740993.0', '1e400'])(
    'are refused as an id where they were written with a point or an exponent: %s',
    async id => {
      for (const { status, text } of [await get(read, `{"id": ${id}}`), await post(read, `{"id": ${id}}`)]) {
        expect(status).toBe(400);
        expect(JSON.parse(text).data).toBeUndefined();
      }
    },
  );

  it.each(['1610521604143693812.0', '1e18'])('are refused by name: %s', async id => {
    for (const { text } of [await get(read, `{"id": ${id}}`), await post(read, `{"id": ${id}}`)])
      expect(text).toContain('Send it as text');
  });

  it('refuse a name twice in the variables of a query string, as in a body', async () => {
    const { status, text } = await get(read, '{"id": 1, "id": 2}');
    expect([status, text]).toEqual([
      400,
      expect.stringContaining('each name once in an object of the variables'),
    ]);
  });

  it.each([['{"i": 1, "j": {"a": 1, "a": 1}}'], ['{"\\u0069": 1, "i": 2}']])(
    'refuse a name twice at any depth and in any spelling: %s',
    async variables => {
      const { status, text } = await get('query ($i: ID!) { user(userId: $i) { userId } }', variables);
      expect([status, text]).toEqual([400, expect.stringContaining('got one twice')]);
    },
  );

  it.each(['null', ' null\n'])('may be null in a query string, as in a body: %j', async none => {
    const query = '{ shop { __typename } }';
    for (const { status, text } of [await get(query, none), await post(query, none)]) {
      expect(status).toBe(200);
      expect(JSON.parse(text)).toEqual({ data: { shop: { __typename: 'Shop' } } });
    }
  });

  it.each([
    ['variables', '[1]', 400],
    ['variables', '', 400],
    ['extensions', 'null', 200],
    ['extensions', '{}', 200],
    ['extensions', '{"a": 1, "a": 2}', 400],
    ['extensions', '7', 400],
  ])('and extensions in a query string: %s=%s', async (name, value, status) => {
    const search = new URLSearchParams({ query: '{ shop { __typename } }', [name]: value });
    const response = await fetch(`${gateway.url}/graphql?${search}`, {
      headers: { authorization: `Bearer ${admin}` },
    });
    expect(response.status).toBe(status);
  });

  it('leave other parts of a query string as they are', async () => {
    const text = '{"t": "12345678901234567890 +&%"}';
    const { status } = await get(
      'query ($t: String!) { products(filter: { text: $t }) { nodes { id } } }',
      text,
    );
    expect(status).toBe(200);
    expect((await get(read, '{"id": 12345678901234567890')).status).toBe(400);
  });

  it('leave texts that look like them as they are', async () => {
    const name = '{\\"id\\": 9007199254740993}';
    const { text } = await post('query ($t: ID!) { product(productId: $t) { id } }', `{"t":"${name}"}`);
    expect(JSON.parse(text)).toEqual({ data: { product: null } });
  });
});
