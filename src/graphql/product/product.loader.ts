import DataLoader from 'dataloader';
import type { ProductId, ShopId } from '../../domain/ids';
import type { Product } from '../../domain/product';
import type { GraphqlContext } from '../request/context';
import type { RecommendationService } from '../request/services';
import { type ProductType, toProductView } from './product.type';

const toError = (error: unknown): Error => (error instanceof Error ? error : new Error(String(error)));

/**
 * Returns each product, null for an unknown id, or the error of its read. Products in memory are returned also when the
 * store cannot be read for the others.
 */
async function readEach(
  recommender: Pick<RecommendationService, 'products'>,
  shopId: ShopId,
  ids: readonly ProductId[],
): Promise<readonly (Product | null | Error)[]> {
  try {
    const products = await recommender.products(shopId, ids);
    return ids.map(id => products.get(id) ?? null);
  } catch {
    const reads = await Promise.allSettled(ids.map(id => recommender.products(shopId, [id])));
    return reads.map((read, at) =>
      read.status === 'fulfilled' ? (read.value.get(ids[at]) ?? null) : toError(read.reason),
    );
  }
}

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
        readEach(services.recommender, principal.shopId, ids),
      ]);
      return products.map(product =>
        product === null || product instanceof Error ? product : toProductView(product, currency),
      );
    },
    { maxBatchSize: 1000 },
  );
}
