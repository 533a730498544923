// The commands of docs/operating.md that copy and restore databases.
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { toShopId } from '../../src/domain/ids';
import type { Stores } from '../../src/store/ports/stores';
import { startEmbeddedPostgres } from '../../src/store/prisma/embedded';
import { migrateDatabase } from '../../src/store/prisma/migrate';
import { createPrismaStores } from '../../src/store/prisma/stores';
import { type DebianServices, findDebianPrograms, startDebianServices } from '../support/debianServices';
import { seedShops } from '../support/seedShops';
import { shellBlocks } from '../support/shellBlock';

const root = join(__dirname, '..', '..');
const withinMs = 180_000;
const now = Date.UTC(2026, 2, 1, 12);
const demo = toShopId('demo');

/** Opens stores over a database, after migrating it, and closes them after the work. */
async function withStores<Result>(url: string, work: (stores: Stores) => Promise<Result>): Promise<Result> {
  await migrateDatabase(url);
  const stores = await createPrismaStores({ url, poolSize: 2 });
  return await work(stores).finally(() => stores.close());
}

/** What a backup must keep, as far as these tests look. */
const contentOf = async ({ shops, products, interactions, users }: Stores) => ({
  shops: await shops.list(),
  counts: [await products.count(demo), await interactions.count(demo), await users.count(demo)],
  events: (await interactions.recentOf(demo, [(await users.page(demo, { first: 1 })).rows[0].id], 100)).size,
});

const seedAndRead = (stores: Stores) => seedShops(stores, now).then(() => contentOf(stores));

const runLines = (lines: readonly string[], cwd: string, env: Readonly<Record<string, string>>): void => {
  execFileSync('bash', ['-e', '-c', lines.join('\n')], {
    cwd,
    env: { ...process.env, ...env },
    stdio: 'pipe',
  });
};

describe('the backup of an embedded database', () => {
  const [backUp, restore] = shellBlocks(root, 'docs/operating.md', '### The embedded PostgreSQL');
  const folder = mkdtempSync(join(tmpdir(), 'affinity-backup-'));
  const dataDir = join(folder, '.affinity');
  // The account that runs PostgreSQL for root must be able to enter.
  chmodSync(folder, 0o755);
  const open = () => startEmbeddedPostgres({ dataDir, onLog: () => undefined });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it(
    'brings back what was lost after it',
    async () => {
      const first = await open();
      const before = await withStores(first.url, seedAndRead).finally(first.stop);
      runLines(backUp, folder, {});
      const second = await open();
      const lost = withStores(second.url, stores => stores.interactions.removeOlderThan(demo, now + 1));
      expect(await lost.finally(second.stop)).toBeGreaterThan(0);
      runLines(restore, folder, {});
      const third = await open();
      expect(await withStores(third.url, contentOf).finally(third.stop)).toEqual(before);
    },
    withinMs,
  );
});

const programs = findDebianPrograms();
if (programs === null)
  console.warn('Expected postgresql and redis-server for the test of backups; got none: it does not run.');

(programs === null ? describe.skip : describe)('the backup of a PostgreSQL of your own', () => {
  const [backUp, restore] = shellBlocks(root, 'docs/operating.md', '### A PostgreSQL of your own');
  const folder = mkdtempSync(join(tmpdir(), 'affinity-backup-'));
  let services: DebianServices;
  beforeAll(async () => {
    if (programs !== null) services = await startDebianServices(programs);
  }, withinMs);
  afterAll(async () => {
    await services.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it(
    'opens in a new database, with its migrations, and serves what it held',
    async () => {
      const { databaseUrl, createDatabase } = services;
      const before = await withStores(databaseUrl, seedAndRead);
      runLines(backUp, folder, { DATABASE_URL: databaseUrl });
      const restored = await createDatabase('restored');
      runLines(restore, folder, { NEW_DATABASE_URL: restored });
      expect(await migrateDatabase(restored)).toEqual([]);
      expect(await withStores(restored, contentOf)).toEqual(before);
    },
    withinMs,
  );
});
