import type { RecommendationList } from '../../src/domain/recommendation';
import { modelByName } from '../../src/models/registry';
import { threadTasks } from '../../src/models/threadTasks';
import { createRng } from '../../src/numeric/rng';
import { serialThreadPool } from '../../src/numeric/threadPool';
import type { RecommendRequest } from '../../src/serving/request';
import { snapshotOf, type TestEvent } from '../support/snapshots';
import { now, openTestShop, product, publish, request, shopId, type TestShop } from './support';

const products = 700;

/** Shoppers of seven tastes over many products; p699 is in the catalogue only. */
function events(): TestEvent[] {
  const rng = createRng(11);
  return Array.from({ length: 6000 }, (_, at) => {
    const user = rng.int(200);
    return { user: `u${user}`, product: product(7 * rng.int(99) + (user % 7)), at: now - 6000 + at };
  });
}

/** The same shop and artifact, asked with a score for each product and without. */
async function openBoth(): Promise<readonly [dense: TestShop, scanned: TestShop]> {
  const model = modelByName('collaborative', { rank: 12, epochs: 2 });
  const artifact = await model.train(await snapshotOf(events()), {
    seed: 1,
    threads: serialThreadPool(threadTasks),
    onProgress: () => undefined,
    signal: new AbortController().signal,
  });
  const open = async (scanFrom: number): Promise<TestShop> => {
    const shop = await openTestShop({ scanFrom }, products);
    await publish(shop.stores, artifact, 'v1');
    await shop.recommender.start();
    return shop;
  };
  return [await open(Number.MAX_SAFE_INTEGER), await open(1)];
}

const itemsOf = ({ items, strategy, degraded }: RecommendationList) => ({ items, strategy, degraded });

it('gives the very lists that a score for each product gives, whatever is filtered or left out', async () => {
  const [dense, scanned] = await openBoth();
  const rng = createRng(5);
  const some = (count: number) => Array.from({ length: count }, () => product(rng.int(products)));
  const filters: RecommendRequest['filters'][] = [
    {},
    { category: ['Garden'] },
    { inStock: true, maxPriceMinor: 900 },
    { minPriceMinor: 1e9 },
  ];
  for (let turn = 0; turn < 40; turn++) {
    const asked = request({
      first: 1 + rng.int(60),
      filters: filters[turn % filters.length],
      excludeProductIds: some(rng.int(200)),
      cartProductIds: some(rng.int(4)),
      currentProductId: product(rng.int(products)),
    });
    const found = await scanned.recommender.recommend(asked);
    expect(itemsOf(found)).toEqual(itemsOf(await dense.recommender.recommend(asked)));
  }
  expect([...dense.errors, ...scanned.errors]).toEqual([]);
  await dense.recommender.stop();
  await scanned.recommender.stop();
});

it('knows at once what the catalogue has changed', async () => {
  const [, { stores, recommender }] = await openBoth();
  const asked = request({ first: 1, currentProductId: product(14) });
  const [{ productId }] = (await recommender.recommend(asked)).items;
  await stores.products.upsertMany(shopId, [{ id: productId, isActive: false }], now);
  await recommender.refreshCatalogue(shopId);
  const [other] = (await recommender.recommend(asked)).items;
  expect(other.productId).not.toBe(productId);
  expect(other.source).toBe('MODEL');
  await recommender.stop();
});
