import { startTestGateway, type TestGateway } from '../support/gateway';

let gateway: TestGateway;
let admin: string;
beforeAll(async () => {
  gateway = await startTestGateway();
  admin = await gateway.token('ADMIN');
});
afterAll(() => gateway.close());

const item = (variable: string) => `product(productId: "p01") { title ${variable} }`;

describe('null for a variable that feeds a non-null place with a default', () => {
  it.each([
    ['an argument', 'query ($n: Int) { products(first: $n) { nodes { productId } } }', { n: null }],
    [
      'an argument, with a default of the variable',
      'query ($n: Int = 3) { users(first: $n) { nodes { userId } } }',
      { n: null },
    ],
    [
      'a text argument',
      'query ($p: String) { viewer(userId: "anna") { recommendations(placement: $p) { listId } } }',
      { p: null },
    ],
    ['@include of a field', `query ($a: Boolean = true) { ${item('@include(if: $a)')} }`, { a: null }],
    ['@skip of a field', `query ($a: Boolean = false) { ${item('@skip(if: $a)')} }`, { a: null }],
    [
      '@include of a root field',
      'query ($a: Boolean = true) { shop @include(if: $a) { name } }',
      { a: null },
    ],
    [
      '@skip of an inline fragment',
      'query ($a: Boolean = true) { ... @skip(if: $a) { shop { name } } }',
      { a: null },
    ],
    [
      '@include of a spread',
      'query ($a: Boolean = true) { shop { ...S @include(if: $a) } } fragment S on Shop { name }',
      { a: null },
    ],
    [
      'an input field',
      'mutation ($l: String = "x") { apiKeyCreate(input: { label: $l, role: INGEST }) { userErrors { code } } }',
      { l: null },
    ],
    ['an item of a list', 'query ($i: ID = "a") { nodes(ids: ["b", $i]) { id } }', { i: null }],
  ])('%s is BAD_USER_INPUT, each time', async (_what, query, variables) => {
    const answers = [];
    for (let time = 0; time < 3; time++) answers.push(await gateway.ask(admin, query, variables));
    for (const { body, status } of answers) {
      expect(status).toBe(200);
      expect(body.errors?.map(({ extensions }) => extensions)).toEqual([{ code: 'BAD_USER_INPUT' }]);
    }
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
    expect(gateway.unexpected).toEqual([]);
  });

  it('is no error where the field is not selected', async () => {
    const query =
      'query ($n: Int, $yes: Boolean!) { shop { name } products(first: $n) @skip(if: $yes) { totalCount } }';
    const answer = await gateway.ask(admin, query, { n: null, yes: true });
    expect(answer.body).toEqual({ data: { shop: { name: 'Shop demo' } } });
  });
});

describe('a misspelled value gets no suggestion', () => {
  const track = 'mutation ($i: EventsTrackInput!) { eventsTrack(input: $i) { accepted } }';
  it.each([
    ['an enum value in variables', track, { i: { events: [], errorPolicy: 'IGNORE_FAILEDS' } }],
    ['an input field in variables', track, { i: { event: [], events: [] } }],
    [
      'a nested input field in variables',
      'query ($f: ProductFilterInput) { products(filter: $f) { totalCount } }',
      { f: { categor: 'Home' } },
    ],
    [
      'an enum value',
      'mutation { eventsTrack(input: { events: [{ eventId: "1", type: VIEWS }] }) { accepted } }',
      {},
    ],
    ['an input field', '{ products(filter: { categor: "Home" }) { nodes { id } } }', {}],
    [
      'a quoted enum value',
      'mutation { eventsTrack(input: { events: [{ eventId: "1", type: "VIEW" }] }) { accepted } }',
      {},
    ],
    ['a type', '{ node(id: "x") { ... on Produkt { id } } }', {}],
    ['a field of an interface', '{ node(id: "x") { productId } }', {}],
    ['a type of a variable', 'query ($i: EventsTrackInputs!) { shop { id } }', {}],
    ['a directive', '{ shop @includ(if: true) { id } }', {}],
  ])('%s', async (_what, query, variables) => {
    const { status, text } = await gateway.ask(admin, query, variables);
    expect(status).toBe(400);
    expect(text).not.toMatch(/did you mean/i);
  });

  it.each([
    ['an enum value', { type: 'VIEWS' }],
    ['a field', { productid: 'p' }],
    ['a field of a nested object', { attribution: { listid: 'l' } }],
  ])('%s of a row of a batch', async (_what, wrong) => {
    const row = { eventId: '1', type: 'VIEW', ...wrong };
    const query =
      'mutation ($i: EventsTrackInput!) { eventsTrack(input: $i) { results { status code message } } }';
    const { text, body } = await gateway.ask(admin, query, { i: { events: [row] } });
    expect(body.data?.['eventsTrack']).toMatchObject({ results: [{ status: 'REJECTED' }] });
    expect(text).not.toMatch(/did you mean|VIEW|productId|listId/);
  });
});
