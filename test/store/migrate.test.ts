import { appendFileSync, cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { diffMigrations } from '../../src/store/prisma/diffMigrations';
import { migrateDatabase } from '../../src/store/prisma/migrate';
import { prismaDir, readMigrations, readSchema, readSchemaAt } from '../../src/store/prisma/migrationFiles';
import { createEmptyDatabase } from '../support/database';

const migrations = () => readMigrations(prismaDir).migrationDirectories.map(({ path }) => path);

async function query(url: string, sql: string): Promise<readonly Record<string, unknown>[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

async function ledger(url: string): Promise<readonly unknown[]> {
  const rows = await query(url, 'SELECT migration_name AS name FROM _prisma_migrations ORDER BY started_at');
  return rows.map(({ name }) => name);
}

interface Bench {
  url: string;
  /** A copy of prisma/ that the test may change. */
  folder: string;
}

/** An empty database and a copy of prisma/ for each test of a suite. */
function eachWithBench(): Bench {
  const bench: Bench = { url: '', folder: '' };
  let drop: () => Promise<void>;
  beforeEach(async () => {
    const database = await createEmptyDatabase();
    drop = database.drop;
    bench.url = database.url;
    bench.folder = mkdtempSync(join(tmpdir(), 'affinity-prisma-'));
    cpSync(prismaDir, bench.folder, { recursive: true });
  });
  afterEach(async () => {
    await drop();
    rmSync(bench.folder, { recursive: true, force: true });
  });
  return bench;
}

function addMigration(folder: string, name: string, sql: string): string {
  mkdirSync(join(folder, 'migrations', name));
  writeFileSync(join(folder, 'migrations', name, 'migration.sql'), sql);
  return name;
}

describe('migrations', () => {
  const bench = eachWithBench();

  it('agree with schema.prisma, and each stores its resulting schema', async () => {
    expect(await diffMigrations(bench.url, prismaDir)).toBeNull();
    for (const name of migrations()) expect(readSchemaAt(prismaDir, name)).toContain('model Shop');
  });

  it('report what schema.prisma has beyond them', async () => {
    appendFileSync(join(bench.folder, 'schema.prisma'), '\nmodel Extra {\n  id String @id\n}\n');
    expect(await diffMigrations(bench.url, bench.folder)).toContain('CREATE TABLE "Extra"');
  });

  it('are applied once, and recorded in Prisma’s table', async () => {
    expect(await migrateDatabase(bench.url)).toEqual(migrations());
    expect(await ledger(bench.url)).toEqual(migrations());
    expect(await migrateDatabase(bench.url)).toEqual([]);
  });

  it('are applied by one of two gateways that start concurrently', async () => {
    const applied = await Promise.all([migrateDatabase(bench.url), migrateDatabase(bench.url)]);
    expect(applied.flat()).toEqual(migrations());
    expect(await ledger(bench.url)).toHaveLength(migrations().length);
  });

  it('ignore tables of other programs', async () => {
    await query(bench.url, 'CREATE TABLE theirs (id int); INSERT INTO theirs VALUES (7)');
    expect(await migrateDatabase(bench.url)).toEqual(migrations());
    expect(await migrateDatabase(bench.url)).toEqual([]);
    expect(await query(bench.url, 'SELECT id FROM theirs')).toEqual([{ id: 7 }]);
  });
});

describe('migrations that disagree with the database', () => {
  const bench = eachWithBench();

  it('prevent the start when one was edited after it was applied', async () => {
    await migrateDatabase(bench.url, bench.folder);
    const [first] = migrations();
    appendFileSync(join(bench.folder, 'migrations', first, 'migration.sql'), '\n-- one more thought\n');
    await expect(migrateDatabase(bench.url, bench.folder)).rejects.toMatchObject({
      code: 'MIGRATION_DRIFT',
      message: expect.stringContaining(`${first} was edited`),
    });
  });

  it('prevent the start when tables were changed manually, before a new one is applied', async () => {
    await migrateDatabase(bench.url, bench.folder);
    await query(bench.url, 'ALTER TABLE "Shop" DROP COLUMN "name"');
    addMigration(bench.folder, '29990101000000_more', 'CREATE TABLE "More" ("id" TEXT PRIMARY KEY);');
    await expect(migrateDatabase(bench.url, bench.folder)).rejects.toMatchObject({
      code: 'MIGRATION_DRIFT',
      message: expect.stringContaining('Shop'),
    });
    expect(await query(bench.url, `SELECT to_regclass('"More"') AS found`)).toEqual([{ found: null }]);
  });

  it('prevent the start over a newer database', async () => {
    const newer = addMigration(bench.folder, '29990101000000_newer', 'SELECT 1;');
    await migrateDatabase(bench.url, bench.folder);
    await expect(migrateDatabase(bench.url)).rejects.toMatchObject({
      code: 'MIGRATION_DRIFT',
      message: expect.stringContaining(newer),
      details: { migrations: [newer] },
    });
  });

  it('are atomic, and a failed one prevents every start until it is resolved', async () => {
    const broken = addMigration(
      bench.folder,
      '29990101000000_broken',
      'CREATE TABLE "Half" (id int); SELECT 1/0;',
    );
    for (let start = 0; start < 2; start++) {
      await expect(migrateDatabase(bench.url, bench.folder)).rejects.toMatchObject({
        code: 'MIGRATION_DRIFT',
        message: expect.stringContaining(broken),
      });
    }
    expect(await query(bench.url, `SELECT to_regclass('"Half"') AS found`)).toEqual([{ found: null }]);
  });

  it('are not applied over tables of our names that no migration created', async () => {
    await query(bench.url, 'CREATE TABLE "User" (id int)');
    await expect(migrateDatabase(bench.url)).rejects.toMatchObject({ code: 'MIGRATION_DRIFT' });
    expect(await query(bench.url, `SELECT to_regclass('"Shop"') AS found`)).toEqual([{ found: null }]);
  });

  it('report that the database is unreachable', async () => {
    const away = 'postgresql://affinity:secret@127.0.0.1:1/affinity';
    await expect(migrateDatabase(away)).rejects.toMatchObject({
      code: 'UNAVAILABLE',
      message: expect.not.stringContaining('secret'),
    });
  });
});

// A copy that lacks what another branch added makes every later start refuse its own database as drifted.
it('keeps with the newest migration a copy of the schema as it is now', () => {
  const { migrationDirectories } = readMigrations(prismaDir);
  const newest = migrationDirectories.at(-1)?.path ?? '';
  expect(readSchemaAt(prismaDir, newest)).toBe(readSchema(prismaDir));
});
