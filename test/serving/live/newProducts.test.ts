import { toProductId, toUserId } from '../../../src/domain/ids';
import { arrival, described, openReadingShop } from '../readingShop';
import {
  interaction,
  now,
  openTestShop,
  product,
  request,
  shopId,
  similarRequest,
  type TestShop,
} from '../support';

/** The recommendations of `content` for a shopper; u0 likes tea, u1 tools. Twenty of each exist before a new one is added. */
async function listFor({ recommender }: TestShop, user: string, first = 21): Promise<string[]> {
  const { items } = await recommender.recommend(
    request({ userId: toUserId(user), strategy: 'content', first }),
  );
  return items.map(item => item.productId);
}

it('recommends a product created after the training to shoppers who like its words, and to no others', async () => {
  const shop = await openReadingShop();
  expect(await listFor(shop, 'u0')).not.toContain('arrival');
  await shop.stores.products.upsertMany(shopId, [arrival], now);
  await shop.recommender.refreshCatalogue(shopId);
  expect(await listFor(shop, 'u0')).toContain('arrival');
  expect(await listFor(shop, 'u1', 20)).not.toContain('arrival');
  const { items } = await shop.recommender.similar(
    similarRequest({ productId: toProductId('arrival'), first: 5, strategy: 'content' }),
  );
  expect(items.every(item => Number(item.productId.slice(1)) % 2 === 0)).toBe(true);
  expect(items[0].source).toBe('MODEL');
  await shop.recommender.stop();
  expect(shop.errors).toEqual([]);
});

it('learns of a new product by notifications alone', async () => {
  const shop = await openReadingShop();
  await shop.stores.products.upsertMany(shopId, [arrival], now);
  for (let turn = 0; turn < 50; turn++) await new Promise(resolve => setImmediate(resolve));
  expect(await listFor(shop, 'u0')).toContain('arrival');
  await shop.recommender.stop();
});

it('knows products created between the training and its start', async () => {
  const shop = await openReadingShop();
  await shop.recommender.stop();
  await shop.stores.products.upsertMany(shopId, [arrival], now + 1);
  const later = await openTestShop();
  Object.assign(later.stores, shop.stores);
  await later.recommender.start();
  expect(await listFor(later, 'u0')).toContain('arrival');
  await later.recommender.stop();
});

it('admits a known product again when its text changes, and ignores inactive and undescribed ones', async () => {
  const shop = await openReadingShop();
  const { stores, recommender } = shop;
  const turned = { ...described(product(39), 0, 1), title: 'Green tea 绿茶, second flush' };
  expect(await listFor(shop, 'u0', 20)).not.toContain(product(39));
  const retired = { ...arrival, isActive: false };
  await stores.products.upsertMany(shopId, [turned, retired], now);
  await stores.interactions.insertMany([interaction('x', 'u9', toProductId('stub'))]);
  await recommender.refreshCatalogue(shopId);
  const list = await listFor(shop, 'u0');
  expect(list).toContain(product(39));
  expect(list).not.toContain('arrival');
  expect(list).not.toContain('stub');
  await recommender.stop();
});
