import { toProductId, toShopId, toUserId } from '../../src/domain/ids';
import { rejectionCatalogue } from '../../src/intake/rejections';
import { startTestGateway, type TestGateway } from '../support/gateway';

let gateway: TestGateway;
let ingest: string;
beforeAll(async () => {
  gateway = await startTestGateway();
  ingest = await gateway.token('INGEST');
});
afterAll(() => gateway.close());

const demo = toShopId('demo');

type Row = Readonly<Record<string, unknown>>;

interface Result {
  readonly index: number;
  readonly id: string;
  readonly status: string;
  readonly code: string | null;
  readonly field: string | null;
  readonly message: string | null;
}

interface Payload {
  readonly rejected: number;
  readonly results: readonly Result[];
  readonly userErrors: readonly { readonly code: string }[];
}

/** A mutation that takes a batch of rows. */
interface Batch {
  readonly mutation: string;
  readonly input: string;
  readonly rowType: string;
  readonly list: string;
  readonly idField: string;
  /** Field of the result that holds the id. */
  readonly resultId: string;
  readonly row: (id: string) => Row;
}

const batches: Readonly<Record<string, Batch>> = {
  events: {
    mutation: 'eventsTrack',
    input: 'EventsTrackInput',
    rowType: 'EventInput',
    list: 'events',
    idField: 'eventId',
    resultId: 'eventId',
    row: eventId => ({ eventId, type: 'VIEW', userId: 'ben', productId: '绿茶-05' }),
  },
  products: {
    mutation: 'productsUpsert',
    input: 'ProductsUpsertInput',
    rowType: 'ProductInput',
    list: 'products',
    idField: 'productId',
    resultId: 'rowId',
    row: productId => ({ productId, title: '绿茶', locale: 'zh-CN', priceMinor: 950 }),
  },
  users: {
    mutation: 'usersUpsert',
    input: 'UsersUpsertInput',
    rowType: 'UserInput',
    list: 'users',
    idField: 'userId',
    resultId: 'rowId',
    row: userId => ({ userId, locale: 'zh-CN', consents: [{ purpose: 'ANALYTICS', granted: true }] }),
  },
};

const results = ({ resultId }: Batch) =>
  `{ rejected results { index id: ${resultId} status code field message } userErrors { code } }`;
const wholeInput = (batch: Batch) =>
  `mutation ($input: ${batch.input}!) { ${batch.mutation}(input: $input) ${results(batch)} }`;

async function send(batch: Batch, query: string, variables: Row): Promise<Payload> {
  const { body } = await gateway.ask(ingest, query, variables);
  expect(body.errors).toBeUndefined();
  return body.data?.[batch.mutation] as unknown as Payload;
}

let calls = 0;
/** Sends a wrong row between two others, whose ids are Chinese, and expects that only the wrong one is rejected. */
async function rejectionOf(batch: Batch, wrong: unknown): Promise<Result> {
  const call = ++calls;
  const rows = [batch.row(`前-${call}`), wrong, batch.row(`后-${call}`)];
  const payload = await send(batch, wholeInput(batch), { input: { [batch.list]: rows } });
  expect(payload).toMatchObject({ rejected: 1, userErrors: [] });
  const [before, rejected, after] = payload.results;
  for (const [row, id, index] of [
    [before, `前-${call}`, 0],
    [after, `后-${call}`, 2],
  ] as const) {
    expect(row).toMatchObject({ index, id, code: null });
    expect(['ACCEPTED', 'CREATED']).toContain(row.status);
  }
  expect(rejected).toMatchObject({ index: 1, status: 'REJECTED' });
  expect(Object.keys(rejectionCatalogue)).toContain(rejected.code);
  expect(rejected.message).toMatch(/^Expected .+; got .+\. [A-Z].+\.$/);
  return rejected;
}

