import { eventKeyIn, toEventSpace } from '../../../src/domain/eventKey';
import { type ShopId, toListId, toProductId, toUserId } from '../../../src/domain/ids';
import type { Product } from '../../../src/domain/product';
import type { ConsentPurpose } from '../../../src/domain/user';
import type { ProductFilter } from '../../../src/store/ports/product';
import type { Stores } from '../../../src/store/ports/stores';
import { bareProduct, collect, event, idsOf, list, readPages, type StorePromise, start } from './promise';

const [ann, bob] = [toUserId('ann'), toUserId('bob')];
const [mug, pan] = [toProductId('mug'), toProductId('pan')];

const [visitor, annSpace, visitorSpace] = [
  toUserId('visitor'),
  toEventSpace('a'.repeat(22)),
  toEventSpace('v'.repeat(22)),
];

/** Merges the visitor into ann. */
const identify = ({ users }: Stores, shop: ShopId, now: number, userId = ann, anonymousId = visitor) => {
  if (annSpace === null || visitorSpace === null) throw new Error('Expected two spaces; got none.');
  const spaces = { anonymousSpace: visitorSpace, userSpace: annSpace };
  return users.identify(shop, { anonymousId, userId, ...spaces, identifiedBy: 'key:k' }, now);
};

const identities: readonly StorePromise[] = [
  {
    name: 'gives events, lists and consents of a visitor to the shopper, once, and records it',
    async hold({ stores, shop, other }) {
      const ofVisitor = { userId: visitor };
      const repeated = eventKeyIn('twice', visitorSpace);
      await stores.interactions.insertMany([
        event(shop, 'e1', ofVisitor),
        event(shop, eventKeyIn('e2', visitorSpace), ofVisitor),
        event(shop, repeated, ofVisitor),
        event(shop, eventKeyIn('twice', annSpace)),
        event(other, 'e1', ofVisitor),
      ]);
      await stores.recommendations.saveMany([list(shop, 'l1', ofVisitor), list(shop, 'l2')]);
      await stores.users.upsertMany(
        shop,
        [
          {
            id: visitor,
            locale: 'fr',
            consents: [
              { purpose: 'MARKETING', granted: true, source: 'banner' },
              { purpose: 'ANALYTICS', granted: false, source: 'banner' },
            ],
          },
          {
            id: ann,
            consents: [
              { purpose: 'MARKETING', granted: false, source: null },
              { purpose: 'ANALYTICS', granted: true, source: null },
            ],
          },
        ],
        start,
      );
      const identity = await identify(stores, shop, start + 10);
      expect(identity).toEqual({
        anonymousId: visitor,
        userId: ann,
        identifiedAt: start + 10,
        mergedEvents: 2,
        mergedLists: 1,
      });
      const events = (await stores.interactions.recentOf(shop, [ann, visitor], 10)).get(ann) ?? [];
      expect(events.map(({ id }) => id).sort()).toEqual(
        ['e1', eventKeyIn('e2', annSpace), eventKeyIn('twice', annSpace)].sort(),
      );
      expect((await stores.interactions.recentOf(shop, [visitor], 10)).size).toBe(0);
      expect((await stores.interactions.recentOf(other, [visitor], 10)).get(visitor)).toHaveLength(1);
      const lists = await stores.recommendations.pageOfUser(shop, ann, { first: 9 });
      expect(lists.rows.map(({ id }) => id).sort()).toEqual(['l1', 'l2']);
      const consents = await stores.users.consentsOf(shop, [ann, visitor]);
      expect(consents.get(visitor) ?? []).toEqual([]);
      expect(new Map(consents.get(ann)?.map(({ purpose, granted }) => [purpose, granted]))).toEqual(
        new Map([
          ['MARKETING', false],
          ['ANALYTICS', false],
        ]),
      );
      const found = await stores.users.findMany(shop, [ann, visitor]);
      expect(found.get(ann)?.locale).toBe('fr');
      expect(found.get(visitor)?.deactivatedAt).toBe(start + 10);
    },
  },
  {
    name: 'repeats a merge without a second effect, and moves what arrived meanwhile',
    async hold({ stores, shop }) {
      await stores.interactions.insertMany([event(shop, 'e1', { userId: visitor })]);
      const first = await identify(stores, shop, start);
      expect(await identify(stores, shop, start + 10)).toEqual(first);
      await stores.interactions.insertMany([event(shop, 'late', { userId: visitor })]);
      expect(await identify(stores, shop, start + 20)).toMatchObject({
        identifiedAt: start,
        mergedEvents: 2,
      });
      expect((await stores.interactions.recentOf(shop, [ann], 10)).get(ann)).toHaveLength(2);
    },
  },
  {
    name: 'scans and restores the records of merges, which then hold',
    async hold({ stores, shop, other }) {
      const second = toUserId('visitor-2');
      for (const anonymousId of [second, visitor]) await identify(stores, shop, start, ann, anonymousId);
      const records = (await collect(stores.users.scanIdentities(shop))).flat();
      expect(records.map(({ anonymousId, identifiedBy }) => [anonymousId, identifiedBy])).toEqual(
        [visitor, second].sort().map(id => [id, 'key:k']),
      );
      expect(await stores.users.identifiedAmong(shop, [ann, visitor, bob])).toEqual(new Set([visitor]));
      expect((await stores.users.identifiedAmong(other, [visitor, second])).size).toBe(0);
      await stores.users.restoreIdentities(other, records);
      expect((await stores.users.identifiedAmong(other, [visitor, second])).size).toBe(2);
      await stores.users.restoreIdentities(
        other,
        records.map(record => ({ ...record, userId: bob })),
      );
      expect((await collect(stores.users.scanIdentities(other))).flat()).toEqual(records);
      expect(await identify(stores, other, start + 1, bob)).toBe('IDENTIFIED_AS_ANOTHER');
    },
  },
  {
    name: 'refuses to merge accounts, and a visitor of another shopper, and changes nothing',
    async hold({ stores, shop }) {
      const rows = [
        event(shop, 'e1', { userId: visitor }),
        event(shop, 'e2'),
        event(shop, 'e3', { userId: bob }),
      ];
      await stores.interactions.insertMany(rows);
      await identify(stores, shop, start);
      expect(await identify(stores, shop, start + 1, bob)).toBe('IDENTIFIED_AS_ANOTHER');
      expect(await identify(stores, shop, start + 1, bob, ann)).toBe('NOT_ANONYMOUS');
      expect(await identify(stores, shop, start + 1, ann, ann)).toBe('SAME_USER');
      expect(await identify(stores, shop, start + 1, visitor, bob)).toBe('USER_DEACTIVATED');
      await stores.users.upsertMany(shop, [{ id: bob, deactivatedAt: start }], start);
      expect(await identify(stores, shop, start + 1, ann, bob)).toBe('NOT_ANONYMOUS');
      const ofAnn = (await stores.interactions.recentOf(shop, [ann], 10)).get(ann) ?? [];
      expect(ofAnn.map(({ id }) => id).sort()).toEqual(['e1', 'e2']);
    },
  },
  {
    name: 'lets one of two merges of a visitor at the same time win, with all events at one shopper',
    async hold({ stores, shop }) {
      const ids = Array.from({ length: 20 }, (_, index) => `e${index}`);
      await stores.interactions.insertMany(ids.map(id => event(shop, id, { userId: visitor })));
      const results = await Promise.all([identify(stores, shop, start), identify(stores, shop, start, bob)]);
      expect(results.filter(result => result === 'IDENTIFIED_AS_ANOTHER')).toHaveLength(1);
      const found = await stores.interactions.recentOf(shop, [ann, bob], 50);
      expect([...found.values()].map(rows => rows.length)).toEqual([20]);
    },
  },
];

