import { toShopId, toUserId } from '../../src/domain/ids';
import { startTestGateway, type TestGateway } from '../support/gateway';

let gateway: TestGateway;
let admin: string;
beforeAll(async () => {
  gateway = await startTestGateway();
  admin = await gateway.token('ADMIN');
  const answer = await gateway.ask(
    admin,
    `mutation { productsUpsert(input: { products: [
      { productId: "p00", title: "Mug", description: "A mug", locale: "en", translations: [
        { locale: "fr", description: "Une tasse" },
        { locale: "zh-Hant", title: "馬克杯" },
        { locale: "zh-CN", title: "马克杯", description: "一个马克杯" }] },
      { productId: "plain", title: "Plain", translations: [] }] }) { created updated userErrors { message } } }`,
  );
  expect(answer.body.data).toEqual({ productsUpsert: { created: 1, updated: 1, userErrors: [] } });
  await gateway.stores.users.upsertMany(
    toShopId('demo'),
    [
      { id: toUserId('anna'), locale: 'zh-TW' },
      { id: toUserId('ben'), locale: 'fr-CA' },
      { id: toUserId('cleo'), locale: 'de' },
    ],
    gateway.clock.now,
  );
});
afterAll(() => gateway.close());

const texts = 'product(productId: "p00") { title description }';

describe('texts of a product in a locale', () => {
  it.each([
    ['zh-TW', '馬克杯', '一个马克杯'],
    ['ZH-hant-hk', '馬克杯', '一个马克杯'],
    ['zh', '马克杯', '一个马克杯'],
    ['fr-CH', 'Mug', 'Une tasse'],
    ['en-GB', 'Mug', 'A mug'],
    ['ja', 'Mug', 'A mug'],
    ['constructor', 'Mug', 'A mug'],
    ['toString', 'Mug', 'A mug'],
    ['__proto__', 'Mug', 'A mug'],
    ['hasOwnProperty', 'Mug', 'A mug'],
    ['', 'Mug', 'A mug'],
  ])('%s', async (locale, title, description) => {
    const query =
      'query ($l: String) { product(productId: "p00") { title(locale: $l) description(locale: $l) } }';
    expect((await gateway.ask(admin, query, { l: locale })).body).toEqual({
      data: { product: { title, description } },
    });
  });

  it.each(['constructor', '__proto__', 'toString', 'valueOf'])(
    'a tag has its English name in %s',
    async locale => {
      const query = 'query ($l: String) { interestTag(tagId: "garden") { name(locale: $l) } }';
      const named = await gateway.ask(admin, '{ interestTag(tagId: "garden") { name(locale: "en") } }');
      expect((await gateway.ask(admin, query, { l: locale })).body).toEqual(named.body);
    },
  );
});

describe('texts without a locale', () => {
  it.each([
    ['anna', '馬克杯', '一个马克杯'],
    ['ben', 'Mug', 'Une tasse'],
    ['cleo', 'Mug', 'A mug'],
    ['zoe', 'Mug', 'A mug'],
  ])('are in the language of the shopper %s', async (user, title, description) => {
    const answer = await gateway.ask(await gateway.token('SHOPPER', { user }), `{ ${texts} }`);
    expect(answer.body.data).toEqual({ product: { title, description } });
  });

  it('are in the language of the shopper that a storefront names', async () => {
    const answer = await gateway.ask(
      await gateway.token('STOREFRONT'),
      `query { anna: viewer(userId: "anna") { ...First } ben: viewer(userId: "ben") { ...First } ${texts} }
       fragment First on Viewer { recommendations(first: 1) { items { nodes { product { title description } } } } }`,
    );
    const first = (title: string, description: string) => ({
      recommendations: { items: { nodes: [{ product: { title, description } }] } },
    });
    expect(answer.body.data).toEqual({
      anna: first('馬克杯', '一个马克杯'),
      ben: first('Mug', 'Une tasse'),
      product: { title: 'Mug', description: 'A mug' },
    });
  });

  it('follow a change of the language at once', async () => {
    const token = await gateway.token('SHOPPER', { user: 'cleo' });
    const before = await gateway.ask(token, `{ ${texts} }`);
    await gateway.ask(
      admin,
      'mutation { usersUpsert(input: { users: [{ userId: "cleo", locale: "zh-SG" }] }) { updated } }',
    );
    const after = await gateway.ask(token, `{ ${texts} }`);
    expect([before.body.data, after.body.data]).toEqual([
      { product: { title: 'Mug', description: 'A mug' } },
      { product: { title: '马克杯', description: '一个马克杯' } },
    ]);
  });

  it('need no read for a product in one language, and one read for others', async () => {
    const token = await gateway.token('SHOPPER', { user: 'mia' });
    await gateway.ask(token, '{ shop { id } }');
    gateway.counting.reset();
    await gateway.ask(token, '{ product(productId: "plain") { title description } }');
    expect(gateway.counting.calls.filter(call => call === 'users.findMany')).toEqual([]);
    await gateway.ask(token, '{ products { nodes { title description } } }');
    await gateway.ask(token, '{ products { nodes { title description } } }');
    expect(gateway.counting.calls.filter(call => call === 'users.findMany')).toEqual(['users.findMany']);
  });
});

test('a batch whose attribute is named as a member of Object.prototype is stored and read', async () => {
  const attributes = JSON.parse('{"constructor": "a", "toString": 1, "__proto__": "b"}');
  const upsert =
    'mutation ($p: [ProductInput!]!) { productsUpsert(input: { products: $p }) { created results { code field } } }';
  const stored = await gateway.ask(admin, upsert, {
    p: [
      { productId: 'keys', attributes },
      { productId: 'bad', attributes: { constructor: { nested: 1 } } },
      { productId: 'tags', translations: [{ locale: 'constructor', title: 'x' }] },
    ],
  });
  expect(stored.body.data?.['productsUpsert']).toMatchObject({
    created: 1,
    results: [
      { code: null, field: null },
      { code: 'ATTRIBUTES_INVALID', field: 'attributes.constructor' },
      { code: 'TRANSLATIONS_INVALID', field: 'translations' },
    ],
  });
  const read = await gateway.ask(admin, '{ product(productId: "keys") { attributes } }');
  expect(JSON.stringify(read.body.data)).toBe(
    '{"product":{"attributes":{"constructor":"a","toString":1,"__proto__":"b"}}}',
  );
});
