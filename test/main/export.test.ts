import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { eventKeyIn, eventSpaceOf } from '../../src/domain/eventKey';
import {
  type ShopId,
  toCampaignId,
  toEventId,
  toListId,
  toProductId,
  toShopId,
  toUserId,
} from '../../src/domain/ids';
import type { Interaction } from '../../src/domain/interaction';
import { createMemoryStores } from '../../src/store/memory/stores';
import type { Stores } from '../../src/store/ports/stores';
import { createPrismaStores } from '../../src/store/prisma/stores';
import { affinity } from '../support/affinityCommand';
import { createTestDatabase } from '../support/database';
import { makeTestFolder, type TestFolder } from '../support/importRun';
import { tagEdit } from '../support/tagEdit';

let folder: TestFolder;
beforeEach(() => {
  folder = makeTestFolder();
});
afterEach(() => folder.remove());

const event = (shopId: ShopId, id: string, fields: Partial<Interaction> = {}): Interaction => ({
  shopId,
  id: toEventId(id),
  userId: toUserId('u1'),
  productId: toProductId('p1'),
  type: 'VIEW',
  value: null,
  priceMinor: null,
  queryText: null,
  sessionId: null,
  occurredAt: Date.UTC(2026, 0, 1),
  receivedAt: Date.UTC(2026, 0, 2),
  attribution: null,
  ...fields,
});

const space = eventSpaceOf(toUserId('u1'), () => 'a1_-'.repeat(6));

/** When the rows of the seed were made. */
const seededAt = Date.UTC(2026, 0, 3);

/** Campaigns with and without optional fields, one of the future; a product list, a hold-out and a refund. */
async function seedCampaigns({ campaigns }: Stores, shopId: ShopId): Promise<void> {
  const plan = { shopId, status: 'SCHEDULED' as const, channel: 'PUSH' as const, holdoutRate: 0.1 };
  const future = { startsAt: Date.UTC(2031, 0, 1), endsAt: Date.UTC(2031, 0, 8) };
  const [a, b] = ['c-1', 'c-2'].map(toCampaignId);
  await campaigns.upsertMany([
    { ...plan, ...future, id: b, name: '夏 "sale"', budgetMinor: 5_000, createdAt: 1, updatedAt: seededAt },
    {
      ...{ ...plan, id: toCampaignId('c-3'), name: 'whole', status: 'PAUSED', budgetMinor: 1, ...future },
      ...{ createdAt: 4, updatedAt: 5, objective: 'RETENTION', attributionWindowDays: 3 },
      channels: [
        { channel: 'SMS', costMinor: 9 },
        { channel: 'EMAIL', costMinor: 0 },
      ],
      ...{ frequencyCap: { contacts: 1, days: 30 }, quietHours: { startMinute: 1200, endMinute: 600 } },
      sendingWindows: [{ weekdays: ['SUNDAY', 'MONDAY'], startMinute: 0, endMinute: 1440 }],
      audience: {
        by: 'FILTER',
        filter: {
          any: [
            {
              not: { bought: { productIds: [toProductId('p1')], categories: [['家', 'Kitchen']], days: 30 } },
            },
            { all: [{ orders: { atLeast: 2, days: null } }, { attribute: { name: 'tier', equals: 1 / 3 } }] },
            { lastOrder: { olderThanDays: null, newerThanDays: 9 } },
          ],
        },
      },
    },
    { ...plan, id: a, name: '', budgetMinor: null, startsAt: null, endsAt: null, createdAt: 2, updatedAt: 3 },
  ]);
  const offer = { campaignId: b, discountRate: null, discountMinor: 200, costMinor: null };
  await campaigns.upsertOffers(shopId, [
    { ...offer, id: 'o2', title: '2 €', productIds: ['p2', 'p1'].map(toProductId) },
    {
      ...offer,
      id: 'o3',
      title: 'points',
      discountMinor: null,
      productIds: [],
      kind: 'POINTS',
      categories: [['家']],
      points: 5,
    },
    { ...offer, id: 'o1', title: '', productIds: [], discountRate: 1 / 3, discountMinor: null },
  ]);
  const contact = { campaignId: b, propensity: 1 / 7, contactedAt: seededAt };
  await campaigns.upsertContacts(shopId, [
    { ...contact, userId: toUserId('u2'), offerId: null, arm: 'HOLDOUT' },
    { ...contact, userId: toUserId('u1'), offerId: 'o1', arm: 'TREATMENT', propensity: null },
  ]);
  const outcome = { campaignId: b, userId: toUserId('u1'), occurredAt: seededAt };
  await campaigns.insertOutcomes(shopId, [
    { ...outcome, id: 'x2', type: 'CONVERSION', valueMinor: -250 },
    { ...outcome, id: 'x1', type: 'OPEN', valueMinor: null },
  ]);
}

