import { GatewayError } from '../../domain/errors';
import type { ShopId } from '../../domain/ids';
import { createLiveShop, type LiveShop, type LiveShopOptions } from './liveShop';

/** The shops in memory, each loaded once. */
export interface LiveShops {
  /** Returns a shop, loading it if necessary. @throws {GatewayError} NOT_FOUND, UNAVAILABLE */
  of(shopId: ShopId): Promise<LiveShop>;
  /** Returns a shop that is loaded or being loaded; undefined when it was never requested. */
  begun(shopId: ShopId): Promise<LiveShop> | undefined;
  /** Returns the loaded shops, by id. */
  loaded(): ReadonlyMap<ShopId, LiveShop>;
}

/** Loads shops at their first request; the next request retries a shop that could not be loaded. */
export function createLiveShops(options: Omit<LiveShopOptions, 'shopId'>): LiveShops {
  const loaded = new Map<ShopId, LiveShop>();
  const begun = new Map<ShopId, Promise<LiveShop>>();

  async function load(shopId: ShopId): Promise<LiveShop> {
    if ((await options.stores.shops.find(shopId)) === null) {
      const details = { shopId };
      throw new GatewayError(
        'NOT_FOUND',
        'Expected a shop that exists; got another. Create it first.',
        details,
      );
    }
    const shop = createLiveShop({ ...options, shopId });
    await shop.refreshAll();
    loaded.set(shopId, shop);
    return shop;
  }

  function begin(shopId: ShopId): Promise<LiveShop> {
    const loading = load(shopId).catch((error: unknown) => {
      begun.delete(shopId);
      throw error;
    });
    begun.set(shopId, loading);
    return loading;
  }

  return {
    async of(shopId) {
      return loaded.get(shopId) ?? (await (begun.get(shopId) ?? begin(shopId)));
    },
    begun: shopId => begun.get(shopId),
    loaded: () => loaded,
  };
}
