import { Client } from 'pg';
import { toProductId, toShopId, toUserId } from '../../src/domain/ids';
import { createTrainingQueue } from '../../src/store/bullmq/trainingQueue';
import type { Stores } from '../../src/store/ports/stores';
import { openDatabase } from '../../src/store/prisma/database';
import { createPrismaStores } from '../../src/store/prisma/stores';
import { artifact, event, start } from '../conformance/stores/promise';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { type SilentProxy, startSilentProxy } from '../support/silentProxy';

const shop = toShopId('shop');
const unavailable = { code: 'UNAVAILABLE' };
const described = { id: shop, name: 'Shop', defaultLocale: 'en', currency: 'EUR' };

let database: TestDatabase;
beforeEach(async () => {
  database = await createTestDatabase();
});
afterEach(() => database.drop());

/** Terminates the backends of an application, and returns when they have ended. */
async function terminate(killer: Client, application: string): Promise<number> {
  const { rows } = await killer.query(
    `SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
      WHERE datname = current_database() AND application_name LIKE $1 AND pid <> pg_backend_pid()`,
    [application],
  );
  return rows.length;
}

async function openKiller(): Promise<Client> {
  const killer = new Client({ connectionString: database.url, application_name: 'killer' });
  await killer.connect();
  return killer;
}

/** Lets the event loop read what has arrived. */
async function readArrived(killer: Client): Promise<void> {
  for (let turn = 0; turn < 5; turn++) await killer.query('SELECT 1');
}

describe('stores whose backends are terminated', () => {
  let killer: Client;
  beforeEach(async () => {
    killer = await openKiller();
  });
  afterEach(() => killer.end());

  it('report a transaction as UNAVAILABLE that loses its connection between two statements', async () => {
    const opened = openDatabase(database.url, 2);
    const statement = { name: 'one', text: 'SELECT 1' };
    const lost = opened.transaction(async transaction => {
      await transaction.query(statement, []);
      await terminate(killer, 'affinity');
      await readArrived(killer);
      await transaction.query(statement, []);
    });
    await expect(lost).rejects.toMatchObject(unavailable);
    expect(await opened.transaction(transaction => transaction.query(statement, []))).toHaveLength(1);
    await opened.close();
  });

  it('report a scan as UNAVAILABLE that loses its connection between two batches', async () => {
    const stores = await createPrismaStores({ url: database.url, poolSize: 2 });
    for (let batch = 0; batch < 6; batch++) {
      const ids = Array.from({ length: 5_000 }, (_, index) => `e-${batch}-${index}`);
      await stores.interactions.insertMany(ids.map(id => event(shop, id)));
    }
    const batches = stores.interactions.scan(shop, start)[Symbol.asyncIterator]();
    expect((await batches.next()).value).toHaveLength(20_000);
    await terminate(killer, 'affinity');
    await readArrived(killer);
    await expect(batches.next()).rejects.toMatchObject(unavailable);
    await stores.close();
  });

  it('keep every acknowledged event over 40 rounds of terminations under writes and scans', async () => {
    const stores = await createPrismaStores({ url: database.url, poolSize: 4, deadlineMs: 5_000 });
    const acknowledged = new Set<string>();
    const failures: unknown[] = [];
    const settle = async (work: Promise<unknown>): Promise<void> => {
      await work.catch(error => failures.push(error));
    };
    const track = async (id: string): Promise<void> => {
      await stores.interactions.insertMany([event(shop, id)]);
      acknowledged.add(id);
    };
    const upsert = (round: number): Promise<unknown> =>
      stores.products.upsertMany(
        shop,
        Array.from({ length: 200 }, (_, index) => ({ id: toProductId(`p${index}`), stock: round })),
        start + round,
      );
    const scan = async (): Promise<void> => {
      for await (const _ of stores.interactions.scan(shop, start)) await new Promise(setImmediate);
    };
    let killed = 0;
    for (let round = 0; round < 40; round++) {
      const works = [
        upsert(round),
        scan(),
        track(`${round}-a`),
        track(`${round}-b`),
        stores.shops.upsert(described),
      ];
      const settled = works.map(settle);
      killed += await terminate(killer, 'affinity');
      await Promise.all(settled);
    }
    const codes = new Set(failures.map(error => (error as { code?: unknown }).code));
    expect([...codes].filter(code => code !== 'UNAVAILABLE')).toEqual([]);
    expect(killed).toBeGreaterThan(20);
    const stored = new Set<string>();
    for (let round = 0; round < 40; round++) {
      for (const id of [`${round}-a`, `${round}-b`]) {
        const [outcome] = await stores.interactions.insertMany([event(shop, id)]);
        if (outcome === 'duplicate') stored.add(id);
      }
    }
    expect([...acknowledged].filter(id => !stored.has(id))).toEqual([]);
    await stores.close();
  });

  it('leave the job queue usable', async () => {
    const queue = await createTrainingQueue({ databaseUrl: database.url, redisUrl: null });
    for (let round = 0; round < 15; round++) {
      const job = { shopId: shop, runId: `run-${round}`, model: 'trending', seed: 1 };
      const added = queue.add(job).catch(error => expect(error).toMatchObject(unavailable));
      await terminate(killer, 'affinity-jobs');
      await added;
      await queue.add(job).catch(() => queue.add(job));
    }
    expect(await queue.depth()).toEqual({ waiting: 15, active: 0 });
    await queue.close();
  });
});