/** Posts and reactions with and without text, and two follows. */
async function seedSocial({ social }: Stores, shopId: ShopId): Promise<void> {
  const post = { authorId: toUserId('u1'), occurredAt: seededAt };
  await social.upsertPosts(shopId, [
    { ...post, id: 'b', body: '好喝\n🫖', locale: 'zh', productIds: [toProductId('p1')] },
    { ...post, id: 'a', body: '', locale: null, productIds: [] },
  ]);
  const reaction = { postId: 'b', userId: toUserId('u2'), occurredAt: seededAt + 1 };
  await social.upsertReactions(shopId, [
    { ...reaction, id: 'r2', type: 'COMMENT', body: 'yes' },
    { ...reaction, id: 'r1', type: 'LIKE', body: null },
    { ...reaction, id: 'r0', type: 'COMMENT', body: '' },
  ]);
  const [left, right] = ['u1', 'u2'].map(toUserId);
  await social.upsertFollows(shopId, [
    { followerId: right, followeeId: left, occurredAt: seededAt },
    { followerId: left, followeeId: right, occurredAt: seededAt + 1 },
  ]);
}

/** Tags that merchandisers named, pinned, hid and merged, and one that the latest training did not find. */
async function seedTags({ interests }: Stores, shopId: ShopId): Promise<void> {
  const tag = (id: string) => ({ id, parentId: null, names: { zh: '茶', en: id }, terms: [id], products: 3 });
  await interests.saveTags(shopId, [tag('tag-old')], 'v1', seededAt);
  const tags = [{ ...tag('tag-a'), parentId: 'tag-b' }, tag('tag-b'), tag('tag-c')];
  await interests.saveTags(shopId, tags, 'v2', seededAt + 1);
  await interests.editTag(shopId, tagEdit('tag-a', { names: { zh: '绿茶', de: 'Grüntee' } }), seededAt + 2);
  await interests.editTag(shopId, tagEdit('tag-a', { isPinned: true }), seededAt + 3);
  await interests.editTag(shopId, tagEdit('tag-b', { isHidden: true }), seededAt + 4);
  await interests.editTag(shopId, tagEdit('tag-c', { mergedIntoId: 'tag-a' }), seededAt + 5);
}

/** A visitor who became a shopper: the visitor's id stays nobody's. */
async function seedVisitor({ users }: Stores, shopId: ShopId): Promise<void> {
  const merge = { anonymousId: toUserId('v1'), userId: toUserId('u1'), identifiedBy: 'key:k' };
  const spaces = { anonymousSpace: space, userSpace: space };
  await users.identify(shopId, { ...merge, ...spaces }, seededAt + 6);
}

