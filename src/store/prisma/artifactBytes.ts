import { createHash } from 'node:crypto';
import { GatewayError } from '../../domain/errors';
import type { ArtifactRecord } from '../ports/artifact';
import type { Database, Queryable, Statement } from './database';

/** A value of this size needs a fraction of a second and little memory on both sides. */
const partLength = 4 * 1024 * 1024;
/** Parts that no artifact describes are removed after this time: no upload takes as long. */
const orphanAge = '1 hour';

/** What identifies the bytes of an artifact. */
type Key = Pick<ArtifactRecord, 'shopId' | 'checksum'>;

const writeStatement: Statement = {
  name: 'artifactPartWrite',
  text: `INSERT INTO "ArtifactChunk" ("shopId", checksum, part, bytes, digest) VALUES ($1, $2, $3, $4, $5)
    ON CONFLICT ("shopId", checksum, part)
    DO UPDATE SET bytes = EXCLUDED.bytes, digest = EXCLUDED.digest, "savedAt" = clock_timestamp()`,
};

const truncateStatement: Statement = {
  name: 'artifactPartsTruncate',
  text: 'DELETE FROM "ArtifactChunk" WHERE "shopId" = $1 AND checksum = $2 AND part >= $3',
};

/** The server computes the digests from what it stored. */
const verifyStatement: Statement = {
  name: 'artifactPartVerify',
  text: `SELECT sha256(bytes) = $4 AND digest = $4 AS "isIntact" FROM "ArtifactChunk"
    WHERE "shopId" = $1 AND checksum = $2 AND part = $3`,
};

const sizeStatement: Statement = {
  name: 'artifactPartsSize',
  text: `SELECT count(*)::int AS parts, coalesce(sum(octet_length(bytes)), 0)::float8 AS length FROM "ArtifactChunk"
    WHERE "shopId" = $1 AND checksum = $2`,
};

/** Bytes of one read: what the driver holds at a time is garbage afterwards. */
const readLength = 1024 * 1024;
/** Bytes per row of a read, so that the driver needs no large buffers; divides `readLength`. */
const sliceLength = 64 * 1024;

/** Bytes as text: the driver decodes base64 eight times faster than its own form of bytes, and into given memory. */
interface Slice {
  readonly text: string;
}

/** SQL that returns the bytes of a row from position $4 (from 1) on in slices, at most `readLength`. */
const slicesOf = (row: string): string =>
  `SELECT encode(substring(given.bytes FROM start FOR ${sliceLength}), 'base64') AS text
    FROM (${row} OFFSET 0) AS given,
      generate_series($4::int, least($4 + ${readLength - 1}, octet_length(given.bytes)), ${sliceLength}) AS start
    ORDER BY start`;

const readStatement: Statement = {
  name: 'artifactPartRead',
  text: slicesOf('SELECT bytes FROM "ArtifactChunk" WHERE "shopId" = $1 AND checksum = $2 AND part = $3'),
};

const valueSizeStatement: Statement = {
  name: 'artifactValueSize',
  text: `SELECT octet_length(bytes)::float8 AS length FROM "ArtifactBlob" WHERE "shopId" = $1 AND checksum = $2`,
};

/** $3 is the number of a part, as if the value had been stored in parts. */
const valueReadStatement: Statement = {
  name: 'artifactValueRead',
  text: slicesOf(`SELECT substring(bytes FROM $3::int * ${partLength} + 1 FOR ${partLength}) AS bytes
    FROM "ArtifactBlob" WHERE "shopId" = $1 AND checksum = $2`),
};

const isUndescribed = (table: string): string => `NOT EXISTS (SELECT FROM "ModelArtifact" AS kept
  WHERE kept."shopId" = "${table}"."shopId" AND kept.checksum = "${table}".checksum)`;

const removeStatements: readonly Statement[] = [
  {
    name: 'artifactPartsRemove',
    text: `DELETE FROM "ArtifactChunk" WHERE "shopId" = $1 AND ${isUndescribed('ArtifactChunk')}
      AND (checksum = ANY($2) OR "savedAt" < clock_timestamp() - interval '${orphanAge}')`,
  },
  {
    name: 'artifactValuesRemove',
    text: `DELETE FROM "ArtifactBlob" WHERE "shopId" = $1 AND $2::text[] IS NOT NULL AND ${isUndescribed('ArtifactBlob')}`,
  },
];

const lockStatement: Statement = {
  name: 'artifactsLock',
  text: `SELECT pg_advisory_xact_lock(hashtextextended('artifacts ' || $1, 0))`,
};

const damaged = ({ id, model }: ArtifactRecord, got: string): GatewayError =>
  new GatewayError(
    'ARTIFACT_DAMAGED',
    `Expected bytes with the checksum of artifact ${id}; got ${got}. Train again.`,
    { artifactId: id, model },
  );

const notStored = (): GatewayError =>
  new GatewayError(
    'UNAVAILABLE',
    'Expected the database to store every part of an artifact unchanged; it did not. Nothing was published: train again.',
  );

