import { createHash } from 'node:crypto';
import { GatewayError } from '../../domain/errors';
import type { ShopId } from '../../domain/ids';
import type { ArtifactRecord, ArtifactStore } from '../ports/artifact';
import type { Page, PageRequest } from '../ports/page';
import { announce } from './changes';
import type { Database } from './database';
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

const toRow = ({ createdAt, publishedAt, ...record }: ArtifactRecord) => ({
  ...record,
  createdAt: new Date(createdAt),
  publishedAt: publishedAt === null ? null : new Date(publishedAt),
});

async function save({ prisma }: Database, record: ArtifactRecord, bytes: Uint8Array): Promise<void> {
  const { shopId, checksum } = record;
  const kept = { bytes: new Uint8Array(bytes) };
  const writeBytes = prisma.artifactBlob.upsert({
    where: { shopId_checksum: { shopId, checksum } },
    create: { shopId, checksum, ...kept },
    update: kept,
  });
  await guard(prisma.$transaction([writeBytes, prisma.modelArtifact.create({ data: toRow(record) })]));
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

async function read(
  { prisma }: Database,
  { shopId, checksum, id, model }: ArtifactRecord,
): Promise<Uint8Array> {
  const where = { shopId_checksum: { shopId, checksum } };
  const blob = await guard(prisma.artifactBlob.findUnique({ where }));
  const found = blob === null ? null : createHash('sha256').update(blob.bytes).digest('hex');
  if (blob !== null && found === checksum) return blob.bytes;
  throw new GatewayError(
    'ARTIFACT_DAMAGED',
    `Expected bytes with the checksum of artifact ${id}; got ${blob === null ? 'none' : 'different bytes'}. Train again.`,
    { artifactId: id, model },
  );
}

async function prune({ prisma }: Database, shopId: ShopId, model: string, keep: number): Promise<number> {
  const rows = await guard(
    prisma.modelArtifact.findMany({
      where: { shopId, model },
      orderBy: newestFirst,
      skip: keep,
      select: { id: true },
    }),
  );
  const old = { shopId, id: { in: rows.map(({ id }) => id) }, isLive: false };
  const [{ count }] = await guard(
    prisma.$transaction([
      prisma.modelArtifact.deleteMany({ where: old }),
      // Deletes blobs that no record of the shop references any more; records may share a blob.
      prisma.$executeRaw`DELETE FROM "ArtifactBlob" AS blob WHERE "shopId" = ${shopId} AND NOT EXISTS (
        SELECT FROM "ModelArtifact" AS kept WHERE kept."shopId" = blob."shopId" AND kept.checksum = blob.checksum)`,
    ]),
  );
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
    read: record => read(database, record),
    prune: (shopId, model, keep) => prune(database, shopId, model, keep),
  };
}
