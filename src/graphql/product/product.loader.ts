import DataLoader from 'dataloader';
import type { ProductId } from '../../domain/ids';
import type { LoaderScope } from '../loaderScope';
import { type ProductType, toProductView } from './product.type';

/** Products of the request, one read for all of a turn. */
export function productByIdLoader({
  services,
  shopId,
  shop,
}: LoaderScope): DataLoader<ProductId, ProductType | null> {
  return new DataLoader<ProductId, ProductType | null>(
    async ids => {
      const [{ currency }, products] = await Promise.all([
        shop(),
        services.recommender.products(shopId, ids),
      ]);
      return ids.map(id => {
        const product = products.get(id);
        return product === undefined ? null : toProductView(product, currency);
      });
    },
    { maxBatchSize: 1000 },
  );
}
