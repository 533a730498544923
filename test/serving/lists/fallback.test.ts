import { GatewayError } from '../../../src/domain/errors';
import { toProductId, toShopId, toUserId } from '../../../src/domain/ids';
import type { RecommendationList } from '../../../src/domain/recommendation';

import {
  interaction,
  now,
  openTestShop,
  openTrainedShop,
  popularArtifact,
  product,
  publish,
  request,
  shopId,
} from '../support';

const ids = (list: RecommendationList): string[] => list.items.map(item => item.productId);
const anna = toUserId('anna');

it('fills a list under narrow filters from far down the ranking', async () => {
  const { stores, recommender } = await openTrainedShop();
  await stores.interactions.insertMany([interaction('e', 'anna', product(0))]);
  const list = await recommender.recommend(
    request({
      userId: anna,
      first: 2,
      filters: { category: ['Garden'], minPriceMinor: 3_500, inStock: true },
    }),
  );
  expect(ids(list)).toEqual([product(35), product(37)]);
  expect(list.degraded).toBeNull();
  await recommender.stop();
});

it('gives the reason FILTERS_TOO_NARROW when too few products pass', async () => {
  const { stores, recommender } = await openTrainedShop();
  await stores.interactions.insertMany([interaction('e', 'anna', product(0))]);
  const filters = { minPriceMinor: 3_800 };
  const list = await recommender.recommend(request({ userId: anna, first: 5, filters }));
  expect(ids(list)).toEqual([product(38), product(39)]);
  expect(list.degraded).toBe('FILTERS_TOO_NARROW');
  await recommender.stop();
});

it('serves the newest products of a shop without models, with a reason', async () => {
  const { stores, recommender } = await openTestShop();
  await stores.products.upsertMany(shopId, [{ id: toProductId('latest'), title: 'Latest' }], now);
  await recommender.start();
  const list = await recommender.recommend(request({ first: 3 }));
  expect(ids(list)).toEqual(['latest', product(0), product(1)]);
  expect(list).toMatchObject({ degraded: 'MODEL_NOT_TRAINED', strategy: 'newest', modelVersion: null });
  expect(list.items.every(item => item.source === 'FALLBACK')).toBe(true);
  await recommender.stop();
});

it('fills up with the newest products when a model has too few, each item under its own source', async () => {
  const { stores, recommender } = await openTestShop();
  await publish(stores, popularArtifact(2), 'v1');
  await recommender.start();
  const list = await recommender.recommend(request({ first: 4, strategy: 'popularity' }));
  expect(list.items.map(item => item.source)).toEqual(['POPULAR', 'POPULAR', 'FALLBACK', 'FALLBACK']);
  expect(list.degraded).toBeNull();
  await recommender.stop();
});

it('serves another strategy, with a reason, when the requested one is not published', async () => {
  const { recommender } = await openTrainedShop();
  const list = await recommender.recommend(request({ strategy: 'trending', first: 2 }));
  expect(list).toMatchObject({ degraded: 'MODEL_NOT_TRAINED', strategy: 'popularity' });
  await recommender.stop();
});

it('gives no reason when a popular list was requested', async () => {
  const { recommender } = await openTrainedShop();
  const list = await recommender.recommend(request({ strategy: 'popularity' }));
  expect(list).toMatchObject({ degraded: null, strategy: 'popularity' });
  await recommender.stop();
});

it('reads no history of a shopper who withdrew consent', async () => {
  const { stores, recommender } = await openTrainedShop();
  await stores.interactions.insertMany([interaction('e', 'anna', product(30))]);
  const consents = [{ purpose: 'PERSONALIZATION' as const, granted: false, source: null }];
  await stores.users.upsertMany(shopId, [{ id: anna, consents }], now);
  const read = jest.spyOn(stores.interactions, 'recentOf');
  const list = await recommender.recommend(
    request({ userId: anna, first: 2, cartProductIds: [product(20)] }),
  );
  expect(list).toMatchObject({ degraded: 'CONSENT_WITHHELD', strategy: 'popularity' });
  expect(ids(list)).toEqual([product(0), product(1)]);
  expect(read).not.toHaveBeenCalled();
  await recommender.stop();
});

