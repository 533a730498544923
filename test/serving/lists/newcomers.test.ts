import fc from 'fast-check';
import { toUserId } from '../../../src/domain/ids';
import type { RecommendationList } from '../../../src/domain/recommendation';
import type { PolicyChange } from '../../../src/domain/shopPolicy';
import { collaborative } from '../../../src/models/collaborative/model';
import { content } from '../../../src/models/content/model';
import type { RecommendRequest } from '../../../src/serving/lists/request';
import { arrival, described, openReadingShop, trainAndPublish } from '../readingShop';
import { interaction, now, product, request, shopId, type TestShop } from '../support';

const msPerDay = 86_400_000;
const tool = described('tool', 1, 77);
const models = [collaborative({ rank: 4 }), content({ rank: 4 })];

/** A shop led by `collaborative`, where `content` scores newcomers; a tea and a tool were created after the training. */
async function openShop(change: PolicyChange = {}): Promise<TestShop> {
  const shop = await openReadingShop(models);
  await shop.stores.shops.changePolicy(shopId, change);
  await shop.recommender.refreshPolicy(shopId);
  await shop.stores.products.upsertMany(shopId, [arrival, tool], now - 1);
  await shop.recommender.refreshCatalogue(shopId);
  return shop;
}

const listFor = (
  { recommender }: TestShop,
  user: string,
  given: Partial<RecommendRequest> = {},
): Promise<RecommendationList> => recommender.recommend(request({ userId: toUserId(user), ...given }));

const newcomersOf = ({ items }: RecommendationList): readonly (readonly [string, number])[] =>
  items.flatMap(({ productId, rank, source }) => (source === 'NEWCOMER' ? [[productId, rank] as const] : []));

it('lists a new product immediately for shoppers of its taste, and for no others', async () => {
  const shop = await openReadingShop(models);
  const before = await listFor(shop, 'u0');
  expect(before).toMatchObject({ strategy: 'collaborative', degraded: null });
  expect(newcomersOf(before)).toEqual([]);
  await shop.stores.products.upsertMany(shopId, [arrival, tool], now);
  await shop.recommender.refreshCatalogue(shopId);
  const after = await listFor(shop, 'u0');
  expect(newcomersOf(after)).toEqual([['arrival', 10]]);
  expect(after.items.slice(0, 9)).toEqual(before.items.slice(0, 9));
  expect(after).toMatchObject({ strategy: 'collaborative', modelVersion: 'v1', degraded: null });
  expect(newcomersOf(await listFor(shop, 'u1'))).toEqual([['tool', 10]]);
  await shop.recommender.stop();
  expect(shop.errors).toEqual([]);
});

it('places no newcomer in a list that none of them suits', async () => {
  const shop = await openReadingShop(models);
  await shop.stores.products.upsertMany(shopId, [tool], now);
  await shop.recommender.refreshCatalogue(shopId);
  const { items } = await listFor(shop, 'u0');
  expect(items.map(item => item.productId)).not.toContain('tool');
  await shop.recommender.stop();
});

it('changes no list when it is off, no short list, and no list of a named strategy or without a shopper', async () => {
  const off = await openShop({ 'newcomers.every': 0 });
  const on = await openShop();
  const itemsOf = async (shop: TestShop, user: string, given: Partial<RecommendRequest>) =>
    (await listFor(shop, user, given)).items;
  for (const given of [{ first: 9 }, { strategy: 'collaborative' }, { strategy: 'popularity' }]) {
    expect(await itemsOf(on, 'u0', given)).toEqual(await itemsOf(off, 'u0', given));
  }
  expect(await itemsOf(on, 'stranger', {})).toEqual(await itemsOf(off, 'stranger', {}));
  expect(newcomersOf(await listFor(off, 'u0', { first: 20 }))).toEqual([]);
  const places = newcomersOf(await listFor(on, 'u0'));
  expect(places).toHaveLength(1);
  await Promise.all([off.recommender.stop(), on.recommender.stop()]);
});

it('applies filters and exclusions', async () => {
  const shop = await openShop();
  await shop.stores.products.upsertMany(shopId, [{ id: arrival.id, priceMinor: 900 }], now);
  await shop.recommender.refreshCatalogue(shopId);
  expect(newcomersOf(await listFor(shop, 'u0', { filters: { maxPriceMinor: 800 } }))).toEqual([]);
  expect(newcomersOf(await listFor(shop, 'u0', { excludeProductIds: [arrival.id] }))).toEqual([]);
  await shop.stores.products.upsertMany(shopId, [{ id: arrival.id, isActive: false }], now);
  await shop.recommender.refreshCatalogue(shopId);
  expect(newcomersOf(await listFor(shop, 'u0'))).toEqual([]);
  await shop.recommender.stop();
});

it('never lists a filtered, excluded or already listed product, for any places of newcomers', async () => {
  const shop = await openShop({ 'newcomers.every': 2 });
  const plain = await openShop({ 'newcomers.every': 0 });
  const extra = Array.from({ length: 12 }, (_, at) => ({
    ...described(`extra${at}`, at % 2, 80 + at),
    priceMinor: 100 * at,
  }));
  for (const { stores, recommender } of [shop, plain]) {
    await stores.products.upsertMany(shopId, extra, now - 1);
    await recommender.refreshCatalogue(shopId);
  }
  const barred = fc.uniqueArray(fc.constantFrom(...extra.map(({ id }) => id), product(0), product(2)));
  const priced = fc.integer({ min: 0, max: 1_500 });
  await fc.assert(
    fc.asyncProperty(
      fc.nat(39),
      fc.integer({ min: 1, max: 60 }),
      barred,
      priced,
      async (user, first, ids, most) => {
        const given = { first, excludeProductIds: ids, filters: { maxPriceMinor: most } };
        const { items } = await listFor(shop, `u${user}`, given);
        expect(items).toHaveLength((await listFor(plain, `u${user}`, given)).items.length);
        const listed = items.map(item => item.productId);
        expect(new Set(listed).size).toBe(listed.length);
        expect(listed.filter(id => ids.includes(id))).toEqual([]);
        for (const { id, priceMinor } of extra) if (priceMinor > most) expect(listed).not.toContain(id);
      },
    ),
    { numRuns: 60 },
  );
  await Promise.all([shop.recommender.stop(), plain.recommender.stop()]);
});

it('treats a product as new until a training included likes of it, or it is too old', async () => {
  const shop = await openShop();
  const { stores, recommender } = shop;
  await trainAndPublish(stores, models, 'v2');
  await recommender.refresh(shopId);
  const young = await listFor(shop, 'u0');
  expect(young.modelVersion).toBe('v2');
  expect(newcomersOf(young)).toEqual([['arrival', 10]]);
  expect(newcomersOf(await listFor(shop, 'u0', { now: now + 15 * msPerDay }))).toEqual([]);
  await stores.shops.changePolicy(shopId, { 'newcomers.days': 16 });
  await recommender.refreshPolicy(shopId);
  expect(newcomersOf(await listFor(shop, 'u0', { now: now + 15 * msPerDay }))).toEqual([['arrival', 10]]);
  const likes = Array.from({ length: 9 }, (_, at) => interaction(`l${at}`, `u${2 * at + 2}`, arrival.id));
  await stores.interactions.insertMany(likes);
  await trainAndPublish(stores, models, 'v3');
  await recommender.refresh(shopId);
  const liked = await listFor(shop, 'u0', { first: 20 });
  expect(liked.modelVersion).toBe('v3');
  expect(newcomersOf(liked)).toEqual([]);
  await recommender.stop();
});
