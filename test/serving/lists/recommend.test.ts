import { type ProductId, toUserId } from '../../../src/domain/ids';
import type { RecommendationList } from '../../../src/domain/recommendation';
import type { PolicyChange } from '../../../src/domain/shopPolicy';

import { interaction, now, openTrainedShop, product, request, shopId } from '../support';

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

it('makes a personal list for a new visitor with three clicks', async () => {
  const { stores, recommender } = await openTrainedShop();
  const clicks = [20, 21, 22].map(row => interaction(`c${row}`, 'newcomer', product(row), 'CLICK'));
  await stores.interactions.insertMany(clicks);
  const list = await recommender.recommend(request({ userId: toUserId('newcomer'), first: 5 }));
  expect(list.items.every(item => item.source === 'MODEL')).toBe(true);
  expect(ids(list)).toContain(product(23));
  expect(list.degraded).toBeNull();
  await recommender.stop();
});

it('serves popular products with the reason COLD_START to a visitor without history', async () => {
  const { recommender } = await openTrainedShop();
  for (const userId of [null, toUserId('nobody')]) {
    const list = await recommender.recommend(request({ userId, first: 3 }));
    expect(list).toMatchObject({ degraded: 'COLD_START', strategy: 'popularity' });
    expect(ids(list)).toEqual([product(0), product(1), product(2)]);
    expect(list.items.map(item => item.source)).toEqual(['POPULAR', 'POPULAR', 'POPULAR']);
  }
  await recommender.stop();
});

it('uses the cart and the current product as signals, and lists neither', async () => {
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

it('lists viewed products again, but not bought, returned or disliked ones', async () => {
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

it("lists or leaves out products of earlier events, by the shop's already-seen policy and its days", async () => {
  const { stores, recommender } = await openTrainedShop();
  const longAgo = now - 40 * 86_400_000;
  await stores.interactions.insertMany([
    interaction('v', 'anna', product(5), 'VIEW'),
    interaction('b', 'anna', product(6), 'PURCHASE', longAgo),
  ]);
  const left = async (change: PolicyChange): Promise<readonly ProductId[]> => {
    await stores.shops.changePolicy(shopId, change);
    await recommender.refreshPolicy(shopId);
    const listed = ids(await recommender.recommend(request({ userId: anna, first: 40 })));
    return [product(5), product(6)].filter(id => !listed.includes(id));
  };
  expect(await left({})).toEqual([product(6)]);
  expect(await left({ 'alreadySeen.rule': 'KEEP' })).toEqual([]);
  expect(await left({ 'alreadySeen.rule': 'EXCLUDE_SEEN' })).toEqual([product(5), product(6)]);
  expect(await left({ 'alreadySeen.days': 39 })).toEqual([product(5)]);
  expect(await left({ 'alreadySeen.days': 41 })).toEqual([product(5), product(6)]);
  expect(await left({ 'alreadySeen.rule': null, 'alreadySeen.days': 39 })).toEqual([]);
  await recommender.stop();
});

it("weighs events by the shop's weights from the next request on", async () => {
  const { stores, recommender } = await openTrainedShop();
  await stores.interactions.insertMany([
    interaction('v', 'anna', product(5), 'VIEW'),
    interaction('w', 'anna', product(30), 'WISHLIST'),
  ]);
  const first = async (): Promise<string> =>
    ids(await recommender.recommend(request({ userId: anna, first: 1 })))[0];
  expect(await first()).toBe(product(30));
  await stores.shops.changePolicy(shopId, { 'eventWeights.VIEW': 3, 'eventWeights.WISHLIST': 1 });
  await recommender.refreshPolicy(shopId);
  expect(await first()).toBe(product(5));
  await recommender.stop();
});

it('follows a policy change by another gateway, and keeps new lists for its number of days', async () => {
  const { stores, recommender } = await openTrainedShop();
  await stores.interactions.insertMany([interaction('b', 'anna', product(6), 'PURCHASE')]);
  const daysOf = ({ createdAt, expiresAt }: RecommendationList) => (expiresAt - createdAt) / 86_400_000;
  const before = await recommender.recommend(request({ userId: anna, first: 1 }));
  expect([ids(before)[0], daysOf(before)]).not.toContain(product(6));
  await stores.shops.changePolicy(shopId, { 'alreadySeen.rule': 'KEEP', 'retention.listDays': 7 });
  while ((await recommender.policyOf(shopId)).retention.listDays !== 7) await new Promise(setImmediate);
  const after = await recommender.recommend(request({ userId: anna, first: 1 }));
  expect([ids(after)[0], daysOf(before), daysOf(after)]).toEqual([product(6), 30, 7]);
  await recommender.stop();
});