it('reads no history of a deactivated shopper, and says so', async () => {
  const { stores, recommender } = await openTrainedShop();
  await stores.interactions.insertMany([interaction('e', 'anna', product(30))]);
  const own = request({ userId: anna, first: 2 });
  const before = await recommender.recommend(own);
  await stores.users.upsertMany(shopId, [{ id: anna, deactivatedAt: now }], now);
  const read = jest.spyOn(stores.interactions, 'recentOf');
  const list = await recommender.recommend(own);
  expect(list).toMatchObject({ degraded: 'USER_DEACTIVATED', strategy: 'popularity' });
  expect(ids(list)).toEqual([product(0), product(1)]);
  expect(ids(before)).not.toEqual(ids(list));
  expect(read).not.toHaveBeenCalled();
  await stores.users.upsertMany(shopId, [{ id: anna, deactivatedAt: null }], now);
  expect(ids(await recommender.recommend(own))).toEqual(ids(before));
  await recommender.stop();
});

it('never lists a stub, until it is described', async () => {
  const { stores, recommender } = await openTestShop();
  await recommender.start();
  const stub = toProductId('made-up');
  await stores.interactions.insertMany([interaction('e', 'anna', stub, 'PURCHASE', now + 1)]);
  await recommender.refreshCatalogue(shopId);
  for (const placement of ['home', 'search']) {
    const list = await recommender.recommend(request({ first: 100, placement }));
    expect(ids(list)).not.toContain(stub);
    expect(ids(list)).toHaveLength(40);
  }
  expect(ids(await recommender.similar({ ...request({ first: 100 }), productId: product(1) }))).not.toContain(
    stub,
  );
  expect(await recommender.unknownProducts(shopId, [stub, product(1), toProductId('other')])).toEqual(
    new Set(['other']),
  );
  await stores.products.upsertMany(shopId, [{ id: stub, title: 'Described' }], now + 2);
  await recommender.refreshCatalogue(shopId);
  expect(ids(await recommender.recommend(request({ first: 100 })))).toContain(stub);
  await recommender.stop();
});

it.each([
  ['does not answer in time', () => new Promise<never>(() => undefined)],
  [
    'cannot be reached',
    () => Promise.reject(new GatewayError('UNAVAILABLE', 'Expected a database; got none.')),
  ],
])('serves popular products when the history %s', async (_, recentOf) => {
  const { stores, recommender } = await openTrainedShop({ historyTimeoutMs: 5 });
  jest.spyOn(stores.interactions, 'recentOf').mockImplementation(recentOf);
  const list = await recommender.recommend(request({ userId: anna, first: 2 }));
  expect(list).toMatchObject({ degraded: 'HISTORY_UNAVAILABLE', strategy: 'popularity' });
  await recommender.stop();
});

it('rejects when reading fails with a bug', async () => {
  const { stores, recommender } = await openTrainedShop();
  jest.spyOn(stores.interactions, 'recentOf').mockRejectedValue(new TypeError('a bug'));
  await expect(recommender.recommend(request({ userId: anna }))).rejects.toThrow('a bug');
  await recommender.stop();
});

it('reads concurrent shoppers together, and each gets their own list', async () => {
  const { stores, recommender } = await openTrainedShop();
  const rows = [3, 13, 23, 33];
  await stores.interactions.insertMany(rows.map(row => interaction(`e${row}`, `user${row}`, product(row))));
  const read = jest.spyOn(stores.interactions, 'recentOf');
  const lists = await Promise.all(
    rows.map(row => recommender.recommend(request({ userId: toUserId(`user${row}`), first: 1 }))),
  );
  expect(lists.flatMap(ids)).toEqual(rows.map(product));
  expect(read).toHaveBeenCalledTimes(1);
  await recommender.stop();
});

it('refuses unknown strategies, shops and lengths', async () => {
  const { recommender } = await openTrainedShop();
  const refusals: [Parameters<typeof request>[0], string][] = [
    [{ strategy: 'astrology' }, 'BAD_USER_INPUT'],
    [{ first: 0 }, 'BAD_USER_INPUT'],
    [{ first: 101 }, 'BAD_USER_INPUT'],
    [{ first: 1.5 }, 'BAD_USER_INPUT'],
    [{ shopId: toShopId('elsewhere') }, 'NOT_FOUND'],
  ];
  for (const [given, code] of refusals) {
    await expect(recommender.recommend(request(given))).rejects.toMatchObject({ code });
  }
  await recommender.stop();
});