describe('stores over a PostgreSQL that does not respond', () => {
  let proxy: SilentProxy;
  let stores: Stores;
  beforeEach(async () => {
    proxy = await startSilentProxy(database.url);
    stores = await createPrismaStores({ url: proxy.url, poolSize: 2, deadlineMs: 400 });
    await stores.shops.upsert(described);
    await stores.artifacts.save(artifact(shop, 'a'), Uint8Array.from([1, 2, 3]));
  });
  afterEach(async () => {
    proxy.resume();
    await stores.close();
    await proxy.close();
  });

  const calls: readonly (readonly [string, (stores: Stores) => Promise<unknown>])[] = [
    ['a read', given => given.interactions.recentOf(shop, [toUserId('ann')], 5)],
    ['a write of events', given => given.interactions.insertMany([event(shop, 'e')])],
    ['a transaction', given => given.products.upsertMany(shop, [{ id: toProductId('p') }], start)],
    ["a read through Prisma's client", given => given.shops.find(shop)],
    ["a transaction of Prisma's client", given => given.artifacts.publish(shop, 'a', start)],
    ['a page of changes', given => given.products.changedSince(shop, 0)[Symbol.asyncIterator]().next()],
    ['the bytes of an artifact', given => given.artifacts.read(artifact(shop, 'a'))],
    ['a ping', given => given.ping()],
  ];

  it.each(calls)(
    'reject %s with UNAVAILABLE, on an open connection and on new ones',
    async (_, call) => {
      proxy.silence();
      await expect(call(stores)).rejects.toMatchObject(unavailable);
      await expect(call(stores)).rejects.toMatchObject(unavailable);
    },
    10_000,
  );

  it('reject every call of a crowd with UNAVAILABLE, and work again when the server does', async () => {
    proxy.silence();
    const crowd = Array.from({ length: 60 }, (_, index) => calls[index % calls.length][1](stores));
    const outcomes = await Promise.allSettled(crowd);
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toEqual([]);
    proxy.resume();
    const again = (): Promise<boolean> =>
      stores.interactions.insertMany([event(shop, 'e'), event(shop, 'f')]).then(
        () => true,
        error => {
          expect(error).toMatchObject(unavailable);
          return false;
        },
      );
    while (!(await again())) await new Promise(setImmediate);
    expect(await stores.interactions.insertMany([event(shop, 'e'), event(shop, 'f')])).toEqual([
      'duplicate',
      'duplicate',
    ]);
    expect(await stores.interactions.count(shop)).toBe(2);
  }, 20_000);

  it('reject a call that waits for a lock with UNAVAILABLE, and write nothing', async () => {
    const blocker = await openKiller();
    await blocker.query('BEGIN; LOCK TABLE "Product"');
    await expect(stores.products.upsertMany(shop, [{ id: toProductId('p') }], start)).rejects.toMatchObject(
      unavailable,
    );
    await blocker.query('ROLLBACK');
    await blocker.end();
    expect((await stores.products.findMany(shop, [toProductId('p')])).size).toBe(0);
  }, 10_000);
});
