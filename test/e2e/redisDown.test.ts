// A gateway whose Redis is down when it starts.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { toShopId } from '../../src/domain/ids';
import { createPrismaStores } from '../../src/store/prisma/stores';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { type ProgramProcess, startProgram } from '../support/programProcess';
import { hasRedis, prepareRedis, type RedisServer } from '../support/redisServer';
import { tokenFor } from '../support/tokens';

const root = join(__dirname, '..', '..');
const withinMs = 120_000;
const secret = 'a secret of tests only, thirty-two characters';
const shop = toShopId('shop');

const describeWithRedis = hasRedis ? describe : describe.skip;
if (!hasRedis)
  console.warn('Expected redis-server for the test of a Redis that is down; got none: it does not run.');

describeWithRedis('a gateway that starts while Redis is down', () => {
  let database: TestDatabase;
  let dataDir: string;
  let redis: RedisServer;
  let program: ProgramProcess | null = null;

  beforeAll(async () => {
    database = await createTestDatabase();
    dataDir = mkdtempSync(join(tmpdir(), 'affinity-redis-down-'));
    redis = await prepareRedis();
    const stores = await createPrismaStores({ url: database.url, poolSize: 2 });
    await stores.shops.upsert({ id: shop, name: 'Shop', defaultLocale: 'en', currency: 'EUR' });
    await stores.close();
  }, withinMs);

  afterAll(async () => {
    program?.kill();
    await redis.remove();
    await database.drop();
    rmSync(dataDir, { recursive: true, force: true });
  });

  it(
    'listens, serves, is degraded, refuses trainings, and recovers when Redis comes',
    async () => {
      program = startProgram([process.execPath, 'bin/affinity.mjs', 'start'], {
        cwd: root,
        env: {
          ...{ DATABASE_URL: database.url, REDIS_URL: redis.url, AFFINITY_DATA_DIR: dataDir, PORT: '0' },
          ...{ AFFINITY_JWT_SECRET: secret, AFFINITY_DEMO: 'false', AFFINITY_MODELS: 'popularity' },
        },
      });
      await program.printed(/Expected a Redis at .* Until it responds, no training starts/);
      const [, url] = await program.printed(/GraphQL +(http:\S+)\/graphql/);
      const readiness = async () => {
        const response = await fetch(`${url}/health/ready`);
        return { status: response.status, body: (await response.json()) as { readonly status: string } };
      };
      const admin = await tokenFor(Date.now(), 'ADMIN', { shop }, { secret });
      const ask = async (query: string) => {
        const response = await fetch(`${url}/graphql`, {
          method: 'POST',
          headers: { 'content-type': 'application/json', authorization: `Bearer ${admin}` },
          body: JSON.stringify({ query }),
        });
        return { status: response.status, text: await response.text() };
      };
      const train = () =>
        ask(
          'mutation { trainingStart(input: { model: "popularity" }) { trainingRun { status } userErrors { code } } }',
        );

      expect(await readiness()).toMatchObject({
        status: 200,
        body: { status: 'degraded', missing: ['jobQueue'], parts: { database: true, models: true } },
      });
      const list = await ask('{ viewer(userId: "u") { recommendations(first: 3) { degraded } } }');
      expect(JSON.parse(list.text)).toEqual({
        data: { viewer: { recommendations: { degraded: expect.any(String) } } },
      });
      const refused = await train();
      expect([refused.status, refused.text]).toEqual([503, expect.stringContaining('UNAVAILABLE')]);

      await redis.start();
      while ((await readiness()).body.status !== 'ready') await new Promise(setImmediate);
      expect((await train()).text).toContain('"QUEUED"');
    },
    withinMs,
  );
});
