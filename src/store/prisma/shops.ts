import type { ShopId } from '../../domain/ids';
import type { Shop, ShopStore } from '../ports/shop';
import { announce } from './changes';
import type { Database } from './database';
import { guard } from './failures';
import type { Shop as ShopRow } from './generated/client';

const toShop = ({ createdAt: _, ...shop }: ShopRow): Shop => ({ ...shop, id: shop.id as ShopId });

/** Tenants over PostgreSQL; `list` is by id. */
export function createPrismaShops({ prisma }: Database): ShopStore {
  return {
    async find(shopId) {
      const shop = await guard(prisma.shop.findUnique({ where: { id: shopId } }));
      return shop === null ? null : toShop(shop);
    },
    async upsert(shop) {
      const write = prisma.shop.upsert({ where: { id: shop.id }, create: shop, update: shop });
      await guard(prisma.$transaction([write, announce(prisma, { kind: 'shop', shopId: shop.id })]));
    },
    async list() {
      return (await guard(prisma.shop.findMany({ orderBy: { id: 'asc' } }))).map(toShop);
    },
  };
}
