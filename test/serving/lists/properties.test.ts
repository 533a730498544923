import fc from 'fast-check';
import { toUserId } from '../../../src/domain/ids';
import { interactionTypes } from '../../../src/domain/interaction';
import type { RecommendationList } from '../../../src/domain/recommendation';
import type { RecommendFilters } from '../../../src/serving/live/filter';
import {
  countingIds,
  interaction,
  now,
  openTrainedShop,
  product,
  request,
  shopId,
  similarRequest,
} from '../support';

const row = fc.integer({ min: 0, max: 44 });
const rows = fc.uniqueArray(row, { maxLength: 8 });
const filters: fc.Arbitrary<RecommendFilters> = fc.record(
  {
    category: fc.constantFrom([], ['Home'], ['Home', 'Mugs'], ['Garden'], ['None']),
    minPriceMinor: fc.integer({ min: 0, max: 4_500 }),
    maxPriceMinor: fc.integer({ min: 0, max: 4_500 }),
    inStock: fc.boolean(),
  },
  { requiredKeys: [] },
);
const events = fc.array(fc.tuple(row, fc.constantFrom(...interactionTypes)), { maxLength: 12 });
const first = fc.integer({ min: 1, max: 100 });
const strategy = fc.constantFrom(undefined, 'nearby', 'popularity', 'trending');

/** Checks what must hold for every list. */
function checkList(list: RecommendationList, wanted: number, mayList: (id: string) => boolean): void {
  expect(list.items.map(item => item.rank)).toEqual(list.items.map((_, at) => at + 1));
  expect(new Set(list.items.map(item => item.productId)).size).toBe(list.items.length);
  expect(list.items.length).toBeLessThanOrEqual(wanted);
  if (list.items.length < wanted) expect(list.degraded).not.toBeNull();
  for (const [at, item] of list.items.entries()) {
    expect(Number.isFinite(item.score)).toBe(true);
    expect(mayList(item.productId)).toBe(true);
    if (at > 0) expect(item.score).toBeLessThanOrEqual(list.items[at - 1].score);
  }
}

interface Facts {
  readonly path: readonly string[];
  /** NaN for none. */
  readonly price: number;
  readonly isInStock: boolean;
}

const inactive = 8;

/** Path, price and stock of a product of the test shop; from 40 on, products are stubs made by events. */
function factsOf(number: number): Facts {
  if (number >= 40) return { path: [], price: Number.NaN, isInStock: true };
  const path = number % 2 === 0 ? ['Home', 'Mugs'] : ['Garden'];
  return { path, price: 100 * number, isInStock: number % 4 !== 0 };
}

/** The filter written a second time, product by product. */
function passes(id: string, filter: RecommendFilters): boolean {
  const number = Number(id.slice(1));
  const { path, price, isInStock } = factsOf(number);
  return (
    number !== inactive &&
    (filter.category ?? []).every((step, depth) => path[depth] === step) &&
    (filter.minPriceMinor === undefined || price >= filter.minPriceMinor) &&
    (filter.maxPriceMinor === undefined || price <= filter.maxPriceMinor) &&
    (filter.inStock === undefined || isInStock === filter.inStock)
  );
}

const opened = openTrainedShop().then(async shop => {
  await shop.stores.products.upsertMany(shopId, [{ id: product(inactive), isActive: false }], now);
  await shop.recommender.refreshCatalogue(shopId);
  return shop;
});
afterAll(async () => {
  await (await opened).recommender.stop();
});

it('never recommends an excluded, inactive or filtered product; ranks are dense and scores never rise', async () => {
  const { stores, recommender } = await opened;
  const newUser = countingIds();
  await fc.assert(
    fc.asyncProperty(
      fc.record({ events, filters, excluded: rows, cart: rows, first, strategy }),
      async given => {
        const user = newUser(0);
        await stores.interactions.insertMany(
          given.events.map(([number, type], at) => interaction(`${user}-${at}`, user, product(number), type)),
        );
        const excluded = new Set<string>([...given.excluded, ...given.cart].map(product));
        const list = await recommender.recommend(
          request({
            userId: toUserId(user),
            first: given.first,
            filters: given.filters,
            excludeProductIds: given.excluded.map(product),
            cartProductIds: given.cart.map(product),
            ...(given.strategy === undefined ? {} : { strategy: given.strategy }),
          }),
        );
        checkList(list, given.first, id => !excluded.has(id) && passes(id, given.filters));
      },
    ),
    { numRuns: 300, seed: 7 },
  );
});

it('does the same in lists of similar products', async () => {
  const { recommender } = await opened;
  await fc.assert(
    fc.asyncProperty(fc.record({ of: row, filters, excluded: rows, first }), async given => {
      const excluded = new Set<string>([...given.excluded, given.of].map(product));
      const list = await recommender.similar(
        similarRequest({
          productId: product(given.of),
          first: given.first,
          filters: given.filters,
          excludeProductIds: given.excluded.map(product),
        }),
      );
      checkList(list, given.first, id => !excluded.has(id) && passes(id, given.filters));
    }),
    { numRuns: 200, seed: 7 },
  );
});
