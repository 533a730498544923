import type { RecommendationList } from '../../../src/domain/recommendation';
import type { IndexReport } from '../../../src/serving/scan/indexing';
import type { VectorIndexer } from '../../../src/store/ports/vectorIndex';
import { sureIndexer, worstIndexer } from '../../support/indexers';
import { openTestShop, product, publish, request, shopId, until } from '../support';
import { tasteArtifact, tasteProducts } from '../tasteShop';

const itemsOf = ({ items, strategy, degraded }: RecommendationList) => ({ items, strategy, degraded });

async function openShop(indexer: VectorIndexer | null, indexFrom = 1) {
  const reports: IndexReport[] = [];
  const onIndexed = (report: IndexReport) => reports.push(report);
  const config = { scanFrom: 1, indexFrom };
  const shop = await openTestShop(config, tasteProducts, { indexer, onIndexed });
  await publish(shop.stores, await tasteArtifact(), 'v1');
  await shop.recommender.start();
  return { ...shop, reports };
}

const requests = [3, 150, 600].map((row, at) =>
  request({
    first: 20,
    currentProductId: product(row),
    filters: at === 1 ? { category: ['Garden'] } : {},
    excludeProductIds: [product(row + 7)],
  }),
);

async function expectExactLists({ recommender }: Awaited<ReturnType<typeof openShop>>): Promise<void> {
  const exact = await openShop(null);
  for (const asked of requests)
    expect(itemsOf(await recommender.recommend(asked))).toEqual(
      itemsOf(await exact.recommender.recommend(asked)),
    );
  await exact.recommender.stop();
}

it('uses a measured index, and reports its recall', async () => {
  const shop = await openShop(sureIndexer);
  await until(() => shop.reports.length > 0);
  expect(shop.reports).toMatchObject([
    { record: { model: 'collaborative', version: 'v1' }, recall: 1, serves: true },
  ]);
  expect(shop.recommender.counts().indices).toEqual({ serving: 1, refused: 0, lowestRecall: 1 });
  await expectExactLists(shop);
  expect(shop.errors).toEqual([]);
  await shop.recommender.stop();
});

it('keeps exact search when the recall of an index is too low', async () => {
  const shop = await openShop(worstIndexer);
  await until(() => shop.reports.length > 0);
  expect(shop.reports).toMatchObject([{ recall: 0, serves: false }]);
  expect(shop.recommender.counts().indices).toEqual({ serving: 0, refused: 1, lowestRecall: 0 });
  await expectExactLists(shop);
  await shop.recommender.stop();
});

it('builds no index for a model with fewer products than the limit', async () => {
  const shop = await openShop(sureIndexer, tasteProducts + 1);
  await shop.recommender.refresh(shopId);
  await shop.recommender.stop();
  expect(shop.reports).toEqual([]);
  expect(shop.recommender.counts().indices).toEqual({ serving: 0, refused: 0, lowestRecall: Number.NaN });
});

it('keeps exact search and reports the error when an index cannot be built', async () => {
  const failure = new Error('out of memory');
  const shop = await openShop({ build: () => Promise.reject(failure) });
  await until(() => shop.errors.length > 0);
  expect(shop.errors).toEqual([failure]);
  await expectExactLists(shop);
  await shop.recommender.stop();
});

it('serves during a build, and cancels it when the model is replaced or serving stops', async () => {
  const signals: AbortSignal[] = [];
  const endless: VectorIndexer = {
    build(_rows, _columns, signal) {
      signals.push(signal);
      return new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => reject(new Error('given up')));
      });
    },
  };
  const shop = await openShop(endless);
  await until(() => signals.length === 1);
  await expectExactLists(shop);
  await publish(shop.stores, await tasteArtifact(2), 'v2');
  await shop.recommender.refresh(shopId);
  await until(() => signals.length === 2);
  expect(signals.map(({ aborted }) => aborted)).toEqual([true, false]);
  // An unchanged model is not indexed again.
  await shop.recommender.refresh(shopId);
  await shop.recommender.stop();
  expect(signals.map(({ aborted }) => aborted)).toEqual([true, true]);
  expect(shop.reports).toEqual([]);
  expect(shop.errors).toEqual([]);
});
