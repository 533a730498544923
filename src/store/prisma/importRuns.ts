import type { ShopId } from '../../domain/ids';
import type { ImportRunRecord, ImportRunStore } from '../ports/importRun';
import type { Database } from './database';
import { guard } from './failures';
import type { ImportRun } from './generated/client';
import { toDate, toTime } from './instants';

const toRecord = (row: ImportRun): ImportRunRecord => ({
  ...row,
  shopId: row.shopId as ShopId,
  rejected: row.rejected as ImportRunRecord['rejected'],
  startedAt: row.startedAt.getTime(),
  updatedAt: row.updatedAt.getTime(),
  finishedAt: toTime(row.finishedAt),
});

const toRow = (run: ImportRunRecord) => ({
  ...run,
  startedAt: new Date(run.startedAt),
  updatedAt: new Date(run.updatedAt),
  finishedAt: toDate(run.finishedAt),
});

/** Creates the PostgreSQL store of import runs. */
export function createPrismaImportRuns({ prisma }: Database): ImportRunStore {
  return {
    async save(run) {
      const { shopId, id } = run;
      const row = toRow(run);
      await guard(
        prisma.importRun.upsert({ where: { shopId_id: { shopId, id } }, create: row, update: row }),
      );
    },
    async find(shopId, id) {
      const row = await guard(prisma.importRun.findUnique({ where: { shopId_id: { shopId, id } } }));
      return row === null ? null : toRecord(row);
    },
  };
}
