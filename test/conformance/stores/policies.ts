import { defaultShopPolicy, policyKeys, shopPolicyOf } from '../../../src/domain/shopPolicy';
import { changedPolicy as changed } from '../../support/changedPolicy';
import type { StorePromise } from './promise';

const described = { name: 'S', defaultLocale: 'en', currency: 'EUR' };

/** What the store of shops promises of their policies. */
export const policyPromises: readonly StorePromise[] = [
  {
    name: 'gives a new shop the default policy, and keeps every changed setting over upserts',
    async hold({ stores: { shops }, shop }) {
      await shops.upsert({ id: shop, ...described });
      expect((await shops.find(shop))?.policy).toEqual(defaultShopPolicy);
      expect(await shops.changePolicy(shop, changed)).toEqual(shopPolicyOf(changed));
      await shops.upsert({ id: shop, ...described, name: 'T' });
      expect(await shops.find(shop)).toMatchObject({ name: 'T', policy: shopPolicyOf(changed) });
      expect(await shops.find(shop)).toMatchObject({ policyProblems: [] });
      const [row] = (await shops.list()).filter(({ id }) => id === shop);
      expect(row.policy).toEqual(shopPolicyOf(changed));
    },
  },
  {
    name: 'resets each setting of a policy on its own',
    async hold({ stores: { shops }, shop }) {
      await shops.upsert({ id: shop, ...described });
      await shops.changePolicy(shop, changed);
      let rest = changed;
      for (const key of policyKeys) {
        const { [key]: _, ...others } = rest;
        rest = others;
        expect(await shops.changePolicy(shop, { [key]: null })).toEqual(shopPolicyOf(rest));
      }
      expect((await shops.find(shop))?.policy).toEqual(defaultShopPolicy);
    },
  },
  {
    name: 'keeps all of many concurrent changes of one policy',
    async hold({ stores: { shops }, shop }) {
      await shops.upsert({ id: shop, ...described });
      await Promise.all(policyKeys.map(key => shops.changePolicy(shop, { [key]: changed[key] ?? null })));
      expect((await shops.find(shop))?.policy).toEqual(shopPolicyOf(changed));
    },
  },
  {
    name: 'changes no policy of another shop, and creates no shop',
    async hold({ stores: { shops }, shop, other }) {
      await shops.upsert({ id: other, ...described });
      expect(await shops.changePolicy(shop, changed)).toBeNull();
      expect(await shops.find(shop)).toBeNull();
      expect((await shops.find(other))?.policy).toEqual(defaultShopPolicy);
    },
  },
];
