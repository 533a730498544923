import { toProductId } from '../../../src/domain/ids';
import type { RecommendationList } from '../../../src/domain/recommendation';

import {
  now,
  openTestShop,
  openTrainedShop,
  popularArtifact,
  product,
  publish,
  request,
  shopId,
  until,
} from '../support';

const ids = (list: RecommendationList): string[] => list.items.map(item => item.productId);

it('drops a product that became inactive, and prices that changed, without a restart', async () => {
  const { stores, recommender } = await openTrainedShop();
  await stores.products.upsertMany(shopId, [{ id: product(0), isActive: false }], now);
  await recommender.refreshCatalogue(shopId);
  expect(ids(await recommender.recommend(request({ first: 1 })))).toEqual([product(1)]);
  await stores.products.upsertMany(shopId, [{ id: product(39), priceMinor: 1 }], now + 1);
  await recommender.refreshCatalogue(shopId);
  const cheap = await recommender.recommend(request({ first: 3, filters: { maxPriceMinor: 100 } }));
  expect(ids(cheap)).toEqual([product(1), product(39)]);
  await recommender.stop();
});

it('learns of changes by notifications alone', async () => {
  const { stores, recommender } = await openTrainedShop();
  await stores.products.upsertMany(shopId, [{ id: product(0), isActive: false }], now);
  const changed = jest.spyOn(stores.products, 'findMany');
  await until(() => recommender.counts().cachedProducts === 40);
  for (let turn = 0; turn < 20; turn++) await new Promise(resolve => setImmediate(resolve));
  expect(ids(await recommender.recommend(request({ first: 1 })))).toEqual([product(1)]);
  const products = await recommender.products(shopId, [product(0), product(1), toProductId('none')]);
  expect(products.get(product(0))?.isActive).toBe(false);
  expect(products.size).toBe(2);
  expect(changed).toHaveBeenCalledTimes(1);
  expect(changed).toHaveBeenCalledWith(shopId, ['none']);
  await recommender.stop();
});

it('reads everything again after an interruption, and finishes reading before it stops', async () => {
  const { stores, recommender, errors } = await openTestShop();
  let onLost: () => void = () => undefined;
  jest.spyOn(stores.changes, 'subscribe').mockImplementation(async (_, lost) => {
    onLost = lost;
    return async () => undefined;
  });
  await recommender.start();
  await stores.products.upsertMany(shopId, [{ id: product(0), isActive: false }], now);
  await publish(stores, popularArtifact(), 'v1');
  expect(recommender.status(shopId)).toEqual([]);
  onLost();
  await recommender.stop();
  expect(recommender.status(shopId).map(live => live.model)).toEqual(['popularity']);
  expect(ids(await recommender.recommend(request({ first: 1 })))).toEqual([product(1)]);
  expect(errors).toEqual([]);
});
