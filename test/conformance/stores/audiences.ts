import { eventSpaceOf } from '../../../src/domain/eventKey';
import { type ShopId, toProductId, toUserId } from '../../../src/domain/ids';
import type { Interaction } from '../../../src/domain/interaction';
import type { StoredFilter } from '../../../src/store/ports/audience';
import type { Stores } from '../../../src/store/ports/stores';
import { collect, event, type StorePromise, start } from './promise';

const dayMs = 86_400_000;
const [mug, tea, spade] = ['mug', 'tea', 'spade'].map(toProductId);
const consent = (granted: boolean, purpose: 'MARKETING' | 'PERSONALIZATION' | 'ANALYTICS' = 'MARKETING') => ({
  ...{ purpose, granted, source: 'test' },
});

/** Six shoppers who allow everything, by what they did. */
async function fill(stores: Stores, shop: ShopId): Promise<void> {
  const given: Readonly<Record<string, Record<string, string | number | boolean | readonly string[]>>> = {
    ann: { tier: 'gold', age: 40 },
    ben: { tier: ['gold', 'vip'], age: '40' },
    cat: { isMember: true },
    dan: {},
    eve: {},
    fay: {},
  };
  const users = Object.entries(given).map(([id, attributes]) => ({
    ...{ id: toUserId(id), attributes: attributes as Record<string, string>, consents: [consent(true)] },
  }));
  await stores.users.upsertMany(shop, users, start);
  await stores.products.upsertMany(
    shop,
    [
      { id: mug, categoryPath: ['Home', 'Kitchen'] },
      { id: tea, categoryPath: ['Home'] },
      { id: spade, categoryPath: ['Garden', 'Kitchen'] },
    ],
    start,
  );
  const done = (user: string, type: Interaction['type'], productId: typeof mug, daysAgo: number) =>
    event(shop, `${user}-${type}-${productId}-${daysAgo}`, {
      ...{ userId: toUserId(user), type, productId, occurredAt: start - daysAgo * dayMs },
    });
  await stores.interactions.insertMany([
    done('ann', 'PURCHASE', mug, 1),
    done('ann', 'PURCHASE', tea, 1),
    done('ben', 'PURCHASE', mug, 40),
    done('ben', 'PURCHASE', spade, 41),
    done('cat', 'VIEW', tea, 2),
    done('dan', 'PURCHASE', spade, 3),
    done('eve', 'PURCHASE', mug, -1),
  ]);
  await stores.interests.saveUsers(
    shop,
    new Map([
      [
        toUserId('cat'),
        [
          { tagId: 'a', weight: 0.25, confidence: 1 },
          { tagId: 'b', weight: 0.5, confidence: 1 },
        ],
      ],
      [toUserId('dan'), [{ tagId: 'a', weight: 0.5, confidence: 1 }]],
    ]),
    start,
  );
}

const namesOf = async (
  stores: Stores,
  shop: ShopId,
  filter: StoredFilter | null,
): Promise<readonly string[]> =>
  (await collect(stores.audiences.scan(shop, { filter, channels: ['EMAIL'], now: start })))
    .flat()
    .map(({ userId }) => userId);

const use = (given: Partial<{ productIds: (typeof mug)[]; categories: string[][]; days: number }>) => ({
  ...{ productIds: [], categories: [], days: 30 },
  ...given,
});

