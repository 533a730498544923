import type { ShopId } from '../../domain/ids';
import type { ApiKeyRecord, ApiKeyStore } from '../ports/apiKey';
import type { Database } from './database';
import { guard } from './failures';
import type { ApiKey } from './generated/client';
import { toDate, toTime } from './instants';

const toRecord = (row: ApiKey): ApiKeyRecord => ({
  ...row,
  shopId: row.shopId as ShopId,
  createdAt: row.createdAt.getTime(),
  expiresAt: toTime(row.expiresAt),
  revokedAt: toTime(row.revokedAt),
  lastUsedAt: toTime(row.lastUsedAt),
});

const toRow = (key: ApiKeyRecord) => ({
  ...key,
  secretHash: new Uint8Array(key.secretHash),
  createdAt: new Date(key.createdAt),
  expiresAt: toDate(key.expiresAt),
  revokedAt: toDate(key.revokedAt),
  lastUsedAt: toDate(key.lastUsedAt),
});

/** Creates the PostgreSQL store of API keys; `listOf` is ordered by (createdAt, id) ascending. */
export function createPrismaApiKeys({ prisma }: Database): ApiKeyStore {
  return {
    async insert(key) {
      await guard(prisma.apiKey.create({ data: toRow(key) }));
    },
    async findById(id) {
      const row = await guard(prisma.apiKey.findUnique({ where: { id } }));
      return row === null ? null : toRecord(row);
    },
    async listOf(shopId) {
      const orderBy = [{ createdAt: 'asc' }, { id: 'asc' }] as const;
      return (await guard(prisma.apiKey.findMany({ where: { shopId }, orderBy: [...orderBy] }))).map(
        toRecord,
      );
    },
    async revoke(shopId, id, now) {
      const where = { shopId, id, revokedAt: null };
      const { count } = await guard(prisma.apiKey.updateMany({ where, data: { revokedAt: new Date(now) } }));
      return count === 1;
    },
    async touch(shopId, id, now) {
      await guard(prisma.apiKey.updateMany({ where: { shopId, id }, data: { lastUsedAt: new Date(now) } }));
    },
  };
}