const users: readonly StorePromise[] = [
  {
    name: 'returns per user whether it was new, and leaves absent fields unchanged',
    async hold({ stores, shop }) {
      const attributes = { city: 'Ulm', age: 41, isMember: true, likes: ['tea', '茶'] };
      expect(
        await stores.users.upsertMany(
          shop,
          [{ id: ann, locale: 'de', attributes }, { id: bob }, { id: bob, locale: 'en' }],
          start,
        ),
      ).toEqual(['created', 'created', 'updated']);
      expect(await stores.users.upsertMany(shop, [{ id: ann, locale: null }], start + 5)).toEqual([
        'updated',
      ]);
      const found = await stores.users.findMany(shop, [ann, bob, toUserId('nobody')]);
      expect(found.size).toBe(2);
      expect(found.get(bob)?.locale).toBe('en');
      expect(found.get(ann)).toEqual({
        shopId: shop,
        id: ann,
        locale: null,
        attributes,
        isStub: false,
        createdAt: start,
        updatedAt: start + 5,
        deactivatedAt: null,
      });
    },
  },
  {
    name: 'turns a described stub into a user, and keeps its creation time',
    async hold({ stores, shop }) {
      await stores.interactions.insertMany([event(shop, 'e')]);
      expect(await stores.users.upsertMany(shop, [{ id: ann }], start + 900)).toEqual(['updated']);
      const user = (await stores.users.findMany(shop, [ann])).get(ann);
      expect(user).toMatchObject({ isStub: false, createdAt: start + 500, updatedAt: start + 900 });
    },
  },
  {
    name: 'deactivates and reactivates a user',
    async hold({ stores, shop }) {
      const stateOf = async () => (await stores.users.findMany(shop, [ann])).get(ann)?.deactivatedAt;
      await stores.users.upsertMany(shop, [{ id: ann, deactivatedAt: start }], start);
      expect(await stateOf()).toBe(start);
      await stores.users.upsertMany(shop, [{ id: ann, locale: 'en' }], start + 1);
      expect(await stateOf()).toBe(start);
      await stores.users.upsertMany(shop, [{ id: ann, deactivatedAt: null }], start + 2);
      expect(await stateOf()).toBeNull();
    },
  },
  {
    name: 'keeps the latest consent for each purpose',
    async hold({ stores, shop }) {
      const answer = (purpose: 'ANALYTICS' | 'MARKETING', granted: boolean) => ({
        purpose,
        granted,
        source: 'form',
      });
      await stores.users.upsertMany(
        shop,
        [{ id: ann, consents: [answer('ANALYTICS', true), answer('MARKETING', true)] }, { id: bob }],
        start,
      );
      await stores.users.upsertMany(shop, [{ id: ann, consents: [answer('MARKETING', false)] }], start + 1);
      const consents = await stores.users.consentsOf(shop, [ann, bob]);
      expect([...consents.keys()]).toEqual([ann]);
      const sorted = [...(consents.get(ann) ?? [])].sort((left, right) =>
        left.purpose.localeCompare(right.purpose),
      );
      expect(sorted).toEqual([
        { purpose: 'ANALYTICS', granted: true, source: 'form', updatedAt: start },
        { purpose: 'MARKETING', granted: false, source: 'form', updatedAt: start + 1 },
      ]);
    },
  },
  {
    name: 'tells what may be done with the data of users, and who withholds a purpose',
    async hold({ stores, shop, other }) {
      const withdraw = (purpose: ConsentPurpose, granted: boolean) => ({ purpose, granted, source: null });
      const answers = [
        withdraw('PERSONALIZATION', false),
        withdraw('ANALYTICS', false),
        withdraw('MARKETING', true),
      ];
      await stores.users.upsertMany(
        shop,
        [
          { id: ann, consents: answers },
          { id: bob, deactivatedAt: start },
        ],
        start,
      );
      const unknown = toUserId('unknown');
      const rights = await stores.users.rightsOf(shop, [ann, bob, unknown]);
      expect(rights.get(ann)?.deactivatedAt).toBeNull();
      expect([...(rights.get(ann)?.withheld ?? [])].sort()).toEqual(['ANALYTICS', 'PERSONALIZATION']);
      expect(rights.get(bob)).toEqual({ deactivatedAt: start, withheld: [] });
      expect(rights.get(unknown) ?? { deactivatedAt: null, withheld: [] }).toEqual({
        deactivatedAt: null,
        withheld: [],
      });
      expect([...(await stores.users.withholding(shop, 'ANALYTICS'))]).toEqual([ann]);
      expect([...(await stores.users.withholding(shop, 'MARKETING'))]).toEqual([]);
      expect([...(await stores.users.withholding(other, 'ANALYTICS'))]).toEqual([]);
      await stores.users.upsertMany(shop, [{ id: ann, consents: [withdraw('ANALYTICS', true)] }], start + 1);
      expect([...(await stores.users.withholding(shop, 'ANALYTICS'))]).toEqual([]);
    },
  },
  {
    name: 'deletes the lists of a shopper who withdraws consent or is deactivated, and stores no earlier one later',
    async hold({ stores, shop }) {
      const kept = list(shop, 'of-cleo', { userId: toUserId('cleo') });
      const bobs = list(shop, 'of-bob', { userId: bob });
      await stores.recommendations.saveMany([
        list(shop, 'of-ann'),
        bobs,
        kept,
        list(shop, 'anonymous', { userId: null }),
      ]);
      const consents = [{ purpose: 'PERSONALIZATION' as const, granted: false, source: null }];
      await stores.users.upsertMany(
        shop,
        [
          { id: ann, consents },
          { id: bob, deactivatedAt: start + 5 },
        ],
        start + 5,
      );
      const later = { createdAt: start + 6 };
      await stores.recommendations.saveMany([
        list(shop, 'late-of-ann'),
        list(shop, 'new-of-ann', later),
        list(shop, 'new-of-bob', { ...later, userId: bob }),
      ]);
      const ids = ['of-ann', 'of-bob', 'of-cleo', 'anonymous', 'late-of-ann', 'new-of-ann', 'new-of-bob'].map(
        toListId,
      );
      const found = await stores.recommendations.findMany(shop, ids);
      expect([...found.keys()].sort()).toEqual(['anonymous', 'new-of-ann', 'of-cleo']);
    },
  },
  {
    name: 'pages and counts users, oldest first',
    async hold({ stores, shop }) {
      for (const [index, id] of ['c', 'a', 'b', 'd'].entries()) {
        await stores.users.upsertMany(shop, [{ id: toUserId(id) }], start + (index >> 1));
      }
      const read = await readPages(
        request => stores.users.page(shop, request),
        user => ({ at: user.createdAt, id: user.id }),
        1,
      );
      expect(idsOf(read)).toEqual(['a', 'c', 'b', 'd']);
      expect(await stores.users.count(shop)).toBe(4);
    },
  },
];

