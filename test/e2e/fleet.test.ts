// A fleet over one database: it listens before it trains, and trains once.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { toShopId } from '../../src/domain/ids';
import { waitForRuns } from '../../src/main/firstModels';
import type { Stores } from '../../src/store/ports/stores';
import { createPrismaStores } from '../../src/store/prisma/stores';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { type ProgramProcess, startProgram } from '../support/programProcess';
import { tokenFor } from '../support/tokens';
import { tastefulEvents } from '../training/support';

const root = join(__dirname, '..', '..');
const withinMs = 240_000;
const models = ['popularity', 'item-neighbours'];
const secret = 'a secret of tests only, thirty-two characters';
const shop = toShopId('shop');

describe('a fleet of gateways and workers over a shop without models', () => {
  let database: TestDatabase;
  let dataDir: string;
  const programs: ProgramProcess[] = [];

  beforeAll(async () => {
    database = await createTestDatabase();
    dataDir = mkdtempSync(join(tmpdir(), 'affinity-fleet-'));
    const stores = await createPrismaStores({ url: database.url, poolSize: 2 });
    await stores.shops.upsert({ id: shop, name: 'Shop', defaultLocale: 'en', currency: 'EUR' });
    await stores.interactions.insertMany(tastefulEvents({ users: 60, events: 1_500, seed: 4 }));
    await stores.close();
  }, withinMs);

  afterAll(async () => {
    for (const program of programs) program.kill();
    await database.drop();
    rmSync(dataDir, { recursive: true, force: true });
  });

  const start = (command: 'start' | 'worker', env: Readonly<Record<string, string>> = {}): ProgramProcess => {
    const program = startProgram([process.execPath, 'bin/affinity.mjs', command], {
      cwd: root,
      env: {
        ...{ DATABASE_URL: database.url, AFFINITY_DATA_DIR: dataDir, PORT: '0', AFFINITY_DEMO: 'false' },
        ...{ AFFINITY_JWT_SECRET: secret, AFFINITY_MODELS: models.join(','), AFFINITY_THREADS: '1', ...env },
      },
    });
    programs.push(program);
    return program;
  };

  it(
    'listens and is ready without a worker, with fallback lists, and does not train',
    async () => {
      const gateway = start('start', { AFFINITY_WORKER: 'false' });
      const [, url] = await gateway.printed(/GraphQL +(http:\S+)\/graphql/);
      expect(gateway.output()).toMatch(/No models yet: "shop"/);
      expect((await fetch(`${url}/health/ready`)).status).toBe(200);
      const response = await fetch(`${url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${await storefrontToken()}` },
        body: JSON.stringify({
          query: '{ viewer(userId: "u1") { recommendations(first: 3) { degraded } } }',
        }),
      });
      expect(await response.json()).toEqual({
        data: { viewer: { recommendations: { degraded: 'MODEL_NOT_TRAINED' } } },
      });
    },
    withinMs,
  );

  it(
    'trains each model once, however many processes start together',
    async () => {
      const fleet = [start('worker'), start('worker'), start('start'), start('start')];
      await Promise.all(fleet.slice(2).map(gateway => gateway.printed(/Affinity is ready/)));
      const stores = await createPrismaStores({ url: database.url, poolSize: 2 });
      await endOfRuns(stores);
      const { rows } = await stores.trainingRuns.page(shop, { first: 100 });
      const live = await stores.artifacts.liveOf(shop);
      await stores.close();
      expect(rows.map(({ model }) => model).sort()).toEqual([...models].sort());
      expect(rows.every(({ finishedAt }) => finishedAt !== null)).toBe(true);
      expect(live.map(({ model }) => model)).toContain('popularity');
    },
    withinMs,
  );

  /** A gateway that starts after the first model of a shop is live is ready while others train the rest. */
  const endOfRuns = async (stores: Stores): Promise<void> => {
    await waitForRuns({
      stores,
      shopId: shop,
      models,
      // The queue is in the other processes.
      queue: { depth: async () => ({ waiting: 0, active: 1 }) },
      signal: AbortSignal.timeout(withinMs),
      onProgress: () => undefined,
      onError: error => {
        throw error;
      },
    });
  };

  const storefrontToken = (): Promise<string> => tokenFor(Date.now(), 'STOREFRONT', { shop }, { secret });
});
