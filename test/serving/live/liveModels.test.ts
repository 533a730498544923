import { GatewayError } from '../../../src/domain/errors';
import { toProductId, toShopId } from '../../../src/domain/ids';
import type { RecommendationList } from '../../../src/domain/recommendation';

import {
  nearbyArtifact,
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

it('swaps an artifact in under load: every list is of one version, none is lost', async () => {
  const { stores, recommender } = await openTrainedShop();
  const backwards = Array.from({ length: 40 }, (_, row) => product(39 - row) as string);
  const cart = [product(0)];
  const versions = new Set<string | null>();
  let isDone = false;
  const check = async (): Promise<number> => {
    let lists = 0;
    while (!isDone) {
      const list = await recommender.recommend(request({ cartProductIds: cart, first: 5 }));
      versions.add(list.modelVersion);
      expect(list.degraded).toBeNull();
      expect(list.items).toHaveLength(5);
      lists++;
      await new Promise(resolve => setImmediate(resolve));
    }
    return lists;
  };
  const checking = Promise.all([check(), check(), check(), check()]);
  for (let version = 2; version <= 6; version++) {
    await publish(stores, nearbyArtifact(backwards), `v${version}`);
    await until(() => recommender.status(shopId).some(live => live.version === `v${version}`));
  }
  isDone = true;
  expect((await checking).every(lists => lists > 0)).toBe(true);
  expect(versions.has('v6')).toBe(true);
  await recommender.stop();
});

it('refuses a damaged artifact, reports it once, and serves the old one', async () => {
  const { stores, recommender, errors } = await openTrainedShop();
  const read = stores.artifacts.read.bind(stores.artifacts);
  jest.spyOn(stores.artifacts, 'read').mockImplementation(async record => {
    const bytes = await read(record);
    if (record.version === 'v2') bytes[bytes.length >> 1] ^= 1;
    return bytes;
  });
  await publish(stores, nearbyArtifact([product(1), product(2)]), 'v2');
  await until(() => recommender.refusals(shopId).length > 0);
  expect(recommender.refusals(shopId)).toEqual([
    { model: 'nearby', version: 'v2', code: 'ARTIFACT_DAMAGED' },
  ]);
  expect(recommender.status(shopId)).toContainEqual({
    model: 'nearby',
    version: 'v1',
    publishedAt: now,
    metrics: { 'recall@10': 0.5 },
  });
  const list = await recommender.recommend(request({ cartProductIds: [product(20)] }));
  expect(list).toMatchObject({ modelVersion: 'v1', degraded: null });
  await publish(stores, popularArtifact(), 'v2');
  await until(() => recommender.refusals(shopId).length === 2);
  expect(errors).toHaveLength(2);
  expect(errors).toEqual([
    expect.objectContaining({ code: 'ARTIFACT_DAMAGED' }),
    expect.objectContaining({ code: 'ARTIFACT_DAMAGED' }),
  ]);
  await recommender.stop();
});

it('loads a refused artifact on request once it can be read', async () => {
  const { stores, recommender } = await openTrainedShop();
  const damage = new GatewayError('ARTIFACT_DAMAGED', 'Expected a checksum; got another.');
  const reading = jest.spyOn(stores.artifacts, 'read').mockRejectedValue(damage);
  await publish(stores, popularArtifact(), 'v2');
  await until(() => recommender.refusals(shopId).length === 1);
  reading.mockRestore();
  await recommender.refresh(shopId);
  expect(recommender.refusals(shopId)).toEqual([]);
  expect(recommender.status(shopId).map(live => live.version)).toContain('v2');
  await recommender.stop();
});

it('loads a shop that was created after the start at its first request', async () => {
  const { stores, recommender } = await openTrainedShop();
  const second = toShopId('second');
  const first = await stores.shops.find(shopId);
  if (first === null) throw new Error('Expected the test shop.');
  await stores.shops.upsert({ ...first, id: second });
  await stores.products.upsertMany(second, [{ id: toProductId('only') }], now);
  const list = await recommender.recommend(request({ shopId: second, first: 5 }));
  expect(ids(list)).toEqual(['only']);
  await recommender.stop();
});

it('is ready between start and stop', async () => {
  const { recommender } = await openTestShop();
  expect(recommender.ready()).toBe(false);
  await recommender.start();
  expect(recommender.ready()).toBe(true);
  await recommender.stop();
  expect(recommender.ready()).toBe(false);
});
