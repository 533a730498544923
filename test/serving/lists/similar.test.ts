import { toProductId } from '../../../src/domain/ids';
import type { RecommendationList } from '../../../src/domain/recommendation';

import { now, openTrainedShop, product, shopId, similarRequest } from '../support';

const ids = (list: RecommendationList): string[] => list.items.map(item => item.productId);

it('lists what is like a product, not the product', async () => {
  const { recommender } = await openTrainedShop();
  const list = await recommender.similar(similarRequest({ first: 2 }));
  expect(ids(list)).toEqual([product(9), product(11)]);
  expect(list).toMatchObject({ degraded: null, strategy: 'nearby', sourceProductId: product(10) });
  await recommender.stop();
});

it('falls back to popular products of the same category for one the models never saw', async () => {
  const { stores, recommender } = await openTrainedShop();
  const unseen = toProductId('unseen');
  await stores.products.upsertMany(shopId, [{ id: unseen, categoryPath: ['Garden'] }], now);
  await recommender.refreshCatalogue(shopId);
  const list = await recommender.similar(similarRequest({ productId: unseen, first: 3 }));
  expect(ids(list)).toEqual([product(1), product(3), product(5)]);
  expect(list).toMatchObject({ degraded: 'COLD_START', strategy: 'popularity' });
  await recommender.stop();
});

it('takes a popular strategy by name for what is popular in the category', async () => {
  const { recommender } = await openTrainedShop();
  const list = await recommender.similar(similarRequest({ strategy: 'popularity', first: 2 }));
  expect(ids(list)).toEqual([product(0), product(2)]);
  expect(list).toMatchObject({ degraded: null, strategy: 'popularity' });
  await recommender.stop();
});

it('refuses a strategy that knows no likeness', async () => {
  const { recommender } = await openTrainedShop();
  await expect(recommender.similar(similarRequest({ strategy: 'unlike' }))).rejects.toMatchObject({
    code: 'BAD_USER_INPUT',
  });
  await recommender.stop();
});
