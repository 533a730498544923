import { changedOverrides, type PolicyOverrides, shopPolicyOf } from '../../domain/shopPolicy';
import type { Shop, ShopDescription, ShopStore } from '../ports/shop';
import type { MemoryChanges } from './changes';
import { compareText } from './order';

interface StoredShop extends ShopDescription {
  readonly overrides: PolicyOverrides;
}

const toShop = ({ overrides, ...shop }: StoredShop): Shop => ({
  ...shop,
  policy: shopPolicyOf(overrides),
  policyProblems: [],
});

/** Creates the in-memory store of shops; `list` is ordered by id. */
export function createMemoryShops(changes: MemoryChanges): ShopStore {
  const shops = new Map<string, StoredShop>();

  function keep(shop: StoredShop): void {
    shops.set(shop.id, shop);
    changes.announce({ kind: 'shop', shopId: shop.id });
  }

  return {
    async find(shopId) {
      const shop = shops.get(shopId);
      return shop === undefined ? null : toShop(shop);
    },
    async upsert({ id, name, defaultLocale, currency }) {
      keep({ id, name, defaultLocale, currency, overrides: shops.get(id)?.overrides ?? {} });
    },
    async changePolicy(shopId, change) {
      const shop = shops.get(shopId);
      if (shop === undefined) return null;
      const overrides = changedOverrides(shop.overrides, change);
      keep({ ...shop, overrides });
      return shopPolicyOf(overrides);
    },
    async list() {
      return [...shops.values()].sort((left, right) => compareText(left.id, right.id)).map(toShop);
    },
  };
}
