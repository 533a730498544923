import fc from 'fast-check';
import { createCatalogue } from '../../../src/serving/live/catalogue';
import { createMaskCache, filterReasonOf, type RecommendFilters } from '../../../src/serving/live/filter';
import { openTestShop, product, shopId } from '../support';

async function openCatalogue() {
  const { stores } = await openTestShop();
  await stores.products.upsertMany(shopId, [{ id: product(9), isActive: false }], 1);
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
  },
  { requiredKeys: [] },
);

describe('filterReasonOf', () => {
  it('refuses exactly the products that the mask leaves out', async () => {
    const catalogue = await openCatalogue();
    const masks = createMaskCache(catalogue);
    fc.assert(
      fc.property(filters, given => {
        const mask = masks.maskFor(given);
        for (let row = 0; row < catalogue.size; row++)
          expect(filterReasonOf(catalogue, given, row) === null).toBe(mask[row] === 1);
      }),
    );
  });

  it('names the filter that refuses a product', async () => {
    const catalogue = await openCatalogue();
    const reasonOf = (row: number, given: RecommendFilters) =>
      filterReasonOf(catalogue, given, catalogue.rowOf(product(row)));
    expect(reasonOf(9, {})).toBe('INACTIVE');
    expect(reasonOf(99, {})).toBe('INACTIVE');
    expect(reasonOf(3, { minPriceMinor: 301 })).toBe('PRICE');
    expect(reasonOf(3, { maxPriceMinor: 299 })).toBe('PRICE');
    expect(reasonOf(4, { inStock: true })).toBe('STOCK');
    expect(reasonOf(4, { category: ['Garden'] })).toBe('CATEGORY');
    expect(reasonOf(4, { category: ['Home'], maxPriceMinor: 400 })).toBeNull();
  });
});
