import { toProductId } from '../../../src/domain/ids';
import type { RecommendationList } from '../../../src/domain/recommendation';
import { baskets } from '../../../src/models/baskets/model';
import { serialThreadPool } from '../../../src/numeric/threadPool';
import type { TogetherRequest } from '../../../src/serving/lists/request';
import { snapshotOf, type TestEvent } from '../../support/snapshots';
import { now, openTrainedShop, product, publish, request, shopId, type TestShop } from '../support';

const ids = (list: RecommendationList): string[] => list.items.map(item => item.productId);

const bought = (rows: readonly number[], times: number): TestEvent[] =>
  Array.from({ length: times }, (_, turn) => {
    const visit = `${rows.join('-')}.${turn}`;
    return rows.map(row => ({
      user: visit,
      session: visit,
      product: product(row),
      type: 'PURCHASE' as const,
    }));
  }).flat();

/** Product 1 is bought with 2 (often) and 3, product 5 with 6; `nearby` and `popularity` serve, too. */
async function openShop(): Promise<TestShop> {
  const shop = await openTrainedShop();
  const events = [...bought([1, 2], 6), ...bought([1, 3], 3), ...bought([5, 6], 5), ...bought([7, 8], 20)];
  const artifact = await baskets({ minBaskets: 1 }).train(await snapshotOf(events), {
    seed: 1,
    threads: serialThreadPool({}),
    onProgress: () => undefined,
    signal: new AbortController().signal,
  });
  await publish(shop.stores, artifact, 'v1');
  await shop.recommender.refresh(shopId);
  return shop;
}

const togetherRequest = (given: Partial<TogetherRequest> = {}): TogetherRequest => ({
  shopId,
  productIds: [product(1)],
  placement: 'cart',
  first: 10,
  filters: {},
  excludeProductIds: [],
  userId: null,
  now,
  ...given,
});

describe('products bought together', () => {
  it('lists the complements of a model of baskets, best first, and nothing else', async () => {
    const { recommender } = await openShop();
    const list = await recommender.together(togetherRequest({ first: 2 }));
    expect(ids(list)).toEqual([product(2), product(3)]);
    expect(list).toMatchObject({ strategy: 'baskets', degraded: null, sourceProductId: product(1) });
    const short = await recommender.together(togetherRequest());
    expect(ids(short)).toEqual([product(2), product(3)]);
    expect(short.degraded).toBe('FILTERS_TOO_NARROW');
    await recommender.stop();
  });

  it('completes the whole cart, and applies filters and exclusions', async () => {
    const { recommender } = await openShop();
    const cart = { productIds: [product(1), product(5)] };
    const list = await recommender.together(togetherRequest(cart));
    expect(ids(list).sort()).toEqual([product(2), product(3), product(6)]);
    expect(list.sourceProductId).toBeNull();
    const inStock = await recommender.together(
      togetherRequest({ ...cart, filters: { category: ['Home'] }, excludeProductIds: [product(2)] }),
    );
    expect(ids(inStock)).toEqual([product(6)]);
    await recommender.stop();
  });

  it('returns the evidence: orders first, then carts as fillers', async () => {
    const { stores, recommender } = await openTrainedShop();
    const carted = bought([1, 4], 3).map(event => ({ ...event, type: 'CART_ADD' as const }));
    const events = [...bought([1, 2], 6), ...bought([7, 8], 20), ...carted];
    const model = baskets({ minBaskets: 1, substitutePenalty: 0 });
    const artifact = await model.train(await snapshotOf(events), {
      seed: 1,
      threads: serialThreadPool({}),
      onProgress: () => undefined,
      signal: new AbortController().signal,
    });
    await publish(stores, artifact, 'v1');
    await recommender.refresh(shopId);
    const { items } = await recommender.together(togetherRequest());
    expect(items.map(({ productId, together }) => [productId, together])).toEqual([
      [product(2), { source: 'ORDER', support: 6 }],
      [product(4), { source: 'CART', support: 3 }],
    ]);
    expect(items[1].score).toBeLessThan(items[0].score);
    await recommender.stop();
  });

  it('is empty with a reason when no shopper bought the product with another', async () => {
    const { recommender } = await openShop();
    for (const productIds of [[product(20)], [toProductId('unseen')]]) {
      const list = await recommender.together(togetherRequest({ productIds }));
      expect(list).toMatchObject({ items: [], degraded: 'COLD_START', strategy: 'none', modelVersion: null });
    }
    await recommender.stop();
  });

  it('is empty with a reason before such a model is trained', async () => {
    const { recommender } = await openTrainedShop();
    const list = await recommender.together(togetherRequest());
    expect(list).toMatchObject({ items: [], degraded: 'MODEL_NOT_TRAINED', strategy: 'none' });
    await recommender.stop();
  });

  it('refuses a strategy without the capability complements', async () => {
    const { recommender } = await openShop();
    const asked = recommender.together(togetherRequest({ strategy: 'nearby' }));
    await expect(asked).rejects.toMatchObject({ code: 'BAD_USER_INPUT' });
    await recommender.stop();
  });
});

describe('recommendations for a cart', () => {
  it('start with complements, and continue with the shopper’s own products', async () => {
    const { recommender } = await openShop();
    const list = await recommender.recommend(request({ cartProductIds: [product(1)], first: 4 }));
    expect(ids(list)).toEqual([product(2), product(3), product(0), product(4)]);
    expect(list.degraded).toBeNull();
    const scores = list.items.map(({ score }) => score);
    expect(scores).toEqual(scores.toSorted((a, b) => b - a));
    await recommender.stop();
  });

  it('hold the shopper’s own products when nothing completes the cart', async () => {
    const { recommender } = await openShop();
    const list = await recommender.recommend(request({ cartProductIds: [product(20)], first: 2 }));
    expect(ids(list)).toEqual([product(19), product(21)]);
    expect(list).toMatchObject({ strategy: 'nearby', degraded: null });
    await recommender.stop();
  });

  it('start with the strategy that the request names', async () => {
    const { recommender } = await openShop();
    const cart = { cartProductIds: [product(1)], first: 2 };
    expect(ids(await recommender.recommend(request({ ...cart, strategy: 'nearby' })))).toEqual([
      product(0),
      product(2),
    ]);
    const popular = await recommender.recommend(request({ ...cart, strategy: 'popularity' }));
    expect(ids(popular)).toEqual([product(0), product(2)]);
    const named = await recommender.recommend(request({ ...cart, strategy: 'baskets' }));
    expect(ids(named)).toEqual([product(2), product(3)]);
    await recommender.stop();
  });

  it('never use a model of carts for a shopper’s taste', async () => {
    const { recommender } = await openShop();
    const list = await recommender.recommend(request({ currentProductId: product(1), first: 2 }));
    expect(list.strategy).toBe('nearby');
    const named = await recommender.recommend(request({ currentProductId: product(1), strategy: 'baskets' }));
    expect(named).toMatchObject({ strategy: 'nearby', degraded: 'COLD_START' });
    await recommender.stop();
  });

  it('do not use the cart of a shopper who withdrew consent', async () => {
    const { stores, recommender } = await openShop();
    const userId = 'anna' as never;
    await stores.users.upsertMany(
      shopId,
      [{ id: userId, consents: [{ purpose: 'PERSONALIZATION', granted: false, source: null }] }],
      now,
    );
    const list = await recommender.recommend(request({ userId, cartProductIds: [product(1)], first: 2 }));
    expect(list).toMatchObject({ strategy: 'popularity', degraded: 'CONSENT_WITHHELD' });
    expect(ids(list)).toEqual([product(0), product(2)]);
    await recommender.stop();
  });
});
