import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { toProductId, toShopId, toUserId } from '../../src/domain/ids';
import type { Stores } from '../../src/store/ports/stores';
import { startEmbeddedPostgres } from '../../src/store/prisma/embedded';
import { readPostmaster } from '../../src/store/prisma/embedded/postmaster';
import { databaseFacts } from '../../src/store/prisma/facts';
import { migrateDatabase } from '../../src/store/prisma/migrate';
import { createPrismaStores } from '../../src/store/prisma/stores';
import { event, start } from '../conformance/stores/promise';
import { createTestDatabase, type TestDatabase } from '../support/database';

const shop = toShopId('shop');
const ann = toUserId('ann');
const silent = { onLog: () => undefined };

async function query(url: string, sql: string): Promise<readonly Record<string, unknown>[]> {
  const client = new Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  return (await client.query(sql).finally(() => client.end())).rows;
}

describe('stores over PostgreSQL with rejected values', () => {
  let database: TestDatabase;
  let stores: Stores;
  beforeAll(async () => {
    database = await createTestDatabase();
    stores = await createPrismaStores({ url: database.url, poolSize: 3 });
  });
  afterAll(async () => {
    await stores.close();
    await database.drop();
  });

  it('store the calls that shared a commit with a bad one, and reject only the bad one', async () => {
    const calls = Array.from({ length: 30 }, (_, call) =>
      stores.interactions.insertMany([
        event(shop, `good-${call}`),
        event(shop, call === 7 ? 'bad\0id' : `also-${call}`),
      ]),
    );
    const outcomes = await Promise.allSettled(calls);
    const failed = outcomes.flatMap((outcome, call) =>
      outcome.status === 'rejected' ? [{ call, ...outcome }] : [],
    );
    expect(failed).toMatchObject([{ call: 7, reason: { code: 'BAD_USER_INPUT' } }]);
    expect(String(failed[0].reason.message)).not.toContain('bad');
    expect(await stores.interactions.count(shop)).toBe(58);
  });

  it.each([
    [
      'a NUL in a title',
      () => stores.products.upsertMany(shop, [{ id: toProductId('p'), title: 'a\0b' }], start),
    ],
    [
      'a lone surrogate',
      () => stores.users.upsertMany(shop, [{ id: ann, attributes: { name: '\ud800' } }], start),
    ],
    [
      'a price beyond 32 bits',
      () => stores.products.upsertMany(shop, [{ id: toProductId('p'), priceMinor: 2 ** 40 }], start),
    ],
    ['a NUL in an id that is read', () => stores.users.findMany(shop, [toUserId('\0')])],
  ])('reject %s, and write nothing', async (_, work) => {
    await expect(work()).rejects.toMatchObject({ code: 'BAD_USER_INPUT' });
    expect((await stores.products.findMany(shop, [toProductId('p')])).size).toBe(0);
  });

  it('resolve a deadlock of writers by retrying', async () => {
    const ids = Array.from({ length: 40 }, (_, index) => toUserId(`user-${index}`));
    const rounds = Array.from({ length: 12 }, (_, round) =>
      stores.users.upsertMany(
        shop,
        (round % 2 === 0 ? ids : ids.toReversed()).map(id => ({ id, locale: `l${round}` })),
        start + round,
      ),
    );
    const answers = await Promise.all(rounds);
    expect(answers.flat().filter(answer => answer === 'created')).toHaveLength(40);
  });

  it('report the facts of a database', async () => {
    const facts = await databaseFacts(database.url);
    expect(facts).toMatchObject({ version: expect.stringMatching(/^18\./), migrations: { pending: [] } });
    expect(facts.migrations.applied.length).toBeGreaterThan(0);
    expect(facts.rows['Interaction']).toBe(await stores.interactions.count(shop));
    expect(facts.sizeBytes).toBeGreaterThan(1_000_000);
  });
});

describe('stores over a PostgreSQL that crashes', () => {
  let dataDir: string;
  beforeEach(() => {
    dataDir = mkdtempSync(join(tmpdir(), 'affinity-faults-'));
  });
  afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

  it('throw UNAVAILABLE while it is down, continue with the next call when it is back, and lose nothing', async () => {
    const first = await startEmbeddedPostgres({ dataDir, ...silent });
    await migrateDatabase(first.url);
    const stores = await createPrismaStores({ url: first.url, poolSize: 3 });
    let tellLost: () => void = () => undefined;
    const lost = new Promise<void>(resolve => {
      tellLost = resolve;
    });
    await stores.changes.subscribe(() => undefined, tellLost);
    await stores.interactions.insertMany([event(shop, 'before')]);
    const postmaster = await readPostmaster(join(dataDir, 'postgres'));
    if (postmaster === null) throw new Error('Expected a postmaster; there is none.');
    const ended = query(first.url, 'SELECT pg_sleep(600)').catch(() => null);
    process.kill(postmaster.pid, 'SIGQUIT');
    await ended;
    await expect(stores.interactions.insertMany([event(shop, 'away')])).rejects.toMatchObject({
      code: 'UNAVAILABLE',
    });
    await expect(stores.shops.list()).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    await expect(stores.interactions.scan(shop, start)[Symbol.asyncIterator]().next()).rejects.toMatchObject({
      code: 'UNAVAILABLE',
    });
    const second = await startEmbeddedPostgres({ dataDir, ...silent });
    expect(second.url).toBe(first.url);
    expect(await stores.interactions.insertMany([event(shop, 'away'), event(shop, 'before')])).toEqual([
      'accepted',
      'duplicate',
    ]);
    expect((await stores.interactions.recentOf(shop, [ann], 5)).get(ann)).toHaveLength(2);
    await lost;
    await stores.close();
    await Promise.all([first.stop(), second.stop()]);
  });
});