/** Conditions, and whom each finds among {@link fill}. */
const conditions: readonly (readonly [StoredFilter, readonly string[]])[] = [
  [{ bought: use({ productIds: [mug] }) }, ['ann']],
  [{ bought: use({ productIds: [mug], days: 41 }) }, ['ann', 'ben']],
  [{ bought: use({ categories: [['Home']] }) }, ['ann']],
  [{ bought: use({ categories: [['Garden'], ['Home', 'Kitchen']], days: 60 }) }, ['ann', 'ben', 'dan']],
  [{ bought: use({ categories: [['Kitchen']], days: 60 }) }, []],
  [{ viewed: use({ productIds: [tea] }) }, ['cat']],
  [{ orders: { atLeast: 1, days: null } }, ['ann', 'ben', 'dan']],
  [{ orders: { atLeast: 2, days: null } }, ['ben']],
  [{ orders: { atLeast: 1, days: 3 } }, ['ann']],
  [{ lastOrder: { olderThanDays: 2, newerThanDays: null } }, ['ben', 'dan']],
  [{ lastOrder: { olderThanDays: 3, newerThanDays: 40 } }, ['dan']],
  [{ lastOrder: { olderThanDays: null, newerThanDays: 4 } }, ['ann', 'dan']],
  [{ attribute: { name: 'tier', equals: 'gold' } }, ['ann', 'ben']],
  [{ attribute: { name: 'age', equals: 40 } }, ['ann']],
  [{ attribute: { name: 'isMember', equals: true } }, ['cat']],
  [{ interestTags: { tagIds: ['a'], minWeight: 0.3 } }, ['dan']],
  [{ interestTags: { tagIds: ['a', 'b'], minWeight: 0.75 } }, ['cat']],
  [{ interestTags: { tagIds: ['a'], minWeight: 0 } }, ['cat', 'dan']],
  [{ users: [toUserId('eve'), toUserId('nobody')] }, ['eve']],
  [{ not: { orders: { atLeast: 1, days: null } } }, ['cat', 'eve', 'fay']],
  [{ not: { interestTags: { tagIds: ['a'], minWeight: 0.3 } } }, ['ann', 'ben', 'cat', 'eve', 'fay']],
  [
    {
      all: [{ orders: { atLeast: 1, days: null } }, { not: { attribute: { name: 'tier', equals: 'vip' } } }],
    },
    ['ann', 'dan'],
  ],
  [{ any: [{ users: [toUserId('fay')] }, { attribute: { name: 'age', equals: '40' } }] }, ['ben', 'fay']],
];

