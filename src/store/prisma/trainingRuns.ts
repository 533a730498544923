import type { ShopId } from '../../domain/ids';
import type { TrainingRunRecord, TrainingRunStore } from '../ports/trainingRun';
import type { Database } from './database';
import { guard } from './failures';
import { Prisma, type TrainingRun } from './generated/client';
import { toDate, toTime } from './instants';
import { cutPage } from './paging';

const toRecord = (row: TrainingRun): TrainingRunRecord => ({
  ...row,
  shopId: row.shopId as ShopId,
  seed: Number(row.seed),
  metrics: row.metrics as TrainingRunRecord['metrics'],
  queuedAt: row.queuedAt.getTime(),
  startedAt: toTime(row.startedAt),
  finishedAt: toTime(row.finishedAt),
});

const toRow = (run: TrainingRunRecord) => ({
  ...run,
  seed: BigInt(run.seed),
  metrics: run.metrics ?? Prisma.DbNull,
  queuedAt: new Date(run.queuedAt),
  startedAt: toDate(run.startedAt),
  finishedAt: toDate(run.finishedAt),
});

/** Creates the PostgreSQL store of training runs. */
export function createPrismaTrainingRuns({ prisma }: Database): TrainingRunStore {
  return {
    async save(run) {
      const { shopId, id } = run;
      const row = toRow(run);
      await guard(
        prisma.trainingRun.upsert({ where: { shopId_id: { shopId, id } }, create: row, update: row }),
      );
    },
    async find(shopId, id) {
      const row = await guard(prisma.trainingRun.findUnique({ where: { shopId_id: { shopId, id } } }));
      return row === null ? null : toRecord(row);
    },
    async page(shopId, request) {
      const { first, after } = request;
      const at = new Date(after?.at ?? 0);
      const older =
        after === undefined ? {} : { OR: [{ queuedAt: { lt: at } }, { queuedAt: at, id: { lt: after.id } }] };
      const orderBy = [{ queuedAt: 'desc' as const }, { id: 'desc' as const }];
      const where = { shopId, ...older };
      const rows = await guard(prisma.trainingRun.findMany({ where, orderBy, take: first + 1 }));
      return cutPage(rows.map(toRecord), request);
    },
  };
}