describe.each(Object.entries(batches))('a wrong row of %s', (_name, batch) => {
  const id = '茶壶-一';
  const withoutId = (row: Row) =>
    Object.fromEntries(Object.entries(row).filter(([name]) => name !== batch.idField));

  it.each([
    ['null', null],
    ['a list', [batch.row(id)]],
    ['text', id],
    ['a number', 7],
    ['true', true],
  ])('that is %s is rejected alone', async (_what, wrong) => {
    expect(await rejectionOf(batch, wrong)).toMatchObject({ id: '', code: 'NOT_AN_OBJECT', field: '' });
  });

  it.each([
    ['is missing', {}, 'ID_MISSING', ''],
    ['is null', { [batch.idField]: null }, 'ID_MISSING', ''],
    ['is an object', { [batch.idField]: { id } }, 'TEXT_EXPECTED', ''],
    ['is a list', { [batch.idField]: [id] }, 'TEXT_EXPECTED', ''],
    ['is true', { [batch.idField]: true }, 'TEXT_EXPECTED', ''],
    ['has a fraction', { [batch.idField]: 1.5 }, 'TEXT_EXPECTED', ''],
    ['was rounded', { [batch.idField]: 1e300 }, 'NUMBER_INEXACT', ''],
    ['holds NUL', { [batch.idField]: '茶\0' }, 'TEXT_NUL', '茶\0'],
    ['holds half of a pair', { [batch.idField]: '茶\ud83d' }, 'TEXT_LONE_SURROGATE', '茶\ud83d'],
  ])('whose id %s is rejected alone', async (_what, wrong, code, echoed) => {
    const row = { ...withoutId(batch.row(id)), ...wrong };
    expect(await rejectionOf(batch, row)).toMatchObject({ id: echoed, code, field: batch.idField });
  });

  it('that has an unknown field is rejected, and the field is named', async () => {
    const named = await rejectionOf(batch, { ...batch.row(id), colour: 'green' });
    expect(named).toMatchObject({ id, code: 'FIELD_UNKNOWN', field: 'colour' });
    const odd = await rejectionOf(batch, { ...batch.row(id), '颜色\0': 'green' });
    expect(odd).toMatchObject({ id, code: 'FIELD_UNKNOWN', field: '' });
    const long = await rejectionOf(batch, { ...batch.row(id), ['c'.repeat(65)]: 1 });
    expect(long).toMatchObject({ id, code: 'FIELD_UNKNOWN', field: '' });
  });

  it('echoes an id that is a number, also over 2^53', async () => {
    const wrong = [12, -3, '18446744073709551615'].map(given => ({
      ...batch.row(id),
      [batch.idField]: given,
      x: 1,
    }));
    const body = JSON.stringify({ query: wholeInput(batch), variables: { input: { [batch.list]: wrong } } });
    const response = await fetch(`${gateway.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${ingest}` },
      body: body.replace('"18446744073709551615"', '18446744073709551615'),
    });
    const { data } = (await response.json()) as { data: Record<string, Payload> };
    const ids = data[batch.mutation].results.map(result => result.id);
    expect(ids).toEqual(['12', '-3', '18446744073709551615']);
  });

  it('is rejected in a variable for the list, for one row, and for a list of one', async () => {
    const fine = batch.row('行-1');
    const wrong = { ...batch.row(id), [batch.idField]: false };
    const { mutation, list, rowType } = batch;
    const ofList = `mutation ($rows: [${rowType}!]!) { ${mutation}(input: { ${list}: $rows }) ${results(batch)} }`;
    expect((await send(batch, ofList, { rows: [wrong, fine] })).results).toMatchObject([
      { code: 'TEXT_EXPECTED' },
      { code: null },
    ]);
    const ofRows = `mutation ($a: ${rowType}!, $b: ${rowType}!) { ${mutation}(input: { ${list}: [$a, $b, $a] }) ${results(batch)} }`;
    expect((await send(batch, ofRows, { a: wrong, b: fine })).results).toMatchObject([
      { index: 0, code: 'TEXT_EXPECTED' },
      { index: 1, code: null },
      { index: 2, code: 'TEXT_EXPECTED' },
    ]);
    const bare = await send(batch, wholeInput(batch), { input: { [list]: wrong } });
    expect(bare.results).toMatchObject([{ index: 0, code: 'TEXT_EXPECTED', field: batch.idField }]);
  });

  it('is reported at its place among many, whose others are stored', async () => {
    const isWrong = (index: number) => index % 7 === 3 || index === 0 || index === 999;
    const rows = Array.from({ length: 1000 }, (_, index) =>
      isWrong(index) ? { [batch.idField]: `许-${index}`, odd: index } : batch.row(`许-${index}`),
    );
    const payload = await send(batch, wholeInput(batch), { input: { [batch.list]: rows } });
    expect(payload.results.map(result => result.id)).toEqual(rows.map((_, index) => `许-${index}`));
    const rejected = payload.results.flatMap(({ index, status }) => (status === 'REJECTED' ? [index] : []));
    expect(rejected).toEqual([...rows.keys()].filter(isWrong));
    expect(payload.rejected).toBe(rejected.length);
  });

  it('lets REJECT_EVERYTHING store nothing', async () => {
    const input = {
      errorPolicy: 'REJECT_EVERYTHING',
      [batch.list]: [batch.row('拒'), { ...batch.row(id), [batch.idField]: 1.5 }],
    };
    const payload = await send(batch, wholeInput(batch), { input });
    expect(payload).toMatchObject({
      rejected: 2,
      results: [
        { id: '拒', code: 'BATCH_REJECTED' },
        { id: '', code: 'TEXT_EXPECTED' },
      ],
      userErrors: [{ code: 'ROWS_REJECTED' }],
    });
  });

  it.each([
    ['text for the list', 'rows'],
    ['a number for the list', 5],
    ['null for the list', null],
    ['1,001 rows, one of them wrong', [...Array.from({ length: 1000 }, (_, i) => batch.row(`${i}`)), null]],
  ])('leaves %s an error of the whole call', async (_what, rows) => {
    gateway.counting.reset();
    const { status, body } = await gateway.ask(ingest, wholeInput(batch), { input: { [batch.list]: rows } });
    expect(status).toBe(400);
    expect(body.errors?.[0].extensions).toEqual({ code: 'BAD_USER_INPUT' });
    expect(gateway.counting.calls).toEqual([]);
  });

  it.each([
    ['an unknown policy', { errorPolicy: 'SOMETIMES' }, 'errorPolicy'],
    ['an unknown field of the input', { rows: [] }, 'rows'],
  ])('leaves %s beside it an error of the whole call, and names that', async (_what, wrong, name) => {
    const input = { [batch.list]: [null, batch.row('x'), 7, 8, 9, 10, 11], ...wrong };
    const { status, body } = await gateway.ask(ingest, wholeInput(batch), { input });
    expect(status).toBe(400);
    expect(body.errors?.[0].message).toContain(name);
    expect(body.errors?.[0].message).not.toContain(`${batch.list}[`);
  });

  it('still counts among the values of a request', async () => {
    const rows = [batch.row('x'), { ...batch.row(id), odd: '\0', more: Array(50_001).fill(1) }];
    const { status, text } = await gateway.ask(ingest, wholeInput(batch), { input: { [batch.list]: rows } });
    expect(status).toBe(400);
    expect(text).toContain('at most 50000 values');
  });

  it('is an error of the document when it is written there', async () => {
    const query = `mutation { ${batch.mutation}(input: { ${batch.list}: [{ ${batch.idField}: 1.5 }] }) ${results(batch)} }`;
    const { status, body } = await gateway.ask(ingest, query);
    expect(status).toBe(400);
    expect(body.errors?.[0].extensions).toEqual({ code: 'BAD_USER_INPUT' });
  });

  it('changes nothing for a GET, which runs no mutation', async () => {
    const search = new URLSearchParams({
      query: wholeInput(batch),
      variables: JSON.stringify({ input: { [batch.list]: [null] } }),
    });
    const response = await fetch(`${gateway.url}/graphql?${search}`, {
      headers: { authorization: `Bearer ${ingest}` },
    });
    expect(response.status).toBe(405);
  });
});