/** Splits bytes into parts without copying them; at least one, which may be empty. */
function partsOf(bytes: Uint8Array): readonly Buffer[] {
  const count = Math.max(1, Math.ceil(bytes.length / partLength));
  return Array.from({ length: count }, (_, part) => {
    const { buffer, byteOffset, byteLength } = bytes.subarray(part * partLength, (part + 1) * partLength);
    return Buffer.from(buffer, byteOffset, byteLength);
  });
}

/**
 * Writes the bytes of an artifact in parts, each in its own statement, and lets the server verify them. Parts that are
 * there already, such as damaged ones, are replaced.
 *
 * @returns the number of parts
 * @throws {GatewayError} UNAVAILABLE
 */
export async function writeBytes(database: Database, key: Key, bytes: Uint8Array): Promise<number> {
  const { shopId, checksum } = key;
  const parts = partsOf(bytes);
  for (const [part, content] of parts.entries()) {
    const digest = createHash('sha256').update(content).digest();
    await database.query(writeStatement, [shopId, checksum, part, content, digest]);
    const [stored] = await database.query<{ isIntact: boolean }>(verifyStatement, [
      shopId,
      checksum,
      part,
      digest,
    ]);
    if (stored?.isIntact !== true) throw notStored();
  }
  await database.query(truncateStatement, [shopId, checksum, parts.length]);
  return parts.length;
}

/** Serializes describing bytes and removing undescribed ones of a shop, within a transaction. */
const lockArtifacts = (transaction: Queryable, shopId: string): Promise<unknown> =>
  transaction.query(lockStatement, [shopId]);

/**
 * Checks within the transaction that describes the bytes that all of their parts are still there; they then stay.
 *
 * @throws {GatewayError} UNAVAILABLE
 */
export async function claimBytes(
  transaction: Queryable,
  { shopId, checksum }: Key,
  parts: number,
): Promise<void> {
  await lockArtifacts(transaction, shopId);
  const [stored] = await transaction.query<{ parts: number }>(sizeStatement, [shopId, checksum]);
  if (stored.parts !== parts) throw notStored();
}

/** Removes bytes that no artifact describes: those of the given checksums, and those that were saved long ago. */
export const removeUndescribed = (
  database: Database,
  shopId: string,
  checksums: readonly string[],
): Promise<void> =>
  database.transaction(async transaction => {
    await lockArtifacts(transaction, shopId);
    for (const statement of removeStatements) await transaction.query(statement, [shopId, checksums]);
  });

/** Bytes to read. */
interface Stored {
  readonly length: number;
  readonly statement: Statement;
}

/** Finds the bytes of an artifact, in parts or in one value. @throws {GatewayError} ARTIFACT_DAMAGED, UNAVAILABLE */
async function findBytes(database: Database, record: ArtifactRecord): Promise<Stored> {
  const key = [record.shopId, record.checksum];
  const [{ parts, length }] = await database.query<{ parts: number; length: number }>(sizeStatement, key);
  if (parts > 0) return { length, statement: readStatement };
  const [value] = await database.query<{ length: number }>(valueSizeStatement, key);
  if (value === undefined) throw damaged(record, 'none');
  return { length: value.length, statement: valueReadStatement };
}

/**
 * Reads bytes into memory, and checks the checksum of the whole.
 *
 * @param memoryFrom - memory for the bytes that start at this position
 * @throws {GatewayError} ARTIFACT_DAMAGED, UNAVAILABLE
 */
async function readThrough(
  database: Database,
  record: ArtifactRecord,
  memoryFrom: (start: number) => Buffer,
  { length, statement }: Stored,
): Promise<void> {
  const { shopId, checksum } = record;
  const hash = createHash('sha256');
  for (let start = 0; start < length; start += readLength) {
    const position = [Math.floor(start / partLength), (start % partLength) + 1];
    const slices = await database.query<Slice>(statement, [shopId, checksum, ...position]);
    const memory = memoryFrom(start);
    let written = 0;
    for (const { text } of slices) written += memory.write(text, written, 'base64');
    if (written !== Math.min(readLength, length - start)) throw damaged(record, 'fewer');
    hash.update(memory.subarray(0, written));
  }
  if (hash.digest('hex') !== checksum) throw damaged(record, 'different bytes');
}

/**
 * Reads the bytes of an artifact into memory of their size, piece by piece.
 *
 * @throws {GatewayError} ARTIFACT_DAMAGED, UNAVAILABLE
 */
export async function readBytes(database: Database, record: ArtifactRecord): Promise<Uint8Array> {
  const stored = await findBytes(database, record);
  const bytes = new Uint8Array(stored.length);
  await readThrough(database, record, start => Buffer.from(bytes.buffer, start), stored);
  return bytes;
}

/** Reads the bytes without keeping them, to check them. @throws {GatewayError} ARTIFACT_DAMAGED, UNAVAILABLE */
export async function verifyBytes(database: Database, record: ArtifactRecord): Promise<void> {
  const memory = Buffer.alloc(readLength);
  await readThrough(database, record, () => memory, await findBytes(database, record));
}