/** A shop with every kind of row: two languages, stubs, consents, settings, every optional field. */
async function seed(stores: Stores): Promise<void> {
  const shopId = toShopId('full');
  await stores.shops.upsert({
    id: shopId,
    name: 'Full',
    defaultLocale: 'de-AT',
    currency: 'EUR',
  });
  await stores.shops.changePolicy(shopId, {
    'newcomers.every': 5,
    'eventWeights.VIEW': 2.5,
    'alreadySeen.days': 90,
  });
  const product = (id: string) => ({
    id: toProductId(id),
    title: 'Mug, "large"',
    description: null,
    locale: 'en',
    translations: {
      zh: { title: '大杯子', description: null },
      fr: { title: 'Tasse', description: 'Grande' },
    },
    categoryPath: ['Home', 'Kitchen'],
    tags: ['blue', 'a,b'],
    priceMinor: 1299,
    currency: 'USD',
    stock: 3,
    imageUrl: 'https://example.org/p.jpg',
    attributes: { size: 'L', count: 2.5, gift: true, list: ['x'] },
    isActive: false,
  });
  await stores.products.upsertMany(shopId, [product('p2')], seededAt);
  const priced = { id: toProductId('p4'), title: 'Bowl', priceMinor: 500, currency: null, isActive: true };
  await stores.products.upsertMany(shopId, [product('p1'), { id: toProductId('p3') }, priced], seededAt + 1);
  const consents = [
    { purpose: 'MARKETING' as const, granted: false, source: 'form' },
    { purpose: 'ANALYTICS' as const, granted: true, source: null },
  ];
  await stores.users.upsertMany(
    shopId,
    [{ id: toUserId('u1'), locale: 'zh-CN', attributes: { age: 30 }, consents }],
    seededAt,
  );
  await stores.users.upsertMany(shopId, [{ id: toUserId('u2'), deactivatedAt: seededAt + 5 }], seededAt + 5);
  await stores.interactions.insertMany([
    event(shopId, 'e2'),
    event(shopId, 'e1', { attribution: { listId: toListId('l1'), rank: 3 }, sessionId: 's1' }),
    event(shopId, 'e3', { type: 'PURCHASE', value: 2.5, priceMinor: 1299, occurredAt: Date.UTC(2025, 0, 1) }),
    event(shopId, 'e4', { type: 'SEARCH', productId: null, queryText: '红色\n杯子 😀' }),
    event(shopId, eventKeyIn('e2', space)),
    event(shopId, eventKeyIn('e6', space), { receivedAt: Date.UTC(2026, 0, 1) }),
    event(shopId, 'e6', { occurredAt: Date.UTC(2024, 0, 1) }),
    event(shopId, 'e5', { userId: toUserId('stub'), productId: toProductId('stub') }),
    event(shopId, 'e7', { userId: toUserId('u2') }),
  ]);
  await seedVisitor(stores, shopId);
  await seedCampaigns(stores, shopId);
  await seedSocial(stores, shopId);
  await seedTags(stores, shopId);
}

/** Exports `first`, imports that into `second`, exports again, and returns both texts. */
async function roundTrip(first: Stores, second: Stores, shop = 'full'): Promise<readonly [string, string]> {
  await seed(first);
  const out = join(folder.path, 'first.jsonl');
  const again = join(folder.path, 'second.jsonl.gz');
  const log = jest.spyOn(console, 'log').mockImplementation(() => undefined);
  await affinity(first, 'export', '--shop', 'full', '--out', out);
  await affinity(second, 'import', '--shop', shop, '--preset', 'affinity', '--json', out);
  await affinity(second, 'export', '--shop', shop, '--out', again);
  log.mockRestore();
  return [readFileSync(out, 'utf8'), gunzipSync(readFileSync(again)).toString()];
}

