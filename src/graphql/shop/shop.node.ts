import { readers } from '../access/access';
import type { NodeSource } from '../node/nodeSource';
import { toShopView } from './shop.type';

/** Resolves the global id of the caller's shop. */
export const shopNode: NodeSource = {
  kind: 'Shop',
  roles: readers,
  async read(id, { principal, shop }) {
    return id === principal.shopId ? toShopView(await shop()) : null;
  },
};
