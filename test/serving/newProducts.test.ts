import { toProductId, toUserId } from '../../src/domain/ids';
import { content } from '../../src/models/content/model';
import { createRng } from '../../src/numeric/rng';
import { serialThreadPool } from '../../src/numeric/threadPool';
import type { ProductUpsert } from '../../src/store/ports';
import { readSnapshot } from '../../src/training/readSnapshot';
import {
  interaction,
  now,
  openTestShop,
  product,
  publish,
  request,
  shopId,
  similarRequest,
  type TestShop,
} from './support';

const words = [
  ['green tea', '绿茶 茶叶', 'teapot'],
  ['steel hammer', '工具 锤子', 'nails'],
];

const described = (id: string, kind: number, row: number): ProductUpsert => ({
  id: toProductId(id),
  title: words[kind][row % 3],
  description: `${words[kind][(row + 1) % 3]} number ${row}`,
});

/** Forty products about tea and tools, shoppers of both tastes, `content` trained on them and published. */
async function openReadingShop(): Promise<TestShop> {
  const shop = await openTestShop();
  const { stores } = shop;
  const products = Array.from({ length: 40 }, (_, row) => described(product(row), row % 2, row >> 1));
  await stores.products.upsertMany(shopId, products, now - 1e8);
  const rng = createRng(5);
  const events = Array.from({ length: 400 }, (_, at) => {
    const user = at % 40;
    const liked = product(2 * rng.int(20) + (user % 2));
    return interaction(`e${at}`, `u${user}`, liked, 'VIEW', now - 1e7 + at);
  });
  await stores.interactions.insertMany(events);
  const { signal } = new AbortController();
  const context = { seed: 1, threads: serialThreadPool({}), onProgress: () => undefined, signal };
  const snapshot = await readSnapshot(stores, shopId, now, signal);
  await publish(stores, await content({ rank: 4 }).train(snapshot, context), 'v1');
  await shop.recommender.start();
  return shop;
}

const arrival = { ...described('arrival', 0, 76), title: 'Green tea 绿茶, first flush' };

/** What `content` recommends to a shopper; u0 likes tea, u1 tools. There are twenty of each, before any arrives. */
async function listFor({ recommender }: TestShop, user: string, first = 21): Promise<string[]> {
  const { items } = await recommender.recommend(
    request({ userId: toUserId(user), strategy: 'content', first }),
  );
  return items.map(item => item.productId);
}

it('recommends a product created after the training to who likes its words, and to nobody else', async () => {
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

it('hears of a new product by the feed alone', async () => {
  const shop = await openReadingShop();
  await shop.stores.products.upsertMany(shopId, [arrival], now);
  for (let turn = 0; turn < 50; turn++) await new Promise(resolve => setImmediate(resolve));
  expect(await listFor(shop, 'u0')).toContain('arrival');
  await shop.recommender.stop();
});

it('knows products that came between the training and its own start', async () => {
  const shop = await openReadingShop();
  await shop.recommender.stop();
  await shop.stores.products.upsertMany(shopId, [arrival], now + 1);
  const later = await openTestShop();
  Object.assign(later.stores, shop.stores);
  await later.recommender.start();
  expect(await listFor(later, 'u0')).toContain('arrival');
  await later.recommender.stop();
});

it('reads a known product anew when its words change, and leaves retired and undescribed ones alone', async () => {
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