describe('export', () => {
  it('round-trips byte for byte through an empty database', async () => {
    const second = createMemoryStores();
    const [before, after] = await roundTrip(createMemoryStores(), second);
    expect(after).toBe(before);
    const kinds = before
      .trim()
      .split('\n')
      .map(line => JSON.parse(line).kind as string);
    expect(
      Object.fromEntries([...new Set(kinds)].map(kind => [kind, kinds.filter(one => one === kind).length])),
    ).toEqual({
      ...{ shop: 1, product: 4, user: 3, identity: 1, event: 9, campaign: 3, offer: 3, contact: 2 },
      ...{ outcome: 2, post: 2, reaction: 3, follow: 2, interestTag: 4 },
    });
    const stubs = await second.products.findMany(toShopId('full'), [toProductId('stub')]);
    expect(stubs.get(toProductId('stub'))?.isStub).toBe(true);
  });

  it('keeps the currency, the settings, the age of products and the state of users, in another shop', async () => {
    const second = createMemoryStores();
    const [before, after] = await roundTrip(createMemoryStores(), second, 'copy');
    expect(after).toBe(before);
    const copy = toShopId('copy');
    expect(await second.shops.find(copy)).toMatchObject({
      name: 'Full',
      defaultLocale: 'de-AT',
      currency: 'EUR',
      policy: { newcomers: { every: 5 }, alreadySeen: { days: 90 }, eventWeights: { VIEW: 2.5, CLICK: 1 } },
    });
    const products = await second.products.findMany(copy, [toProductId('p4')]);
    expect(products.get(toProductId('p4'))).toMatchObject({
      priceMinor: 500,
      currency: null,
      createdAt: seededAt + 1,
    });
    const users = await second.users.findMany(copy, [toUserId('u2')]);
    expect(users.get(toUserId('u2'))).toMatchObject({ deactivatedAt: seededAt + 5, createdAt: seededAt + 5 });
    const consents = await second.users.consentsOf(copy, [toUserId('u1')]);
    expect(consents.get(toUserId('u1'))?.map(({ updatedAt }) => updatedAt)).toEqual([seededAt, seededAt]);
  });

  it('describes an empty shop, and leaves one with rows as it is', async () => {
    const log = jest.spyOn(console, 'log').mockImplementation(() => undefined);
    const [first, second] = [createMemoryStores(), createMemoryStores()];
    await seed(first);
    const out = join(folder.path, 'first.jsonl');
    await affinity(first, 'export', '--shop', 'full', '--out', out);
    const importInto = (shop: string) =>
      affinity(second, 'import', '--shop', shop, '--preset', 'affinity', out);
    for (const [shop, currency] of [
      ['empty', 'USD'],
      ['same', 'EUR'],
      ['other', 'USD'],
    ] as const)
      await second.shops.upsert({ id: toShopId(shop), name: 'Mine', defaultLocale: 'en', currency });
    for (const shop of ['same', 'other'])
      await second.products.upsertMany(toShopId(shop), [{ id: toProductId('mine') }], seededAt);

    await importInto('empty');
    await importInto('same');
    await expect(importInto('other')).rejects.toMatchObject({
      code: 'IMPORT_INVALID',
      message: expect.stringMatching(/the currency USD .* got one of EUR/),
    });
    log.mockRestore();
    expect(await second.shops.find(toShopId('empty'))).toMatchObject({ name: 'Full', currency: 'EUR' });
    expect(await second.shops.find(toShopId('same'))).toMatchObject({
      name: 'Mine',
      policy: { newcomers: { every: 10 } },
    });
    expect(await second.products.count(toShopId('other'))).toBe(1);
  });

  it('gives prices their currency when the shop is not exported', async () => {
    const stores = createMemoryStores();
    await seed(stores);
    const out = join(folder.path, 'out.jsonl');
    await affinity(stores, 'export', '--shop', 'full', '--kind', 'products', '--out', out);
    const rows = readFileSync(out, 'utf8')
      .trim()
      .split('\n')
      .map(line => JSON.parse(line));
    expect(rows.map(({ id, currency }) => [id, currency])).toEqual([
      ['p1', 'USD'],
      ['p2', 'USD'],
      ['p3', null],
      ['p4', 'EUR'],
    ]);
  });

  it('keeps an earlier file when it fails, and refuses a folder', async () => {
    const stores = createMemoryStores();
    await seed(stores);
    const out = folder.write('out.jsonl', 'earlier');
    const failing = { ...stores, users: { ...stores.users, page: () => Promise.reject(new Error('gone')) } };
    await expect(affinity(failing, 'export', '--shop', 'full', '--out', out)).rejects.toThrow('gone');
    expect(readFileSync(out, 'utf8')).toBe('earlier');
    expect(readdirSync(folder.path)).toEqual(['out.jsonl']);
    await expect(affinity(stores, 'export', '--shop', 'full', '--out', folder.path)).rejects.toThrow(
      'a directory',
    );
  });

  it.each([
    [
      'a currency in small letters',
      '{"kind":"shop","name":"S","defaultLocale":"en","currency":"eur"}',
      'CURRENCY|three capital',
    ],
    ['no currency', '{"kind":"shop","name":"S","defaultLocale":"en"}', 'three capital letters'],
    ['no name', '{"kind":"shop","defaultLocale":"en","currency":"EUR"}', 'the name of the shop'],
    [
      'a setting out of range',
      '{"kind":"shop","name":"S","defaultLocale":"en","currency":"EUR","policy":{"newcomers.every":-1}}',
      'settings of a shop',
    ],
    [
      'a setting that does not exist',
      '{"kind":"shop","name":"S","defaultLocale":"en","currency":"EUR","policy":{"constructor":1}}',
      'settings of a shop',
    ],
    [
      'an id',
      '{"kind":"shop","id":"s","name":"S","defaultLocale":"en","currency":"EUR"}',
      'only known fields',
    ],
  ])('is refused on import with %s of the shop', async (_case, line, message) => {
    const stores = createMemoryStores();
    const path = folder.write('shop.jsonl', `${line}\n`);
    await expect(affinity(stores, 'import', '--shop', 'm', '--preset', 'affinity', path)).rejects.toThrow(
      new RegExp(message),
    );
    expect(await stores.shops.list()).toEqual([]);
  });

  it('rejects a line with a wrong instant, and a shop after the first line', async () => {
    const log = jest.spyOn(console, 'log').mockImplementation(() => undefined);
    const stores = createMemoryStores();
    const path = folder.write(
      'rows.jsonl',
      [
        '{"kind":"shop","name":"S","defaultLocale":"en","currency":"EUR"}',
        '{"kind":"shop","name":"T","defaultLocale":"en","currency":"USD"}',
        '{"kind":"product","id":"a","createdAt":"2025-02-31T00:00:00Z"}',
        '{"kind":"user","id":"a","consents":[{"purpose":"MARKETING","granted":true,"updatedAt":5}]}',
        '{"kind":"product","id":"b","receivedAt":"2025-02-01T00:00:00Z"}',
      ].join('\n'),
    );
    const rejects = join(folder.path, 'rejects.jsonl');
    await affinity(stores, 'import', '--shop', 'm', '--preset', 'affinity', '--rejects', rejects, path);
    log.mockRestore();
    expect(folder.rejects().map(({ line, code }) => [line, code])).toEqual([
      [2, 'SHOP_MISPLACED'],
      [3, 'TIME_INVALID'],
      [4, 'TIME_INVALID'],
      [5, 'FIELD_UNKNOWN'],
    ]);
  });

  it('round-trips byte for byte through PostgreSQL', async () => {
    const database = await createTestDatabase();
    const stores = await createPrismaStores({ url: database.url, poolSize: 4 });
    try {
      const [before, after] = await roundTrip(createMemoryStores(), stores);
      expect(after).toBe(before);
      const third = join(folder.path, 'third.jsonl');
      const log = jest.spyOn(console, 'log').mockImplementation(() => undefined);
      await affinity(
        stores,
        'import',
        '--shop',
        'copy',
        '--preset',
        'affinity',
        join(folder.path, 'second.jsonl.gz'),
      );
      await affinity(stores, 'export', '--shop', 'copy', '--out', third);
      log.mockRestore();
      expect(readFileSync(third, 'utf8')).toBe(before);
      const visitor = {
        anonymousId: toUserId('v1'),
        anonymousSpace: space,
        userSpace: space,
        identifiedBy: 'k',
      };
      const merged = await stores.users.identify(
        toShopId('copy'),
        { ...visitor, userId: toUserId('new') },
        seededAt,
      );
      expect(merged).toBe('IDENTIFIED_AS_ANOTHER');
    } finally {
      await stores.close();
      await database.drop();
    }
  });

  it.each([
    ['campaign', '{"kind":"campaign","id":"c","name":"n","status":"OVER","channel":"SMS"}', 'CHOICE_UNKNOWN'],
    ['campaign', '{"kind":"campaign","id":"c","name":"n","status":"DRAFT","channel":"SMS"}', 'TIME_INVALID'],
    ['offer', '{"kind":"offer","id":"o","campaignId":"c","discountRate":1.5}', 'VALUE_OUT_OF_RANGE'],
    ['offer', '{"kind":"offer","id":"o","campaignId":"c","productIds":[""]}', 'TEXT_EMPTY'],
    [
      'contact',
      '{"kind":"contact","campaignId":"c","arm":"HOLDOUT","contactedAt":"2026-01-01T00:00:00Z"}',
      'ID_MISSING',
    ],
    [
      'outcome',
      '{"kind":"outcome","id":"o","campaignId":"c","userId":"u","type":"OPEN","occurredAt":5}',
      'TIME_INVALID',
    ],
    [
      'post',
      '{"kind":"post","id":"p","authorId":"u","body":"b","occurredAt":"2026-02-31T00:00:00Z"}',
      'TIME_INVALID',
    ],
    ['reaction', '{"kind":"reaction","id":"r","postId":"p","userId":"u","type":"like"}', 'CHOICE_UNKNOWN'],
    [
      'follow',
      '{"kind":"follow","followerId":"u","followeeId":7,"occurredAt":"2026-01-01T00:00:00Z"}',
      'TEXT_EXPECTED',
    ],
    ['interestTag', '{"kind":"interestTag","id":"t","names":[],"nameEdits":{}}', 'NOT_AN_OBJECT'],
    ['interestTag', '{"kind":"interestTag","id":"t","names":{},"nameEdits":{"en":5}}', 'TEXT_EXPECTED'],
    ['interestTag', '{"kind":"interestTag","id":"t","names":{},"nameEdits":{}}', 'BOOLEAN_EXPECTED'],
    [
      'identity',
      '{"kind":"identity","anonymousId":"v","userId":"u","mergedEvents":-1}',
      'VALUE_OUT_OF_RANGE',
    ],
    ['follow', '{"kind":"follow","followerId":"u","followeeId":"v","since":1}', 'FIELD_UNKNOWN'],
    ['constructor', '{"kind":"constructor"}', 'KIND_UNKNOWN'],
  ])('rejects a wrong %s on import: %s', async (_kind, line, code) => {
    const stores = createMemoryStores();
    const good = '{"kind":"product","id":"a"}';
    const path = folder.write('rows.jsonl', `${good}\n${line}\n`);
    const rejects = join(folder.path, 'rejects.jsonl');
    const log = jest.spyOn(console, 'log').mockImplementation(() => undefined);
    await affinity(stores, 'import', '--shop', 'm', '--preset', 'affinity', '--rejects', rejects, path);
    log.mockRestore();
    expect(folder.rejects().map(rejected => rejected.code)).toEqual([code]);
  });

  it('writes only the requested kinds', async () => {
    const stores = createMemoryStores();
    await seed(stores);
    const out = join(folder.path, 'out.jsonl');
    await affinity(stores, 'export', '--shop', 'full', '--kind', 'users', '--out', out);
    const line =
      '{"kind":"user","id":"u1","locale":"zh-CN","attributes":{"age":30},"consents":[{"purpose":"ANALYTICS","granted":true,"source":null,"updatedAt":"2026-01-03T00:00:00.000Z"},{"purpose":"MARKETING","granted":false,"source":"form","updatedAt":"2026-01-03T00:00:00.000Z"}],"createdAt":"2026-01-03T00:00:00.000Z"}\n';
    const deactivated =
      '{"kind":"user","id":"u2","locale":null,"attributes":{},"consents":[],"createdAt":"2026-01-03T00:00:00.005Z","deactivatedAt":"2026-01-03T00:00:00.005Z"}\n';
    const [first, second, ...rest] = readFileSync(out, 'utf8').trimEnd().split('\n');
    expect(`${first}\n${second}\n`).toBe(line + deactivated);
    expect(rest.map(row => JSON.parse(row).kind)).toEqual(['user', 'identity']);
  });

  it('rejects an unknown shop and an unknown kind', async () => {
    const stores = createMemoryStores();
    await expect(affinity(stores, 'export', '--shop', 'none')).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(affinity(stores, 'export', '--shop', 'full', '--kind', 'posts')).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
    });
  });
});
