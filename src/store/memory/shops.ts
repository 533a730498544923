import type { Shop, ShopStore } from '../ports/shop';
import type { MemoryChanges } from './changes';
import { compareText } from './order';

/** Tenants in memory; `list` is by id. */
export function createMemoryShops(changes: MemoryChanges): ShopStore {
  const shops = new Map<string, Shop>();
  return {
    async find(shopId) {
      return shops.get(shopId) ?? null;
    },
    async upsert(shop) {
      shops.set(shop.id, shop);
      changes.announce({ kind: 'shop', shopId: shop.id });
    },
    async list() {
      return [...shops.values()].sort((left, right) => compareText(left.id, right.id));
    },
  };
}