it.each([
  ['type', { type: 'SMELL' }, 'TYPE_UNKNOWN'],
  ['type', { type: null }, 'TYPE_UNKNOWN'],
  ['type', { type: 3 }, 'TYPE_UNKNOWN'],
  ['userId', { userId: {} }, 'TEXT_EXPECTED'],
  ['productId', { productId: ['p'] }, 'TEXT_EXPECTED'],
  ['value', { type: 'RATING', value: 'five' }, 'VALUE_NOT_A_NUMBER'],
  ['priceMinor', { priceMinor: '450' }, 'VALUE_NOT_A_NUMBER'],
  ['priceMinor', { priceMinor: 4.5 }, 'PRICE_INVALID'],
  ['queryText', { type: 'SEARCH', queryText: 5 }, 'TEXT_EXPECTED'],
  ['sessionId', { sessionId: false }, 'TEXT_EXPECTED'],
  ['occurredAt', { occurredAt: 1_772_366_400_000 }, 'TIME_INVALID'],
  ['occurredAt', { occurredAt: '2026-02-31T00:00:00Z' }, 'TIME_INVALID'],
  ['attribution', { attribution: '清单' }, 'NOT_AN_OBJECT'],
  ['attribution', { attribution: [] }, 'NOT_AN_OBJECT'],
  ['attribution.listId', { attribution: { rank: 1 } }, 'ID_MISSING'],
  ['attribution.rank', { attribution: { listId: 'l', rank: 'first' } }, 'VALUE_NOT_A_NUMBER'],
  ['attribution.rank', { attribution: { listId: 'l', rank: 2 ** 31 } }, 'VALUE_OUT_OF_RANGE'],
  ['attribution.place', { attribution: { listId: 'l', place: 'home' } }, 'FIELD_UNKNOWN'],
])('an event with a wrong %s is rejected alone: %j', async (field, wrong, code) => {
  const row = { ...batches['events'].row('事件'), ...wrong };
  expect(await rejectionOf(batches['events'], row)).toMatchObject({ id: '事件', code, field });
});

