import { GatewayError } from '../../domain/errors';
import type { ShopId } from '../../domain/ids';
import type { Shop, ShopStore } from '../../store/ports/shop';

/** Returns a shop. @throws {GatewayError} NOT_FOUND */
export type ShopDirectory = (shopId: ShopId) => Promise<Shop>;

const cachedMs = 10_000;

async function readShop(shops: ShopStore, shopId: ShopId): Promise<Shop> {
  const shop = await shops.find(shopId);
  if (shop !== null) return shop;
  throw new GatewayError(
    'NOT_FOUND',
    'Expected a credential of a shop of this gateway; got one of an unknown shop. Correct the claim `shop` of the token, or create the shop: `affinity shop create`.',
  );
}

/**
 * Caches shops for ten seconds: every price needs the currency of its shop, and shops rarely change.
 *
 * @param clock - milliseconds since the epoch
 */
export function createShopDirectory(shops: ShopStore, clock: () => number): ShopDirectory {
  const cache = new Map<ShopId, { readonly shop: Promise<Shop>; readonly until: number }>();
  const latest = new Map<ShopId, Shop>();

  /** While the database is unavailable, the shop as it was: lists are served from memory, and their prices need it. */
  async function readOrLatest(shopId: ShopId): Promise<Shop> {
    try {
      const shop = await readShop(shops, shopId);
      latest.set(shopId, shop);
      return shop;
    } catch (error) {
      const known = latest.get(shopId);
      if (known !== undefined && error instanceof GatewayError && error.code === 'UNAVAILABLE') return known;
      throw error;
    }
  }

  return shopId => {
    const entry = cache.get(shopId);
    if (entry !== undefined && entry.until > clock()) return entry.shop;
    const shop = readOrLatest(shopId);
    cache.set(shopId, { shop, until: clock() + cachedMs });
    shop.catch(() => cache.delete(shopId));
    return shop;
  };
}
