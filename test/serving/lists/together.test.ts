import { toProductId } from '../../../src/domain/ids';
import type { RecommendationList } from '../../../src/domain/recommendation';
import { baskets } from '../../../src/models/baskets/model';
import { serialThreadPool } from '../../../src/numeric/threadPool';
import type { TogetherRequest } from '../../../src/serving/lists/request';
import { snapshotOf, type TestEvent } from '../../support/snapshots';
import {
  now,
  openTestShop,
  openTrainedShop,
  product,
  publish,
  request,
  shopId,
  type TestShop,
} from '../support';

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
  it('lists what was bought in one order first, with evidence, and fills with what sells, without', async () => {
    const { recommender } = await openShop();
    const list = await recommender.together(togetherRequest());
    expect(list).toMatchObject({ strategy: 'baskets', degraded: null, sourceProductId: product(1) });
    const evidence = list.items.map(({ productId, together }) => [productId, together?.support ?? null]);
    expect(evidence.slice(0, 4)).toEqual([
      [product(2), 6],
      [product(3), 3],
      [product(7), null],
      [product(8), null],
    ]);
    expect(list.items.map(({ source }) => source)).toEqual([
      ...new Array(6).fill('MODEL'),
      ...new Array(4).fill('POPULAR'),
    ]);
    const scores = list.items.map(({ score }) => score);
    expect(scores).toEqual(scores.toSorted((a, b) => b - a));
    expect(new Set(ids(list)).size).toBe(10);
    expect(ids(list)).not.toContain(product(1));
    await recommender.stop();
  });

  it('completes the whole cart, and applies filters and exclusions to every place', async () => {
    const { recommender } = await openShop();
    const cart = { productIds: [product(1), product(5)] };
    const list = await recommender.together(togetherRequest(cart));
    const evident = list.items.filter(({ together }) => together).map(({ productId }) => productId);
    expect(evident.sort()).toEqual([product(2), product(3), product(6)]);
    expect(list.sourceProductId).toBeNull();
    const filtered = await recommender.together(
      togetherRequest({ ...cart, filters: { category: ['Home'] }, excludeProductIds: [product(2)] }),
    );
    expect(filtered.items).toHaveLength(10);
    expect(ids(filtered).slice(0, 2).sort()).toEqual([product(6), product(8)]);
    for (const id of ids(filtered)) expect(Number(id.slice(1)) % 2).toBe(0);
    expect(ids(filtered)).not.toContain(product(2));
    await recommender.stop();
  });

  it('says that it is short when the filters leave too few products', async () => {
    const { recommender } = await openShop();
    const list = await recommender.together(togetherRequest({ filters: { minPriceMinor: 3_700 } }));
    expect(ids(list)).toEqual([product(37), product(38), product(39)]);
    expect(list.degraded).toBe('FILTERS_TOO_NARROW');
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
    const evident = items.filter(({ together }) => together);
    expect(evident.map(({ productId, together }) => [productId, together])).toEqual([
      [product(2), { source: 'ORDER', support: 6 }],
      [product(4), { source: 'CART', support: 3 }],
    ]);
    expect(evident[1].score).toBeLessThan(evident[0].score);
    await recommender.stop();
  });

  it('says that nothing was bought together with a product that nobody bought, and shows what sells', async () => {
    const { recommender } = await openShop();
    for (const productIds of [[product(20)], [toProductId('unseen')]]) {
      const list = await recommender.together(togetherRequest({ productIds }));
      expect(list).toMatchObject({ degraded: 'COLD_START', strategy: 'popularity' });
      expect(list.items.map(({ source, together }) => [source, together])).toEqual(
        new Array(10).fill(['POPULAR', undefined]),
      );
    }
    await recommender.stop();
  });

  it('uses the known products of a cart with unknown ones', async () => {
    const { recommender } = await openShop();
    const cart = { productIds: [toProductId('unseen'), product(5), product(20)], first: 1 };
    const list = await recommender.together(togetherRequest(cart));
    expect(list.items).toMatchObject([{ productId: product(6), together: { source: 'ORDER', support: 5 } }]);
    expect(list.degraded).toBeNull();
    await recommender.stop();
  });

  it('shows popular products with a reason before such a model is trained', async () => {
    const { recommender } = await openTrainedShop();
    const list = await recommender.together(togetherRequest({ first: 3 }));
    expect(list).toMatchObject({ degraded: 'MODEL_NOT_TRAINED', strategy: 'popularity' });
    expect(ids(list)).toEqual([product(0), product(2), product(3)]);
    await recommender.stop();
  });

  it('shows the newest products with a reason before any model is trained, and nothing in an empty shop', async () => {
    const { recommender } = await openTestShop();
    const list = await recommender.together(togetherRequest({ first: 3 }));
    expect(list).toMatchObject({ degraded: 'MODEL_NOT_TRAINED', strategy: 'newest' });
    expect(list.items.map(({ source }) => source)).toEqual(['FALLBACK', 'FALLBACK', 'FALLBACK']);
    const empty = await openTestShop({}, 0);
    const nothing = await empty.recommender.together(togetherRequest());
    expect(nothing).toMatchObject({ degraded: 'MODEL_NOT_TRAINED', items: [] });
    await recommender.stop();
    await empty.recommender.stop();
  });

  it('refuses a strategy without the capability complements', async () => {
    const { recommender } = await openShop();
    const asked = recommender.together(togetherRequest({ strategy: 'nearby' }));
    await expect(asked).rejects.toMatchObject({ code: 'BAD_USER_INPUT' });
    await recommender.stop();
  });
});

describe('recommendations for a cart', () => {
  it('give half of their places to what completes the cart, and continue with the shopper’s own products', async () => {
    const { recommender } = await openShop();
    const list = await recommender.recommend(request({ cartProductIds: [product(1)], first: 4 }));
    expect(ids(list)).toEqual([product(2), product(3), product(0), product(4)]);
    expect(list.items.map(({ together }) => together?.support ?? null)).toEqual([6, 3, null, null]);
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
