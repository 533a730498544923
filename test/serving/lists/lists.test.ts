import { toListId, toShopId, toUserId } from '../../../src/domain/ids';

import { openTrainedShop, product, request, shopId } from '../support';

const anna = toUserId('anna');

it('are found at once, and in the store after stop, as they were shown', async () => {
  const { stores, recommender } = await openTrainedShop();
  const list = await recommender.recommend(request({ userId: anna }));
  expect((await recommender.findLists(shopId, [list.id])).size).toBe(0);
  recommender.keep(list);
  recommender.keep(list);
  expect((await recommender.findLists(shopId, [list.id])).get(list.id)).toBe(list);
  expect((await recommender.findLists(toShopId('elsewhere'), [list.id])).size).toBe(0);
  await recommender.stop();
  expect((await stores.recommendations.findMany(shopId, [list.id])).get(list.id)).toEqual(list);
  const found = await recommender.findLists(shopId, [list.id, toListId('unknown')]);
  expect([...found.keys()]).toEqual([list.id]);
  expect(list.expiresAt - list.createdAt).toBe(30 * 86_400_000);
});

it('returns lists of a shopper that are not written yet', async () => {
  const { recommender } = await openTrainedShop({ listFlushMs: 60_000 });
  const list = await recommender.recommend(request({ userId: anna }));
  recommender.keep(list);
  await recommender.recommend(request({ userId: anna }));
  const page = await recommender.lists.pageOfUser(shopId, anna, { first: 10 });
  expect(page.rows.map(row => row.id)).toEqual([list.id]);
  await recommender.stop();
});

it('counts lists by reason', async () => {
  const { recommender } = await openTrainedShop();
  await recommender.recommend(request());
  await recommender.recommend(request({ cartProductIds: [product(1)] }));
  expect(recommender.counts().lists).toMatchObject({ none: 1, COLD_START: 1 });
  await recommender.stop();
});