async function stock(stores: Stores, shop: ShopId): Promise<void> {
  await stores.products.upsertMany(
    shop,
    [
      {
        id: toProductId('a'),
        title: 'Blue MUG 50%',
        categoryPath: ['Home', 'Kitchen', 'Mugs'],
        priceMinor: 900,
        stock: 4,
      },
      {
        id: toProductId('b'),
        title: 'Iron pan',
        categoryPath: ['Home', 'Kitchen'],
        priceMinor: 4_000,
        stock: 0,
      },
      { id: toProductId('c'), title: '蓝色杯子', categoryPath: ['Home'], stock: null },
      { id: toProductId('d-mug'), title: null, categoryPath: [], priceMinor: 100, stock: -2 },
    ],
    start,
  );
}

const catalogue: readonly StorePromise[] = [
  {
    name: 'returns a product with all its fields, and leaves absent fields unchanged',
    async hold({ stores, shop }) {
      const described = {
        title: 'Mug, "blue" {and} \\white',
        description: 'Holds tea',
        locale: 'en',
        translations: { zh: { title: '杯子', description: null } },
        categoryPath: ['Home', 'Kitchen, etc.'],
        tags: ['tea', 'null', ''],
        priceMinor: 1_299,
        currency: 'EUR',
        stock: 7,
        imageUrl: 'https://example.com/mug.jpg',
        attributes: { volumeMl: 300.5, isSafe: true, colours: ['blue'] },
        isActive: false,
      };
      expect(await stores.products.upsertMany(shop, [{ id: mug, ...described }], start)).toEqual(['created']);
      expect(await stores.products.upsertMany(shop, [{ id: mug, stock: null }], start + 9)).toEqual([
        'updated',
      ]);
      const expected: Product = {
        ...bareProduct(shop, mug, start),
        ...described,
        stock: null,
        isStub: false,
      };
      expect(await stores.products.findMany(shop, [mug, pan])).toEqual(new Map([[mug, expected]]));
    },
  },
  {
    name: 'turns a described stub into a product, and accepts a new product with an id alone',
    async hold({ stores, shop }) {
      await stores.interactions.insertMany([event(shop, 'e')]);
      expect(
        await stores.products.upsertMany(shop, [{ id: mug, title: 'Mug' }, { id: pan }], start + 900),
      ).toEqual(['updated', 'created']);
      const found = await stores.products.findMany(shop, [mug, pan]);
      expect(found.get(mug)).toMatchObject({
        title: 'Mug',
        isStub: false,
        createdAt: start + 500,
      });
      expect(found.get(pan)).toEqual({ ...bareProduct(shop, pan, start + 900), isStub: false });
    },
  },
  {
    name: 'filters a page of products by category, price, stock and text',
    async hold({ stores, shop }) {
      await stock(stores, shop);
      const read = async (filter?: ProductFilter) =>
        idsOf((await stores.products.page(shop, { first: 10 }, filter)).rows);
      expect(await read()).toEqual(['a', 'b', 'c', 'd-mug']);
      expect(await read({ category: ['Home', 'Kitchen'] })).toEqual(['a', 'b']);
      expect(await read({ category: [] })).toHaveLength(4);
      expect(await read({ isStub: false })).toEqual(['a', 'b', 'c', 'd-mug']);
      const euro = { currency: 'EUR', shopCurrency: 'EUR' };
      expect(await read({ price: { ...euro, min: 100, max: 900 } })).toEqual(['a', 'd-mug']);
      expect(await read({ inStock: true })).toEqual(['a', 'c']);
      expect(await read({ inStock: false })).toEqual(['b', 'd-mug']);
      expect(await read({ text: 'muG' })).toEqual(['a', 'd-mug']);
      expect(await read({ text: '0%' })).toEqual(['a']);
      expect(await read({ text: '杯' })).toEqual(['c']);
      expect(await read({ text: 'mug', inStock: true })).toEqual(['a']);
    },
  },
  {
    name: 'compares prices only within one currency, and leaves stubs out on request',
    async hold({ stores, shop }) {
      const products = [
        { id: toProductId('euro'), priceMinor: 1_000, currency: 'EUR' },
        { id: toProductId('own'), priceMinor: 1_000 },
        { id: toProductId('yen'), priceMinor: 1_000, currency: 'JPY' },
        { id: toProductId('unpriced'), currency: 'EUR' },
        { id: toProductId('dear'), priceMinor: 2_000_000_000, currency: 'EUR' },
      ];
      await stores.products.upsertMany(shop, products, start);
      await stores.interactions.insertMany([event(shop, 'e', { productId: toProductId('stub') })]);
      const read = async (filter: ProductFilter) =>
        idsOf((await stores.products.page(shop, { first: 10 }, filter)).rows).toSorted();
      const euro = { currency: 'EUR', shopCurrency: 'EUR' };
      expect(await read({ price: { ...euro, max: 1_000 } })).toEqual(['euro', 'own']);
      expect(await read({ price: { ...euro, currency: 'JPY', min: 1_000 } })).toEqual(['yen']);
      expect(await read({ price: { ...euro, shopCurrency: 'JPY' } })).toEqual(['dear', 'euro']);
      expect(await read({ price: { ...euro, min: 3_000_000_000 } })).toEqual([]);
      expect(await read({ isStub: true })).toEqual(['stub']);
      expect(await read({ isStub: false })).not.toContain('stub');
      expect(await read({ isStub: false, text: 'stub' })).toEqual([]);
      expect(await stores.products.count(shop)).toBe(6);
      expect([await stores.products.count(shop, false), await stores.products.count(shop, true)]).toEqual([
        5, 1,
      ]);
    },
  },
  {
    name: 'pages filtered products, oldest first',
    async hold({ stores, shop }) {
      await stock(stores, shop);
      const read = await readPages(
        request => stores.products.page(shop, request, { category: ['Home'] }),
        product => ({ at: product.createdAt, id: product.id }),
        2,
      );
      expect(idsOf(read)).toEqual(['a', 'b', 'c']);
      expect(await stores.products.count(shop)).toBe(4);
    },
  },
  {
    name: 'returns every product changed since an instant once, by the time of its change',
    async hold({ stores, shop }) {
      const many = Array.from({ length: 1_201 }, (_, index) => ({ id: toProductId(`p-${index}`) }));
      await stores.products.upsertMany(shop, many, start);
      await stores.products.upsertMany(shop, [{ id: toProductId('p-7'), title: 'Seven' }], start + 10);
      const all = (await collect(stores.products.changedSince(shop, 0))).flat();
      expect(new Set(idsOf(all)).size).toBe(1_201);
      expect(all).toHaveLength(1_201);
      const latest = all[1_200];
      expect(latest.title).toBe('Seven');
      const since = async (at: number) => (await collect(stores.products.changedSince(shop, at))).flat();
      expect(idsOf(await since(latest.updatedAt))).toContain('p-7');
      expect(await since(latest.updatedAt + 1)).toEqual([]);
      expect(await since(all[0].updatedAt)).toHaveLength(1_201);
    },
  },
  {
    name: 'returns a change after the earlier ones, also from a caller whose clock is behind',
    async hold({ stores, shop }) {
      await stores.products.upsertMany(shop, [{ id: mug }], start + 300_000);
      const seen = (await stores.products.findMany(shop, [mug])).get(mug)?.updatedAt ?? Number.NaN;
      await stores.products.upsertMany(shop, [{ id: pan }], start);
      await stores.interactions.insertMany([event(shop, 'e', { productId: toProductId('stub') })]);
      await stores.products.upsertMany(shop, [{ id: mug, title: 'Mug' }], start + 1);
      const changed = (await collect(stores.products.changedSince(shop, seen))).flat();
      expect(new Set(idsOf(changed))).toEqual(new Set(['mug', 'pan', 'stub']));
      expect(changed.find(({ id }) => id === mug)?.title).toBe('Mug');
    },
  },
];

/** Promises of a UserStore and a ProductStore. */
export const peopleAndProductPromises: readonly StorePromise[] = [...users, ...identities, ...catalogue];
