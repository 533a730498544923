import { startTestGateway, type TestGateway } from '../support/gateway';

let gateway: TestGateway;
let ingest: string;
beforeAll(async () => {
  gateway = await startTestGateway();
  ingest = await gateway.token('INGEST');
});
afterAll(() => gateway.close());

const event = (fields: string) =>
  `eventsTrack(input: { userId: "ben", events: [{ eventId: "茶-$", type: PURCHASE, productId: "p01", ${fields} }] }) { results { status code } }`;
let ids = 0;
async function ask(query: string, variables: object) {
  return gateway.ask(
    ingest,
    query.replaceAll('茶-$', () => `茶-${++ids}`),
    variables,
  );
}

describe.each([
  ['String', 'DateTime'],
  ['String!', 'DateTime!'],
])('a time in a variable of type %s', (former, present) => {
  const track = (type: string) => `mutation ($at: ${type}) { ${event('occurredAt: $at')} }`;

  it('is the same instant as in one of the present type', async () => {
    for (const type of [former, present]) {
      const { body } = await ask(track(type), { at: '2026-02-28T12:00:00+08:00' });
      expect(body.data?.['eventsTrack']).toEqual({ results: [{ status: 'ACCEPTED', code: null }] });
    }
    const staff = await gateway.token('ADMIN');
    const read = await gateway.ask(
      staff,
      '{ user(userId: "ben") { interactions(first: 2, filter: { since: "2026-02-28T03:59:59Z", until: "2026-02-28T04:00:01Z" }) { nodes { occurredAt } } } }',
    );
    const at = { occurredAt: '2026-02-28T04:00:00.000Z' };
    expect(read.body.data?.['user']).toEqual({ interactions: { nodes: [at, at] } });
    gateway.clock.now += 1;
  });

  it('rejects its row when it is none', async () => {
    const { body } = await ask(track(former), { at: '2026-02-31T00:00:00Z' });
    expect(body.data?.['eventsTrack']).toEqual({ results: [{ status: 'REJECTED', code: 'TIME_INVALID' }] });
  });
});

it.each([
  [450, null],
  [450.5, 'PRICE_INVALID'],
  [-1, 'PRICE_INVALID'],
  [null, null],
])('a price of %j in a variable of type Float has the code %j', async (price, code) => {
  const query = `mutation ($p: Float) { ${event('priceMinor: $p')} productsUpsert(input: { products: [{ productId: "茶", priceMinor: $p }] }) { results { code } } }`;
  const { body } = await ask(query, { p: price });
  expect(body.data).toMatchObject({
    eventsTrack: { results: [{ code }] },
    productsUpsert: { results: [{ code }] },
  });
});

it('a variable of a former type may also be used where that is the type', async () => {
  const query = `mutation ($n: Float) { ${event('priceMinor: $n, value: $n')} }`;
  for (let time = 0; time < 2; time++) {
    const { body } = await ask(query, { n: 3 });
    expect(body.data?.['eventsTrack']).toEqual({ results: [{ status: 'ACCEPTED', code: null }] });
  }
});

it('a variable of another type is refused, in the words of the document', async () => {
  const { status, body } = await ask(`mutation ($at: ID) { ${event('occurredAt: $at')} }`, { at: 'x' });
  expect(status).toBe(400);
  expect(body.errors?.[0]).toMatchObject({
    message: 'Variable "$at" of type "ID" used in position expecting type "DateTime".',
    extensions: { code: 'GRAPHQL_VALIDATION_FAILED' },
  });
});

it.each(['450.0', '4.5e2'])('a whole price may be written as %s', async price => {
  const { body } = await ask(`mutation { ${event(`priceMinor: ${price}`)} }`, {});
  expect(body.data?.['eventsTrack']).toEqual({ results: [{ status: 'ACCEPTED', code: null }] });
});

it.each([
  ['priceMinor: 4.5', 'Expected a whole number from -(2^53 - 1) to 2^53 - 1; got the number 4.5. Send it'],
  ['priceMinor: "450"', 'got text of 3 characters. Send it without quotes'],
  [
    'occurredAt: "noon"',
    'Expected an instant that exists, as ISO 8601 with a time zone; got text of 4 characters. Send',
  ],
  ['occurredAt: 5', 'got the number 5. Send one such as 2026-03-01T09:30:00Z.'],
])('a wrong literal is an error of the document, with what was expected: %s', async (field, message) => {
  const { status, body } = await ask(`mutation { ${event(field)} }`, {});
  expect(status).toBe(400);
  expect(body.errors?.[0].message).toContain(message);
});
