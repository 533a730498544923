import { toProductId } from '../../../src/domain/ids';
import type { Product } from '../../../src/domain/product';
import type { LiveModel } from '../../../src/serving/live/liveModel';
import { createNews } from '../../../src/serving/live/newProducts';
import { vocabularyOf } from '../../../src/snapshot/vocabulary';
import { shopId } from '../support';

const arrival: Product = {
  shopId,
  id: toProductId('arrival'),
  title: 'Green tea 绿茶',
  description: null,
  locale: null,
  translations: {},
  categoryPath: ['Tea'],
  tags: [],
  priceMinor: 120,
  currency: null,
  stock: 5,
  imageUrl: null,
  attributes: {},
  isActive: true,
  isStub: false,
  createdAt: 0,
  updatedAt: 0,
};

/** A model that knows some products, and admits products by their texts or does not. */
const liveThatKnows = (ids: readonly string[], reads: boolean): LiveModel =>
  ({
    scorer: { products: vocabularyOf(ids), ...(reads && { admit: () => undefined }) },
  }) as unknown as LiveModel;

describe('news of the catalogue', () => {
  const reader = liveThatKnows(['arrival'], true);

  it('is a product seen for the first time, and one whose words changed', () => {
    const newsAmong = createNews();
    expect(newsAmong([arrival], [reader])).toEqual([arrival]);
    const renamed = { ...arrival, title: 'Another name' };
    expect(newsAmong([renamed], [reader])).toEqual([renamed]);
  });

  it('is not a change of stock, price or isActive', () => {
    const newsAmong = createNews();
    newsAmong([arrival], [reader]);
    const changed = [
      { ...arrival, stock: 3 },
      { ...arrival, priceMinor: 99 },
      { ...arrival, isActive: false },
    ];
    expect(newsAmong(changed, [reader])).toEqual([]);
  });

  it('is every product unknown to a model that reads texts', () => {
    const newsAmong = createNews();
    newsAmong([arrival], [reader]);
    const stranger = { ...arrival, id: toProductId('stranger') };
    newsAmong([stranger], [reader]);
    expect(newsAmong([stranger], [reader])).toEqual([stranger]);
    expect(newsAmong([stranger], [liveThatKnows([], false)])).toEqual([]);
  });
});
