import { toProductId } from '../../../src/domain/ids';
import type { Product } from '../../../src/domain/product';
import type { Scorer } from '../../../src/models/model';
import { createCatalogue } from '../../../src/serving/live/catalogue';
import type { LiveModel } from '../../../src/serving/live/liveModel';
import { withProducts } from '../../../src/serving/live/newProducts';
import { vocabularyOf } from '../../../src/snapshot/vocabulary';
import { openTestShop, shopId } from '../support';

/** A product as the store has it, after an upsert. */
async function stored(title: string, priceMinor: number): Promise<Product> {
  const { stores } = await openTestShop();
  const id = toProductId('tea');
  await stores.products.upsertMany(shopId, [{ id, title, priceMinor }], 1);
  const product = (await stores.products.findMany(shopId, [id])).get(id);
  if (!product) throw new Error('Expected the product that was written; got none.');
  return product;
}

it('admits a product again when its text changes, not when its price does', async () => {
  const scorer: Scorer<'admit'> = {
    products: vocabularyOf([toProductId('tea')]),
    scoreInto: () => undefined,
    admit: () => scorer,
  };
  const live = { scorer, admitted: new Map() } as unknown as LiveModel;
  const catalogue = createCatalogue();
  const read = withProducts(live, [await stored('Green tea', 100)], catalogue);
  expect(read).not.toBe(live);
  expect(withProducts(read, [await stored('Green tea', 90)], catalogue)).toBe(read);
  expect(withProducts(read, [await stored('Black tea', 90)], catalogue)).not.toBe(read);
});
