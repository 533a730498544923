import DataLoader from 'dataloader';
import type { ProductId } from '../../domain/ids';
import type { GraphqlContext } from '../request/context';
import { type ProductType, toProductView } from './product.type';

/** Products by id: one read per tick of the event loop. Null for an unknown id. */
export function productByIdLoader({
  services,
  principal,
  shop,
}: GraphqlContext): DataLoader<ProductId, ProductType | null> {
  return new DataLoader<ProductId, ProductType | null>(
    async ids => {
      const [{ currency }, products] = await Promise.all([
        shop(),
        services.recommender.products(principal.shopId, ids),
      ]);
      return ids.map(id => {
        const product = products.get(id);
        return product === undefined ? null : toProductView(product, currency);
      });
    },
    { maxBatchSize: 1000 },
  );
}
