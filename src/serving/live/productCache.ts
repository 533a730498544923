import type { ProductId, ShopId } from '../../domain/ids';
import type { Product } from '../../domain/product';
import { createLru } from '../../numeric/lru';

/** Full products of all shops, in memory. */
export interface ProductCache {
  /** Products by id; unknown ids are absent. */
  findMany(shopId: ShopId, ids: readonly ProductId[]): Promise<ReadonlyMap<ProductId, Product>>;
  /** Caches products as the store now has them; older versions are ignored. */
  put(products: readonly Product[]): void;
  readonly size: number;
}

// Ids hold no NUL (intake refuses it), so the key is unambiguous.
const keyOf = (shopId: ShopId, id: ProductId): string => `${shopId}\u0000${id}`;

/**
 * A bounded cache (least recently used is evicted first) in front of the store.
 *
 * @param read - products from the store
 * @param capacity - products kept
 */
export function createProductCache(
  read: (shopId: ShopId, ids: readonly ProductId[]) => Promise<ReadonlyMap<ProductId, Product>>,
  capacity: number,
): ProductCache {
  const products = createLru<string, Product>(capacity);

  function putOne(product: Product): void {
    const key = keyOf(product.shopId, product.id);
    const known = products.get(key);
    if (known === undefined || known.updatedAt <= product.updatedAt) products.set(key, product);
  }

  return {
    get size() {
      return products.size;
    },
    put(changed) {
      for (const product of changed) putOne(product);
    },
    async findMany(shopId, ids) {
      const found = new Map<ProductId, Product>();
      const missing: ProductId[] = [];
      for (const id of ids) {
        const product = products.get(keyOf(shopId, id));
        if (product === undefined) missing.push(id);
        else found.set(id, product);
      }
      if (missing.length === 0) return found;
      for (const product of (await read(shopId, [...new Set(missing)])).values()) {
        putOne(product);
        found.set(product.id, product);
      }
      return found;
    },
  };
}