it.each([
  ['title', { title: 5 }, 'TEXT_EXPECTED'],
  ['title', { title: '茶\0' }, 'TEXT_NUL'],
  ['locale', { locale: ['zh'] }, 'TEXT_EXPECTED'],
  ['priceMinor', { priceMinor: 'free' }, 'VALUE_NOT_A_NUMBER'],
  ['priceMinor', { priceMinor: {} }, 'VALUE_NOT_A_NUMBER'],
  ['priceMinor', { priceMinor: 0.5 }, 'PRICE_INVALID'],
  ['stock', { stock: 2 ** 31 }, 'VALUE_OUT_OF_RANGE'],
  ['stock', { stock: 1.5 }, 'VALUE_OUT_OF_RANGE'],
  ['stock', { stock: true }, 'VALUE_NOT_A_NUMBER'],
  ['isActive', { isActive: 'yes' }, 'BOOLEAN_EXPECTED'],
  ['tags', { tags: { a: 1 } }, 'LIST_EXPECTED'],
  ['tags.1', { tags: ['a', null] }, 'TEXT_EXPECTED'],
  ['categoryPath.0', { categoryPath: [['茶']] }, 'TEXT_EXPECTED'],
  ['attributes', { attributes: '{}' }, 'ATTRIBUTES_INVALID'],
  ['attributes', { attributes: [] }, 'ATTRIBUTES_INVALID'],
  ['attributes.尺寸', { attributes: { 尺寸: { cm: 3 } } }, 'ATTRIBUTES_INVALID'],
  ['attributes', { attributes: { 尺寸: '\udc00' } }, 'TEXT_LONE_SURROGATE'],
  ['attributes', { attributes: { ean: 1e300 } }, 'NUMBER_INEXACT'],
  ['translations', { translations: 'Tea' }, 'LIST_EXPECTED'],
  ['translations.0', { translations: [null] }, 'NOT_AN_OBJECT'],
  ['translations.0', { translations: ['Tea'] }, 'NOT_AN_OBJECT'],
  ['translations.1.locale', { translations: [{ locale: 'de' }, { title: 'Tea' }] }, 'TEXT_EXPECTED'],
  ['translations.0.title', { translations: [{ locale: 'de', title: { de: 'Tee' } }] }, 'TEXT_EXPECTED'],
  ['translations.0.titel', { translations: [{ locale: 'de', titel: 'Tee' }] }, 'FIELD_UNKNOWN'],
  ['translations.title', { translations: { locale: 'de', title: 4 } }, 'TEXT_EXPECTED'],
])('a product with a wrong %s is rejected alone: %j', async (field, wrong, code) => {
  const row = { ...batches['products'].row('茶杯'), ...wrong };
  expect(await rejectionOf(batches['products'], row)).toMatchObject({ id: '茶杯', code, field });
  const stored = await gateway.stores.products.findMany(demo, [toProductId('茶杯')]);
  expect([...stored.values()]).toEqual([]);
});

/** An object that is nested deeper than variables may be. */
const nested = (depth: number): unknown => (depth === 0 ? 1 : { inner: nested(depth - 1) });

