import { GatewayError } from '../../domain/errors';
import type { ShopId } from '../../domain/ids';
import type { ArtifactRecord, ArtifactStore } from '../ports/artifact';
import type { Page, PageRequest } from '../ports/page';
import { claimBytes, readBytes, removeUndescribed, verifyBytes, writeBytes } from './artifactBytes';
import { announce } from './changes';
import type { Database, Statement } from './database';
import { guard } from './failures';
import type { ModelArtifact } from './generated/client';
import { toTime } from './instants';
import { cutPage } from './paging';

const newestFirst = [{ createdAt: 'desc' as const }, { id: 'desc' as const }];
const oldestFirst = [{ createdAt: 'asc' as const }, { id: 'asc' as const }];

const toRecord = (row: ModelArtifact): ArtifactRecord => ({
  ...row,
  shopId: row.shopId as ShopId,
  config: row.config as ArtifactRecord['config'],
  metrics: row.metrics as ArtifactRecord['metrics'],
  createdAt: row.createdAt.getTime(),
  publishedAt: toTime(row.publishedAt),
});

const describeStatement: Statement = {
  name: 'artifactDescribe',
  text: `INSERT INTO "ModelArtifact" ("shopId", id, model, version, "snapshotDigest", checksum, "byteLength", config, metrics,
      "isLive", "createdAt", "publishedAt")
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, to_timestamp($11::float8 / 1000), to_timestamp($12::float8 / 1000))`,
};

const valuesOf = (record: ArtifactRecord): readonly unknown[] => [
  record.shopId,
  record.id,
  record.model,
  record.version,
  record.snapshotDigest,
  record.checksum,
  record.byteLength,
  record.config,
  record.metrics,
  record.isLive,
  record.createdAt,
  record.publishedAt,
];

/** The record is written after the bytes, so an artifact that can be published is complete. */
async function save(database: Database, record: ArtifactRecord, bytes: Uint8Array): Promise<void> {
  const parts = await writeBytes(database, record, bytes);
  await database.transaction(async transaction => {
    await claimBytes(transaction, record, parts);
    await transaction.query(describeStatement, valuesOf(record));
  });
}

async function publish({ prisma }: Database, shopId: ShopId, id: string, now: number): Promise<void> {
  const chosen = await guard(prisma.modelArtifact.findUnique({ where: { shopId_id: { shopId, id } } }));
  if (chosen === null) {
    throw new GatewayError('NOT_FOUND', 'Expected an artifact of this shop; got an unknown id.', {
      artifactId: id,
    });
  }
  const { model } = chosen;
  await guard(
    prisma.$transaction([
      // Serializes publishers: two at once would each see only the old artifact live, and leave two live.
      prisma.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`${shopId} ${model}`}, 0))`,
      prisma.modelArtifact.updateMany({
        where: { shopId, model, isLive: true, id: { not: id } },
        data: { isLive: false },
      }),
      prisma.modelArtifact.update({
        where: { shopId_id: { shopId, id } },
        data: { isLive: true, publishedAt: new Date(now) },
      }),
      announce(prisma, { kind: 'artifact', shopId }),
    ]),
  );
}

async function page(
  { prisma }: Database,
  shopId: ShopId,
  request: PageRequest,
): Promise<Page<ArtifactRecord>> {
  const { first, after } = request;
  const at = new Date(after?.at ?? 0);
  const older =
    after === undefined ? {} : { OR: [{ createdAt: { lt: at } }, { createdAt: at, id: { lt: after.id } }] };
  const where = { shopId, ...older };
  const rows = await guard(prisma.modelArtifact.findMany({ where, orderBy: newestFirst, take: first + 1 }));
  return cutPage(rows.map(toRecord), request);
}

async function prune(database: Database, shopId: ShopId, model: string, keep: number): Promise<number> {
  const rows = await guard(
    database.prisma.modelArtifact.findMany({
      where: { shopId, model },
      orderBy: newestFirst,
      skip: keep,
      select: { id: true, checksum: true },
    }),
  );
  const old = { shopId, id: { in: rows.map(({ id }) => id) }, isLive: false };
  const { count } = await guard(database.prisma.modelArtifact.deleteMany({ where: old }));
  const checksums = rows.map(({ checksum }) => checksum);
  await removeUndescribed(database, shopId, checksums);
  return count;
}

/** Creates the PostgreSQL store of artifacts. */
export function createPrismaArtifacts(database: Database): ArtifactStore {
  return {
    save: (record, bytes) => save(database, record, bytes),
    publish: (shopId, id, now) => publish(database, shopId, id, now),
    async liveOf(shopId) {
      const where = { shopId, isLive: true };
      return (await guard(database.prisma.modelArtifact.findMany({ where, orderBy: oldestFirst }))).map(
        toRecord,
      );
    },
    page: (shopId, request) => page(database, shopId, request),
    read: record => readBytes(database, record),
    verify: record => verifyBytes(database, record),
    prune: (shopId, model, keep) => prune(database, shopId, model, keep),
    removeUnfinished: shopId => removeUndescribed(database, shopId, []),
  };
}
