import { GatewayError } from '../../../src/domain/errors';
import { type ProductId, toUserId } from '../../../src/domain/ids';
import type { Interaction } from '../../../src/domain/interaction';
import type { RecommendationList } from '../../../src/domain/recommendation';
import { buyAgain } from '../../../src/models/buyAgain/model';
import { serialThreadPool } from '../../../src/numeric/threadPool';
import { createSnapshotBuilder } from '../../../src/snapshot/builder';
import { batchOf, type TestEvent } from '../../support/snapshots';
import {
  interaction,
  now,
  openTrainedShop,
  product,
  publish,
  request,
  shopId,
  type TestShop,
} from '../support';

const day = 86_400_000;
const anna = toUserId('anna');

/** Many shoppers buy product 2 (of Home/Mugs) every ten days, and each a product of Garden once. */
const habits: readonly TestEvent[] = Array.from({ length: 40 }, (_, user) => [
  ...Array.from({ length: 12 }, (_unused, time) => ({
    ...{ user: `u${user}`, product: product(2) },
    ...{ at: now - (5 + time * 10 + (user % 7)) * day, type: 'PURCHASE' as const },
  })),
  ...[1, 3].map(row => ({
    ...{ user: `u${user}`, product: product(row + 2 * (user % 5)) },
    ...{ at: now - (20 + user + row) * day, type: 'PURCHASE' as const },
  })),
]).flat();

async function artifactOfHabits() {
  const builder = createSnapshotBuilder({ asOf: now });
  builder.add(batchOf(habits));
  for (let row = 0; row < 40; row++)
    builder.describe(product(row), {
      ...{ titles: [], descriptions: [], features: [], priceMinor: Number.NaN },
      categoryPath: row % 2 === 0 ? ['Home', 'Mugs'] : ['Garden'],
    });
  return buyAgain().train(await builder.build(), {
    ...{ seed: 1, threads: serialThreadPool({}), onProgress: () => undefined },
    signal: new AbortController().signal,
  });
}

const bought = (id: string, row: number, daysAgo: number, user = 'anna'): Interaction =>
  interaction(id, user, product(row), 'PURCHASE', now - daysAgo * day);

/** Anna bought the mug three times and a garden product once. */
const ofAnna = [bought('a', 2, 29), bought('b', 2, 19), bought('c', 2, 9), bought('d', 1, 8)];

async function openRepeatingShop(events: readonly Interaction[] = ofAnna): Promise<TestShop> {
  const shop = await openTrainedShop();
  await publish(shop.stores, await artifactOfHabits(), 'v1');
  await shop.recommender.refresh(shopId);
  await shop.stores.interactions.insertMany(events);
  return shop;
}

const again = ({ recommender }: TestShop, userId = anna) => recommender.buyAgain({ shopId, userId, now });
const rowsOf = ({ products }: { readonly products: readonly { readonly productId: ProductId }[] }) =>
  products.map(({ productId }) => productId);
const sourcesOf = ({ items }: RecommendationList): ReadonlyMap<string, string> =>
  new Map(items.map(({ productId, source }) => [productId, source]));

