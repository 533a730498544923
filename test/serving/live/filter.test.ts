import fc from 'fast-check';
import { toEventId, toUserId } from '../../../src/domain/ids';
import { createCatalogue } from '../../../src/serving/live/catalogue';
import { createMaskCache, filterReasonOf, type RecommendFilters } from '../../../src/serving/live/filter';
import { openTestShop, product, shopId } from '../support';

async function openCatalogue() {
  const { stores } = await openTestShop();
  const stub = {
    shopId,
    id: toEventId('e'),
    userId: toUserId('u'),
    productId: product(50),
    type: 'VIEW',
  } as const;
  const none = { value: null, priceMinor: null, queryText: null, sessionId: null, attribution: null };
  await stores.interactions.insertMany([{ ...stub, ...none, occurredAt: 1, receivedAt: 1 }]);
  const foreign = { id: product(10), categoryPath: ['Home'], priceMinor: 300, currency: 'JPY' };
  await stores.products.upsertMany(shopId, [{ id: product(9), isActive: false }, foreign], 1);
  const catalogue = createCatalogue();
  for await (const products of stores.products.changedSince(shopId, 0)) catalogue.apply(products);
  return catalogue;
}

const filters: fc.Arbitrary<RecommendFilters> = fc.record(
  {
    category: fc.constantFrom([], ['Home'], ['Home', 'Mugs'], ['Garden'], ['None']),
    minPriceMinor: fc.integer({ min: 0, max: 4_500 }),
    maxPriceMinor: fc.integer({ min: 0, max: 4_500 }),
    inStock: fc.boolean(),
    currency: fc.constantFrom('EUR', 'JPY', 'USD'),
  },
  { requiredKeys: [] },
);

describe('a mask', () => {
  it('follows the currency of the shop, for products that name none', async () => {
    const catalogue = await openCatalogue();
    let currency = 'EUR';
    const masks = createMaskCache(catalogue, () => currency);
    const listed = (filter: RecommendFilters) => {
      const mask = masks.maskFor(filter);
      return [product(3), product(10)].map(id => mask[catalogue.rowOf(id)]);
    };
    const given = { minPriceMinor: 300, maxPriceMinor: 300 };
    expect(listed(given)).toEqual([1, 0]);
    currency = 'JPY';
    expect(listed(given)).toEqual([1, 1]);
    expect(listed({ ...given, currency: 'EUR' })).toEqual([0, 0]);
  });
});

describe('filterReasonOf', () => {
  it('refuses exactly the products that the mask leaves out', async () => {
    const catalogue = await openCatalogue();
    const masks = createMaskCache(catalogue, () => 'EUR');
    fc.assert(
      fc.property(filters, given => {
        const mask = masks.maskFor(given);
        for (let row = 0; row < catalogue.size; row++)
          expect(filterReasonOf(catalogue, given, 'EUR', row) === null).toBe(mask[row] === 1);
      }),
    );
  });

  it('names the filter that refuses a product', async () => {
    const catalogue = await openCatalogue();
    const reasonOf = (row: number, given: RecommendFilters) =>
      filterReasonOf(catalogue, given, 'EUR', catalogue.rowOf(product(row)));
    expect(reasonOf(9, {})).toBe('INACTIVE');
    expect(reasonOf(99, {})).toBe('INACTIVE');
    expect(reasonOf(50, {})).toBe('INACTIVE');
    expect(reasonOf(10, {})).toBeNull();
    expect(reasonOf(10, { maxPriceMinor: 400 })).toBe('PRICE');
    expect(reasonOf(10, { maxPriceMinor: 400, currency: 'JPY' })).toBeNull();
    expect(reasonOf(10, { maxPriceMinor: 299, currency: 'JPY' })).toBe('PRICE');
    expect(reasonOf(3, { currency: 'JPY' })).toBe('PRICE');
    expect(reasonOf(3, { currency: 'EUR' })).toBeNull();
    expect(reasonOf(3, { minPriceMinor: 301 })).toBe('PRICE');
    expect(reasonOf(3, { maxPriceMinor: 299 })).toBe('PRICE');
    expect(reasonOf(4, { inStock: true })).toBe('STOCK');
    expect(reasonOf(4, { category: ['Garden'] })).toBe('CATEGORY');
    expect(reasonOf(4, { category: ['Home'], maxPriceMinor: 400 })).toBeNull();
  });
});
