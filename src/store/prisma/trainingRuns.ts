import type { ShopId } from '../../domain/ids';
import type { TrainingRunRecord, TrainingRunStore } from '../ports/trainingRun';
import type { Database, Statement } from './database';
import { guard } from './failures';
import type { TrainingRun } from './generated/client';
import { toTime } from './instants';
import { cutPage } from './paging';

/** Most silent runs that are returned at once. */
const maxSilent = 1_000;

const toRecord = ({ heartbeatAt: _, ...row }: TrainingRun): TrainingRunRecord => ({
  ...row,
  shopId: row.shopId as ShopId,
  seed: Number(row.seed),
  metrics: row.metrics as TrainingRunRecord['metrics'],
  queuedAt: row.queuedAt.getTime(),
  startedAt: toTime(row.startedAt),
  finishedAt: toTime(row.finishedAt),
});

const columns = `"shopId", id, model, status, seed, "snapshotDigest", "artifactId", metrics, reason, "queuedAt",
  "startedAt", "finishedAt"`;

const toInstant = (parameter: string): string => `to_timestamp(${parameter}::float8 / 1000)`;

const valuesText = `$1, $2, $3, $4::text::"TrainingStatus", $5, $6, $7, $8::jsonb, $9, ${toInstant('$10')},
  ${toInstant('$11')}, ${toInstant('$12')}`;

const valuesOf = (run: TrainingRunRecord): readonly unknown[] => [
  run.shopId,
  run.id,
  run.model,
  run.status,
  run.seed,
  run.snapshotDigest,
  run.artifactId,
  run.metrics === null ? null : JSON.stringify(run.metrics),
  run.reason,
  run.queuedAt,
  run.startedAt,
  run.finishedAt,
];

const excluded = columns.replaceAll(/\w+|"\w+"/g, column => `EXCLUDED.${column}`);

const saveStatement: Statement = {
  name: 'trainingRunSave',
  text: `INSERT INTO "TrainingRun" (${columns}, "heartbeatAt") VALUES (${valuesText}, clock_timestamp())
    ON CONFLICT ("shopId", id) DO UPDATE SET (${columns}, "heartbeatAt") = (${excluded}, EXCLUDED."heartbeatAt")`,
};

const beatStatement: Statement = {
  name: 'trainingRunBeat',
  text: `UPDATE "TrainingRun" SET "heartbeatAt" = clock_timestamp() WHERE "shopId" = $1 AND id = $2`,
};

/** Runs of gateways that did not report have no instant: they are silent since they were queued. */
const isSilent = (silentMs: string): string => `status IN ('QUEUED', 'RUNNING')
  AND coalesce("heartbeatAt", "queuedAt") <= clock_timestamp() - make_interval(secs => ${silentMs}::float8 / 1000)`;

const silentStatement: Statement = {
  name: 'trainingRunsSilent',
  text: `SELECT ${columns.replace(', seed,', ', seed::float8 AS seed,')} FROM "TrainingRun" WHERE "shopId" = $1 AND ${isSilent('$2')}
    ORDER BY "heartbeatAt", id LIMIT ${maxSilent}`,
};

const saveIfSilentStatement: Statement = {
  name: 'trainingRunSaveIfSilent',
  text: `UPDATE "TrainingRun" SET (${columns}, "heartbeatAt") = (${valuesText}, clock_timestamp())
    WHERE "shopId" = $1 AND id = $2 AND ${isSilent('$13')} RETURNING id`,
};

/** Creates the PostgreSQL store of training runs. */
export function createPrismaTrainingRuns(database: Database): TrainingRunStore {
  const { prisma } = database;
  return {
    async save(run) {
      await database.query(saveStatement, valuesOf(run));
    },
    async beat(shopId, id) {
      await database.query(beatStatement, [shopId, id]);
    },
    silent: (shopId, silentMs) => database.query<TrainingRunRecord>(silentStatement, [shopId, silentMs]),
    async saveIfSilent(run, silentMs) {
      const saved = await database.query(saveIfSilentStatement, [...valuesOf(run), silentMs]);
      return saved.length > 0;
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