/** What the stores promise of audiences, and of the consent that each shopper of one has given. */
export const audiencePromises: readonly StorePromise[] = [
  {
    name: 'finds exactly the shoppers who meet a condition',
    async hold({ stores, shop, other }) {
      await fill(stores, shop);
      await fill(stores, other);
      const found: unknown[] = [];
      for (const [filter] of conditions) found.push([filter, await namesOf(stores, shop, filter)]);
      expect(found).toEqual(conditions);
    },
  },
  {
    name: 'finds no shopper without consent for MARKETING, and no suppressed or deactivated one',
    async hold({ stores, shop }) {
      const user = (id: string, ...consents: ReturnType<typeof consent>[]) => ({
        id: toUserId(id),
        consents,
      });
      await stores.users.upsertMany(
        shop,
        [
          ...[user('agreed', consent(true)), user('silent'), user('withdrew', consent(false))],
          ...[user('bounced', consent(true)), user('ended', consent(true)), user('subscribed')],
          ...[
            user('both', consent(false)),
            user('impersonal', consent(true), consent(false, 'PERSONALIZATION')),
          ],
          { ...user('gone', consent(true)), deactivatedAt: start },
        ],
        start,
      );
      const key = (id: string, channel: 'EMAIL' | 'SMS' = 'EMAIL') => ({
        shopId: shop,
        userId: toUserId(id),
        channel,
      });
      const choose = (id: string, isSubscribed: boolean) =>
        stores.subscriptions.choose(key(id), { isSubscribed, source: 'page' }, start + 1);
      await choose('ended', false);
      await choose('subscribed', true);
      await choose('both', true);
      await stores.subscriptions.suppress(key('bounced'), 'BOUNCE', start + 2);
      expect(await namesOf(stores, shop, null)).toEqual(['agreed', 'subscribed']);
      expect(await namesOf(stores, shop, { not: { users: [] } })).toEqual(['agreed', 'subscribed']);
      const request = { filter: null, channels: ['SMS', 'EMAIL'], now: start } as const;
      const found = (await collect(stores.audiences.scan(shop, request))).flat();
      expect(found.map(({ userId, channels }) => [userId, channels])).toEqual([
        ...[
          ['agreed', ['SMS', 'EMAIL']],
          ['bounced', ['SMS']],
          ['ended', ['SMS']],
          ['subscribed', ['EMAIL']],
        ],
      ]);
      for (const { userId, channels } of found)
        expect(await stores.audiences.find(shop, userId, request)).toEqual({
          userId,
          channels,
          attributes: {},
        });
      expect(await stores.audiences.find(shop, toUserId('silent'), request)).toBeNull();
      await stores.subscriptions.suppress(key('bounced'), null, start + 3);
      expect(await namesOf(stores, shop, null)).toEqual(['agreed', 'bounced', 'subscribed']);
    },
  },
  {
    name: 'counts an audience in a sample of the shoppers who allow ANALYTICS',
    async hold({ stores, shop }) {
      const users = Array.from({ length: 20 }, (_, at) => ({
        id: toUserId(`u${at}`),
        attributes: { half: at % 2 },
        consents: [consent(true), ...(at === 0 ? [consent(false, 'ANALYTICS')] : [])],
      }));
      await stores.users.upsertMany(shop, users, start);
      const filter = { attribute: { name: 'half', equals: 0 } };
      const request = { filter, channels: ['EMAIL'], now: start } as const;
      expect(await stores.audiences.count(shop, request, 100)).toEqual({
        contactable: 20,
        sampled: 19,
        matched: 9,
      });
      const sample = await stores.audiences.count(shop, request, 5);
      expect(sample).toMatchObject({ contactable: 20, sampled: 5 });
      expect(await stores.audiences.count(shop, request, 5)).toEqual(sample);
    },
  },
  {
    name: 'keeps the choice of a shopper, what the channel reported, and the opaque id of both',
    async hold({ stores: { subscriptions, users }, shop }) {
      const key = { shopId: shop, userId: toUserId('ann'), channel: 'EMAIL' } as const;
      const id = `link-${shop}`;
      expect(await subscriptions.of(shop, [key.userId])).toEqual(new Map());
      expect(await subscriptions.linkOf(key, id, start)).toBe(id);
      expect(await subscriptions.linkOf(key, 'another', start)).toBe(id);
      await subscriptions.choose(key, { isSubscribed: false, source: 'link' }, start + 1);
      await subscriptions.suppress(key, 'COMPLAINT', start + 2);
      await subscriptions.choose(key, { isSubscribed: true, source: 'page' }, start + 3);
      expect(await subscriptions.of(shop, [key.userId])).toEqual(
        new Map([
          [
            key.userId,
            [
              {
                ...{ channel: 'EMAIL', isSubscribed: true, source: 'page', updatedAt: start + 3 },
                ...{ suppression: 'COMPLAINT', suppressedAt: start + 2 },
              },
            ],
          ],
        ]),
      );
      expect(await subscriptions.findLink(id)).toEqual(key);
      expect(await subscriptions.findLink('nothing')).toBeNull();
      await users.upsertMany(shop, [{ id: key.userId }], start);
      const spaceOf = (id: typeof key.userId) => eventSpaceOf(id, () => 'a'.repeat(43));
      const spaces = { anonymousSpace: spaceOf(key.userId), userSpace: spaceOf(toUserId('known')) };
      const request = { anonymousId: key.userId, userId: toUserId('known'), identifiedBy: 'test', ...spaces };
      const sms = { ...key, channel: 'SMS' } as const;
      await subscriptions.choose(sms, { isSubscribed: false, source: 'page' }, start);
      await subscriptions.choose(
        { ...sms, userId: toUserId('known') },
        { isSubscribed: true, source: 'page' },
        start,
      );
      await users.identify(shop, request, start + 9);
      const joined = (await subscriptions.of(shop, [toUserId('known')])).get(toUserId('known'));
      expect(
        joined?.map(({ channel, isSubscribed, suppression }) => [channel, isSubscribed, suppression]).sort(),
      ).toEqual([
        ...[
          ['EMAIL', true, 'COMPLAINT'],
          ['SMS', false, null],
        ],
      ]);
      expect(await subscriptions.findLink(id)).toEqual({ ...key, userId: 'known' });
    },
  },
];
