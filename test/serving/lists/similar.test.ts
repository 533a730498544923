import { toProductId } from '../../../src/domain/ids';
import type { RecommendationList } from '../../../src/domain/recommendation';

import { now, openTrainedShop, product, shopId, similarRequest } from '../support';

const ids = (list: RecommendationList): string[] => list.items.map(item => item.productId);

it('lists products similar to a product, without the product itself', async () => {
  const { recommender } = await openTrainedShop();
  const list = await recommender.similar(similarRequest({ first: 2 }));
  expect(ids(list)).toEqual([product(9), product(11)]);
  expect(list).toMatchObject({ degraded: null, strategy: 'nearby', sourceProductId: product(10) });
  await recommender.stop();
});

it('falls back to popular products of the category for a product that no model knows', async () => {
  const { stores, recommender } = await openTrainedShop();
  const unseen = toProductId('unseen');
  await stores.products.upsertMany(shopId, [{ id: unseen, categoryPath: ['Garden'] }], now);
  await recommender.refreshCatalogue(shopId);
  const list = await recommender.similar(similarRequest({ productId: unseen, first: 3 }));
  expect(ids(list)).toEqual([product(1), product(3), product(5)]);
  expect(list).toMatchObject({ degraded: 'COLD_START', strategy: 'popularity' });
  await recommender.stop();
});

it('serves popular products of the category when a popular strategy is named', async () => {
  const { recommender } = await openTrainedShop();
  const list = await recommender.similar(similarRequest({ strategy: 'popularity', first: 2 }));
  expect(ids(list)).toEqual([product(0), product(2)]);
  expect(list).toMatchObject({ degraded: null, strategy: 'popularity' });
  await recommender.stop();
});

it('refuses a strategy without the capability similar', async () => {
  const { recommender } = await openTrainedShop();
  await expect(recommender.similar(similarRequest({ strategy: 'unlike' }))).rejects.toMatchObject({
    code: 'BAD_USER_INPUT',
  });
  await recommender.stop();
});
