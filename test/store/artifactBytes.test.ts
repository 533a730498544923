import { createHash } from 'node:crypto';
import { Client } from 'pg';
import { toShopId } from '../../src/domain/ids';
import { createRng } from '../../src/numeric/rng';
import type { Stores } from '../../src/store/ports/stores';
import { createPrismaStores } from '../../src/store/prisma/stores';
import { artifact, start } from '../conformance/stores/promise';
import { createTestDatabase, type TestDatabase } from '../support/database';

const shop = toShopId('shop');
const rng = createRng(5);
const bytes = Uint8Array.from({ length: 9_000_000 }, () => rng.int(256));
const checksum = createHash('sha256').update(bytes).digest('hex');
const record = artifact(shop, 'a', { checksum, byteLength: bytes.length });
const damaged = { code: 'ARTIFACT_DAMAGED' };

let database: TestDatabase;
let stores: Stores;
let client: Client;
beforeEach(async () => {
  database = await createTestDatabase();
  stores = await createPrismaStores({ url: database.url, poolSize: 3 });
  client = new Client({ connectionString: database.url });
  await client.connect();
});
afterEach(async () => {
  await client.end();
  await stores.close();
  await database.drop();
});

async function partCount(): Promise<number> {
  const { rows } = await client.query('SELECT count(*)::int AS count FROM "ArtifactChunk"');
  return rows[0].count;
}

it('stores an artifact in parts of at most 4 MiB', async () => {
  await stores.artifacts.save(record, bytes);
  const { rows } = await client.query('SELECT max(octet_length(bytes)) AS longest FROM "ArtifactChunk"');
  expect([await partCount(), rows[0].longest]).toEqual([3, 4 * 1024 * 1024]);
});

it('stores and reads an artifact of 130 MB', async () => {
  const words = new Uint32Array(32_500_000);
  for (let at = 0, word = 1; at < words.length; at++) {
    word = (Math.imul(word, 1_664_525) + 1_013_904_223) >>> 0;
    words[at] = word;
  }
  const many = new Uint8Array(words.buffer);
  const whole = createHash('sha256').update(many).digest('hex');
  const large = artifact(shop, 'large', { checksum: whole, byteLength: many.length });
  await stores.artifacts.save(large, many);
  await stores.artifacts.publish(shop, 'large', start);
  expect(Buffer.from((await stores.artifacts.read(large)).buffer).equals(many)).toBe(true);
});

it.each([
  [
    'a changed byte',
    `UPDATE "ArtifactChunk" SET bytes = set_byte(bytes, 77, 255 - get_byte(bytes, 77)) WHERE part = 1`,
  ],
  ['a missing part', 'DELETE FROM "ArtifactChunk" WHERE part = 2'],
  ['a part of its own digest', `UPDATE "ArtifactChunk" SET bytes = 'x', digest = sha256('x') WHERE part = 0`],
])('finds %s, and mends it by saving the same bytes again', async (_, damage) => {
  await stores.artifacts.save(record, bytes);
  await client.query(damage);
  await expect(stores.artifacts.read(record)).rejects.toMatchObject(damaged);
  await expect(stores.artifacts.verify(record)).rejects.toMatchObject(damaged);
  await stores.artifacts.save({ ...record, id: 'b', version: 'again' }, bytes);
  expect(Buffer.from(await stores.artifacts.read(record)).equals(bytes)).toBe(true);
});

it('describes no artifact whose upload ends half-way, and removes its parts after an hour', async () => {
  await client.query(`CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION 'disk full' USING ERRCODE = '53100'; END $$`);
  await client.query(`CREATE TRIGGER refuse BEFORE INSERT ON "ArtifactChunk" FOR EACH ROW
    WHEN (NEW.part = 2) EXECUTE FUNCTION refuse()`);
  await expect(stores.artifacts.save(record, bytes)).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  expect((await stores.artifacts.page(shop, { first: 5 })).rows).toEqual([]);
  await expect(stores.artifacts.publish(shop, 'a', start)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  await stores.artifacts.removeUnfinished(shop);
  expect(await partCount()).toBe(2);
  await client.query(`UPDATE "ArtifactChunk" SET "savedAt" = now() - interval '61 minutes'`);
  await stores.artifacts.removeUnfinished(toShopId('other'));
  expect(await partCount()).toBe(2);
  await stores.artifacts.removeUnfinished(shop);
  expect(await partCount()).toBe(0);
});

it('refuses to describe an artifact whose stored parts differ from the given ones', async () => {
  await client.query(`CREATE FUNCTION alter_bytes() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN NEW.bytes = set_byte(NEW.bytes, 0, 255 - get_byte(NEW.bytes, 0)); RETURN NEW; END $$`);
  await client.query(`CREATE TRIGGER alter_bytes BEFORE INSERT ON "ArtifactChunk" FOR EACH ROW
    WHEN (NEW.part = 1) EXECUTE FUNCTION alter_bytes()`);
  await expect(stores.artifacts.save(record, bytes)).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  expect((await stores.artifacts.page(shop, { first: 5 })).rows).toEqual([]);
});

it('keeps the parts of an upload in progress while another training removes old artifacts', async () => {
  const old = artifact(shop, 'old', {
    checksum: createHash('sha256').update('old').digest('hex'),
    createdAt: start - 9,
  });
  await stores.artifacts.save(old, Buffer.from('old'));
  await client.query(`INSERT INTO "ArtifactChunk" ("shopId", checksum, part, bytes, digest)
    VALUES ('shop', 'in progress', 0, 'x', sha256('x'))`);
  expect(await stores.artifacts.prune(shop, 'popularity', 0)).toBe(1);
  const { rows } = await client.query('SELECT checksum FROM "ArtifactChunk"');
  expect(rows).toEqual([{ checksum: 'in progress' }]);
});

it('reads, verifies and removes artifacts that earlier versions stored in one value', async () => {
  await stores.artifacts.save(record, bytes);
  await client.query('DELETE FROM "ArtifactChunk"');
  await client.query('INSERT INTO "ArtifactBlob" VALUES ($1, $2, $3)', [shop, checksum, Buffer.from(bytes)]);
  expect(Buffer.from(await stores.artifacts.read(record)).equals(bytes)).toBe(true);
  await stores.artifacts.verify(record);
  await client.query('UPDATE "ArtifactBlob" SET bytes = set_byte(bytes, 0, 255 - get_byte(bytes, 0))');
  await expect(stores.artifacts.verify(record)).rejects.toMatchObject(damaged);
  await stores.artifacts.prune(shop, 'popularity', 0);
  expect((await client.query('SELECT FROM "ArtifactBlob"')).rowCount).toBe(0);
});