it.each([
  ['locale', { locale: 7 }, 'TEXT_EXPECTED'],
  ['attributes', { attributes: 3 }, 'ATTRIBUTES_INVALID'],
  ['attributes', { attributes: { 级别: nested(20) } }, 'ATTRIBUTES_INVALID'],
  ['consents', { consents: 'all' }, 'LIST_EXPECTED'],
  ['consents.0', { consents: [[]] }, 'NOT_AN_OBJECT'],
  ['consents.0.purpose', { consents: [{ granted: true }] }, 'CHOICE_UNKNOWN'],
  ['consents.0.purpose', { consents: [{ purpose: 'TEA', granted: true }] }, 'CHOICE_UNKNOWN'],
  ['consents.0.granted', { consents: [{ purpose: 'ANALYTICS', granted: 1 }] }, 'BOOLEAN_EXPECTED'],
  ['consents.0.granted', { consents: [{ purpose: 'ANALYTICS' }] }, 'BOOLEAN_EXPECTED'],
])('a user with a wrong %s is rejected alone: %j', async (field, wrong, code) => {
  const row = { ...batches['users'].row('顾客'), ...wrong };
  expect(await rejectionOf(batches['users'], row)).toMatchObject({ id: '顾客', code, field });
});

describe('the other rows of a batch with a wrong one', () => {
  it('are stored once, however often the batch is sent again', async () => {
    const batch = batches['events'];
    const input = { events: [batch.row('再-1'), { eventId: '再-2', type: 'SMELL' }, batch.row('再-3')] };
    const statuses = async () =>
      (await send(batch, wholeInput(batch), { input })).results.map(({ status }) => status);
    const before = await gateway.stores.interactions.count(demo);
    expect(await statuses()).toEqual(['ACCEPTED', 'REJECTED', 'ACCEPTED']);
    expect(await statuses()).toEqual(['DUPLICATE', 'REJECTED', 'DUPLICATE']);
    expect(await gateway.stores.interactions.count(demo)).toBe(before + 2);
  });

  it('of a shopper are stored, when the wrong one names another shopper', async () => {
    const token = await gateway.token('SHOPPER', { user: 'anna' });
    const events = [
      { eventId: '安-1', type: 'VIEW', productId: 'p01' },
      { eventId: '安-2', type: 'VIEW', productId: 'p01', userId: 'ben', value: 'x' },
    ];
    const { body } = await gateway.ask(token, wholeInput(batches['events']), { input: { events } });
    expect(body.data?.['eventsTrack']).toMatchObject({
      results: [{ status: 'ACCEPTED' }, { id: '安-2', code: 'VALUE_NOT_A_NUMBER' }],
    });
    const own = await gateway.stores.interactions.recentOf(demo, [toUserId('anna')], 100);
    expect(own.get(toUserId('anna'))?.some(({ productId }) => productId === 'p01')).toBe(true);
  });

  it('are refused when more rows of a request are wrong than a batch may have', async () => {
    const query =
      'mutation ($a: [EventInput!]!, $b: [EventInput!]!) { a: eventsTrack(input: { events: $a }) { accepted rejected } b: eventsTrack(input: { events: $b }) { rejected } }';
    const wrong = (count: number) => [
      ...Array(count).fill({ type: '茶' }),
      batches['events'].row(`全-${count}`),
    ];
    const { body } = await gateway.ask(ingest, query, { a: wrong(500), b: wrong(500) });
    expect(body.data).toEqual({ a: { accepted: 1, rejected: 500 }, b: { rejected: 500 } });
    gateway.counting.reset();
    const refused = await gateway.ask(ingest, query, { a: wrong(500), b: wrong(501) });
    expect(refused.status).toBe(400);
    expect(gateway.counting.calls).toEqual([]);
  });

  it('of several mutations in one document are stored', async () => {
    const query =
      'mutation ($e: [EventInput!]!, $p: [ProductInput!]!) { eventsTrack(input: { events: $e }) { accepted rejected } productsUpsert(input: { products: $p }) { created rejected } }';
    const variables = {
      e: [null, batches['events'].row('双-1')],
      p: [batches['products'].row('双-2'), 5, { productId: '双-3', stock: 'many' }],
    };
    const { body } = await gateway.ask(ingest, query, variables);
    expect(body.data).toEqual({
      eventsTrack: { accepted: 1, rejected: 1 },
      productsUpsert: { created: 1, rejected: 2 },
    });
  });
});

it('logs and counts no wrong row as an unexpected error', () => {
  expect(gateway.unexpected).toEqual([]);
});
