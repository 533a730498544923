import { toUserId } from '../../../src/domain/ids';
import type { RecommendationList } from '../../../src/domain/recommendation';

import { interaction, now, openTrainedShop, product, request } from '../support';

const ids = (list: RecommendationList): string[] => list.items.map(item => item.productId);
const anna = toUserId('anna');

it('reflects the last event in the very next request', async () => {
  const { stores, recommender } = await openTrainedShop();
  await stores.interactions.insertMany([interaction('e1', 'anna', product(5))]);
  const before = await recommender.recommend(request({ userId: anna, first: 3 }));
  expect(ids(before)).toEqual([product(5), product(4), product(6)]);
  await stores.interactions.insertMany([interaction('e2', 'anna', product(30), 'WISHLIST', now)]);
  const after = await recommender.recommend(request({ userId: anna, first: 3 }));
  expect(ids(after)).toEqual([product(30), product(29), product(31)]);
  expect(after).toMatchObject({ strategy: 'nearby', modelVersion: 'v1', degraded: null });
  await recommender.stop();
});

it('serves a brand-new visitor with three clicks personally', async () => {
  const { stores, recommender } = await openTrainedShop();
  const clicks = [20, 21, 22].map(row => interaction(`c${row}`, 'newcomer', product(row), 'CLICK'));
  await stores.interactions.insertMany(clicks);
  const list = await recommender.recommend(request({ userId: toUserId('newcomer'), first: 5 }));
  expect(list.items.every(item => item.source === 'MODEL')).toBe(true);
  expect(ids(list)).toContain(product(23));
  expect(list.degraded).toBeNull();
  await recommender.stop();
});

it('says cold start, and what is popular, to a visitor without any history', async () => {
  const { recommender } = await openTrainedShop();
  for (const userId of [null, toUserId('nobody')]) {
    const list = await recommender.recommend(request({ userId, first: 3 }));
    expect(list).toMatchObject({ degraded: 'COLD_START', strategy: 'popularity' });
    expect(ids(list)).toEqual([product(0), product(1), product(2)]);
    expect(list.items.map(item => item.source)).toEqual(['POPULAR', 'POPULAR', 'POPULAR']);
  }
  await recommender.stop();
});

it('takes the cart and the product on screen for signs, and lists neither', async () => {
  const { recommender } = await openTrainedShop();
  const list = await recommender.recommend(
    request({ cartProductIds: [product(10)], currentProductId: product(12), first: 3 }),
  );
  expect(ids(list)[0]).toBe(product(11));
  expect(ids(list)).not.toContain(product(10));
  expect(ids(list)).not.toContain(product(12));
  expect(list).toMatchObject({ degraded: null, sourceProductId: product(12) });
  await recommender.stop();
});

it('lists what was viewed again, but not what was bought, given back or disliked', async () => {
  const { stores, recommender } = await openTrainedShop();
  await stores.interactions.insertMany([
    interaction('v', 'anna', product(5)),
    interaction('b', 'anna', product(6), 'PURCHASE'),
    interaction('r', 'anna', product(7), 'RETURN'),
    interaction('d', 'anna', product(4), 'DISLIKE'),
  ]);
  const list = await recommender.recommend(request({ userId: anna, first: 36 }));
  expect(ids(list)).toContain(product(5));
  for (const row of [6, 7, 4]) expect(ids(list)).not.toContain(product(row));
  await recommender.stop();
});

it('lists what was bought where the shop says so', async () => {
  const { stores, recommender } = await openTrainedShop({ excludePurchased: false });
  await stores.interactions.insertMany([interaction('b', 'anna', product(6), 'PURCHASE')]);
  expect(ids(await recommender.recommend(request({ userId: anna, first: 1 })))).toEqual([product(6)]);
  await recommender.stop();
});
