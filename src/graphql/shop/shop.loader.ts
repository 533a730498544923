import { GatewayError } from '../../domain/errors';
import type { ShopId } from '../../domain/ids';
import type { Shop, ShopStore } from '../../store/ports/shop';

/** Answers a shop. @throws {GatewayError} NOT_FOUND */
export type ShopDirectory = (shopId: ShopId) => Promise<Shop>;

const rememberMs = 10_000;

/**
 * Remembers shops for ten seconds: every priced product needs the shop's currency, and shops hardly ever change.
 *
 * @param clock - milliseconds since the epoch
 */
export function createShopDirectory(shops: ShopStore, clock: () => number): ShopDirectory {
  const known = new Map<ShopId, { readonly shop: Promise<Shop>; readonly until: number }>();

  async function read(shopId: ShopId): Promise<Shop> {
    const shop = await shops.find(shopId);
    if (shop !== null) return shop;
    throw new GatewayError(
      'NOT_FOUND',
      'Expected a credential of a shop of this gateway; there is no such shop. Create it first (affinity shops create, or a demo).',
    );
  }

  return shopId => {
    const entry = known.get(shopId);
    if (entry !== undefined && entry.until > clock()) return entry.shop;
    const shop = read(shopId);
    known.set(shopId, { shop, until: clock() + rememberMs });
    shop.catch(() => known.delete(shopId));
    return shop;
  };
}