describe('what a shopper buys again', () => {
  let shop: TestShop;
  afterEach(() => shop.recommender.stop());

  it('is what they bought, the soonest and most likely first, with the times of it', async () => {
    shop = await openRepeatingShop();
    const { products, degraded } = await again(shop);
    expect(degraded).toBeNull();
    expect(products.map(({ productId }) => productId)).toEqual([product(2), product(1)]);
    const [mug, plant] = products;
    expect(mug).toMatchObject({ timesBought: 3, lastBoughtAt: now - 9 * day });
    expect(mug.within7Days).toBeGreaterThan(0.5);
    expect(mug.within30Days).toBeGreaterThan(mug.within7Days);
    expect(mug.dueAt).toBeGreaterThan(now);
    expect(mug.dueAt).toBeLessThan(now + 7 * day);
    expect(plant).toMatchObject({ timesBought: 1, lastBoughtAt: now - 8 * day });
    expect(plant.within30Days).toBeLessThan(mug.within30Days / 1.3);
  });

  it('counts a purchase of this moment', async () => {
    shop = await openRepeatingShop();
    const [before] = (await again(shop)).products;
    await shop.stores.interactions.insertMany([bought('now', 2, 0)]);
    const after = (await again(shop)).products.find(({ productId }) => productId === product(2));
    expect(after).toMatchObject({ timesBought: 4, lastBoughtAt: now });
    expect(after?.within7Days).not.toBe(before.within7Days);
  });

  it('leaves out what was returned or disliked, and what left the catalogue', async () => {
    shop = await openRepeatingShop([...ofAnna, bought('e', 4, 7), bought('f', 6, 7)]);
    expect(rowsOf(await again(shop)).toSorted()).toEqual([1, 2, 4, 6].map(product));
    await shop.stores.interactions.insertMany([
      interaction('r', 'anna', product(4), 'RETURN', now - day),
      interaction('s', 'anna', product(1), 'DISLIKE', now - day),
    ]);
    await shop.stores.products.upsertMany(shopId, [{ id: product(6), isActive: false }], now);
    await shop.recommender.refreshCatalogue(shopId);
    expect(rowsOf(await again(shop))).toEqual([product(2)]);
  });

  it('keeps returned products where the rule of the shop is KEEP', async () => {
    shop = await openRepeatingShop([...ofAnna, interaction('r', 'anna', product(1), 'RETURN', now - day)]);
    expect(rowsOf(await again(shop))).toEqual([product(2)]);
    await shop.stores.shops.changePolicy(shopId, { 'alreadySeen.rule': 'KEEP' });
    await shop.recommender.refreshPolicy(shopId);
    expect(rowsOf(await again(shop))).toEqual([product(2), product(1)]);
  });

  it('is nothing, with the reason, for a visitor, without purchases, and before the model is trained', async () => {
    shop = await openTrainedShop();
    await shop.stores.interactions.insertMany(ofAnna);
    expect(await again(shop)).toMatchObject({ products: [], degraded: 'MODEL_NOT_TRAINED' });
    await publish(shop.stores, await artifactOfHabits(), 'v1');
    await shop.recommender.refresh(shopId);
    expect(await shop.recommender.buyAgain({ shopId, userId: null, now })).toMatchObject({
      products: [],
      degraded: 'COLD_START',
    });
    expect(await again(shop, toUserId('ben'))).toMatchObject({ products: [], degraded: 'COLD_START' });
  });

  it('is as of the latest event of a shop whose events ended, and as of now after a new event', async () => {
    shop = await openRepeatingShop();
    const years = 5 * 365 * day;
    const [then, later] = [
      await again(shop),
      await shop.recommender.buyAgain({ shopId, userId: anna, now: now + years }),
    ];
    expect(then.asOf).toBe(now);
    expect(later).toEqual(then);
    const listed = await shop.recommender.recommend(request({ userId: anna, now: now + years }));
    const [before] = (await shop.recommender.recommend(request({ userId: anna }))).items;
    expect(listed.items.at(0)).toEqual(before);
    expect(listed.createdAt).toBe(now + years);
    await shop.stores.interactions.insertMany([interaction('back', 'anna', product(7), 'VIEW', now + years)]);
    const back = await shop.recommender.buyAgain({ shopId, userId: anna, now: now + years });
    expect(back.asOf).toBe(now + years);
    expect(back.products).not.toEqual(then.products);
  });

  it('reads nothing of a shopper who withdrew consent or was deactivated', async () => {
    shop = await openRepeatingShop();
    const consents = [{ purpose: 'PERSONALIZATION' as const, granted: false, source: null }];
    await shop.stores.users.upsertMany(shopId, [{ id: anna, consents }], now);
    expect(await again(shop)).toMatchObject({ products: [], degraded: 'CONSENT_WITHHELD' });
    await shop.stores.users.upsertMany(shopId, [{ id: anna, deactivatedAt: now }], now);
    expect(await again(shop)).toMatchObject({ products: [], degraded: 'USER_DEACTIVATED' });
  });

  it('is nothing while the database is down, as lists are made without the history', async () => {
    shop = await openRepeatingShop();
    const { interactions } = shop.stores;
    const down = jest
      .spyOn(interactions, 'recentOf')
      .mockRejectedValue(new GatewayError('UNAVAILABLE', 'Expected a database; got none. Start it.'));
    expect(await again(shop)).toMatchObject({ products: [], degraded: 'HISTORY_UNAVAILABLE' });
    down.mockRestore();
    expect(rowsOf(await again(shop))).toEqual([product(2), product(1)]);
  });
});

describe('repeats in lists', () => {
  let shop: TestShop;
  afterEach(() => shop.recommender.stop());

  const list = (strategy?: string) =>
    shop.recommender.recommend(
      request({ userId: anna, first: 40, ...(strategy !== undefined && { strategy }) }),
    );

  it('are left out when the model that leads knows nothing about repeats', async () => {
    shop = await openRepeatingShop();
    const made = await list();
    expect(made.strategy).toBe('nearby');
    for (const row of [1, 2]) expect(sourcesOf(made).has(product(row))).toBe(false);
  });

  it('are kept in the categories in which shoppers buy again, when the leading model has learned that', async () => {
    shop = await openRepeatingShop();
    const made = await list('buy-again');
    expect(made.strategy).toBe('buy-again');
    expect(made.items[0]).toMatchObject({
      productId: product(2),
      source: 'BUY_AGAIN',
      repeat: { lastBoughtAt: now - 9 * day },
    });
    expect(made.items[0].repeat?.dueAt).toBeGreaterThan(now);
    expect(sourcesOf(made).has(product(1))).toBe(false);
    expect([...sourcesOf(made).values()].filter(source => source === 'BUY_AGAIN')).toHaveLength(1);
  });

  it('follow the rule of the shop instead, where it sets one', async () => {
    shop = await openRepeatingShop();
    const under = async (rule: string): Promise<ReadonlyMap<string, string>> => {
      await shop.stores.shops.changePolicy(shopId, { 'alreadySeen.rule': rule });
      await shop.recommender.refreshPolicy(shopId);
      return sourcesOf(await list('buy-again'));
    };
    expect((await under('EXCLUDE_PURCHASED')).has(product(2))).toBe(false);
    const kept = await under('KEEP');
    expect([1, 2].map(row => kept.get(product(row)))).toEqual(['BUY_AGAIN', 'BUY_AGAIN']);
  });

  it('tell when a product was bought also without a model of repeats, and then not when it is due', async () => {
    shop = await openTrainedShop();
    await shop.stores.interactions.insertMany(ofAnna);
    await shop.stores.shops.changePolicy(shopId, { 'alreadySeen.rule': 'KEEP' });
    await shop.recommender.refreshPolicy(shopId);
    const mug = (await list()).items.find(({ productId }) => productId === product(2));
    expect(mug).toMatchObject({ source: 'BUY_AGAIN', repeat: { lastBoughtAt: now - 9 * day, dueAt: null } });
  });

  it('are no part of the list of another shopper', async () => {
    shop = await openRepeatingShop([...ofAnna, interaction('v', 'ben', product(20))]);
    const made = await shop.recommender.recommend(request({ userId: toUserId('ben'), first: 40 }));
    expect([...sourcesOf(made).values()]).not.toContain('BUY_AGAIN');
  });
});
