import { newId } from '../../src/main/newId';
import { createTrainer } from '../../src/main/trainer';
import { trainInThread } from '../../src/main/trainingThread';
import { modelByName } from '../../src/models/registry';
import { createRecommender } from '../../src/serving/recommender';
import { createMemoryTrainingQueue } from '../../src/store/memory/trainingQueue';
import type { Stores } from '../../src/store/ports/stores';
import { createPrismaStores } from '../../src/store/prisma/stores';
import { type Compiled, compileSources } from '../support/compiled';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { shopId, start, tastefulEvents } from '../training/support';

let compiled: Compiled;
let database: TestDatabase;
let stores: Stores;

beforeAll(async () => {
  compiled = compileSources();
  database = await createTestDatabase();
  stores = await createPrismaStores({ url: database.url, poolSize: 3 });
  await stores.shops.upsert({
    id: shopId,
    name: 'Test',
    defaultLocale: 'en',
    currency: 'USD',
  });
  await stores.interactions.insertMany(tastefulEvents({ users: 120, events: 3_000, seed: 1 }));
});
afterAll(async () => {
  await stores.close();
  await database.drop();
  compiled.remove();
});

const optionsOf = () => ({
  databaseUrl: database.url,
  threads: 2,
  entry: compiled.fileOf('main/trainingWorker.ts'),
});

it('trains every model from its own connection, and a gateway that is running swaps them in', async () => {
  const errors: unknown[] = [];
  const onError = (error: unknown) => errors.push(error);
  const recommender = createRecommender({ stores, loadModel: modelByName, newId, onError });
  await recommender.start();
  const queue = createMemoryTrainingQueue();
  const statuses: string[] = [];
  let onAll: () => void = () => undefined;
  const all = new Promise<void>(resolve => {
    onAll = resolve;
  });
  const names = ['popularity', 'trending', 'item-neighbours', 'collaborative'];
  const trainer = createTrainer({
    ...optionsOf(),
    stores,
    queue,
    cards: names.map(name => modelByName(name).card),
    retrainMinutes: 0,
    clock: Date.now,
    newId,
    onError,
    onRun({ model, status }) {
      statuses.push(`${model} ${status}`);
      if (statuses.length === names.length) onAll();
    },
  });
  await trainer.start();
  expect(await trainer.queueTrainings()).toHaveLength(names.length);
  await all;
  await trainer.stop();
  expect(statuses.toSorted()).toEqual(names.map(name => `${name} PUBLISHED`).toSorted());
  await recommender.refresh(shopId);
  expect(recommender.status(shopId).map(live => live.model)).toEqual(expect.arrayContaining(names));
  expect(errors).toEqual([]);
  await recommender.stop();
});

it('reports progress, and ends as cancelled', async () => {
  const abort = new AbortController();
  const shares: number[] = [];
  const job = { shopId, runId: newId(start), model: 'collaborative', seed: 7 };
  const context = {
    signal: abort.signal,
    onProgress(share: number) {
      shares.push(share);
      abort.abort();
    },
  };
  const run = await trainInThread(job, context, optionsOf());
  expect(run).toMatchObject({ status: 'CANCELLED', artifactId: null });
  expect(shares[0]).toBeGreaterThan(0);
  expect(await stores.trainingRuns.find(shopId, job.runId)).toMatchObject({ status: 'CANCELLED' });
});

it('reports that the database could not be reached, and the process continues', async () => {
  const job = { shopId, runId: newId(start), model: 'popularity', seed: 1 };
  const context = { signal: new AbortController().signal, onProgress: () => undefined };
  const options = { ...optionsOf(), databaseUrl: 'postgresql://nobody@127.0.0.1:1/none' };
  await expect(trainInThread(job, context, options)).rejects.toMatchObject({ code: 'UNAVAILABLE' });
});
