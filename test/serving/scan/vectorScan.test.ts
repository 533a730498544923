import type { RecommendationList } from '../../../src/domain/recommendation';
import { createRng } from '../../../src/numeric/rng';
import type { RecommendRequest } from '../../../src/serving/lists/request';
import { now, openTestShop, product, publish, request, shopId, type TestShop } from '../support';
import { tasteArtifact, tasteProducts } from '../tasteShop';

/** The same shop and artifact twice: one scores every product, one searches vectors. */
async function openBoth(): Promise<readonly [dense: TestShop, scanned: TestShop]> {
  const artifact = await tasteArtifact();
  const open = async (scanFrom: number): Promise<TestShop> => {
    const shop = await openTestShop({ scanFrom }, tasteProducts);
    await publish(shop.stores, artifact, 'v1');
    await shop.recommender.start();
    return shop;
  };
  return [await open(Number.MAX_SAFE_INTEGER), await open(1)];
}

const itemsOf = ({ items, strategy, degraded }: RecommendationList) => ({ items, strategy, degraded });

it('makes the same lists as scoring every product, with any filters and exclusions', async () => {
  const [dense, scanned] = await openBoth();
  const rng = createRng(5);
  const some = (count: number) => Array.from({ length: count }, () => product(rng.int(tasteProducts)));
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
      currentProductId: product(rng.int(tasteProducts)),
    });
    const found = await scanned.recommender.recommend(asked);
    expect(itemsOf(found)).toEqual(itemsOf(await dense.recommender.recommend(asked)));
  }
  expect([...dense.errors, ...scanned.errors]).toEqual([]);
  await dense.recommender.stop();
  await scanned.recommender.stop();
});

it('follows a change of the catalogue at once', async () => {
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
