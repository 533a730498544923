import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { toShopId } from '../../src/domain/ids';
import { createTrainer, type Trainer, type TrainerOptions } from '../../src/main/trainer';
import { modelByName } from '../../src/models/registry';
import { createMemoryTrainingQueue } from '../../src/store/memory/trainingQueue';
import type { Stores } from '../../src/store/ports/stores';
import type { TrainingQueue } from '../../src/store/ports/trainingQueue';
import type { TrainingRunRecord } from '../../src/store/ports/trainingRun';
import { artifact } from '../conformance/stores/promise';
import { openShop, shopId, start, tastefulEvents } from '../training/support';

const day = 86_400_000;
const folder = mkdtempSync(join(tmpdir(), 'affinity-trainer-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A thread that does what the model of its job names. */
const entry = join(folder, 'thread.cjs');
writeFileSync(
  entry,
  `const { parentPort, workerData: { job } } = require('node:worker_threads');
const finished = status => ({
  kind: 'finished',
  run: { shopId: job.shopId, id: job.runId, model: job.model, status, seed: job.seed, snapshotDigest: null,
    artifactId: null, metrics: null, reason: null, queuedAt: 1, startedAt: 2, finishedAt: 3 },
});
if (job.model === 'good') {
  parentPort.postMessage({ kind: 'progress', share: 0.5 });
  parentPort.postMessage(finished('PUBLISHED'));
}
if (job.model === 'throws') setImmediate(() => { throw new TypeError('cannot read anna@example.com'); });
if (job.model === 'exits') process.exit(3);
if (job.model === 'heeds') parentPort.on('message', () => parentPort.postMessage(finished('CANCELLED')));
if (job.model === 'deaf') setInterval(() => undefined, 1_000);
`,
);

interface Opened {
  readonly stores: Stores;
  readonly queue: TrainingQueue;
  readonly trainer: Trainer;
  readonly errors: unknown[];
  /** The next run that ends. */
  ended(): Promise<TrainingRunRecord>;
  /** Queues a run of a model, recorded as GraphQL records it. */
  add(model: string): Promise<string>;
}

async function open(threads = 1, more: Partial<TrainerOptions> = {}): Promise<Opened> {
  const stores = await openShop(tastefulEvents({ users: 40, events: 200, seed: 1 }));
  const queue = createMemoryTrainingQueue();
  const errors: unknown[] = [];
  const ended: TrainingRunRecord[] = [];
  const waiting: ((run: TrainingRunRecord) => void)[] = [];
  let ids = 0;
  const trainer = createTrainer({
    databaseUrl: 'postgresql://nowhere',
    threads,
    entry,
    graceMs: 50,
    stores,
    queue,
    cards: [modelByName('item-neighbours').card, modelByName('popularity').card],
    retrainMinutes: 60,
    clock: () => start + 60 * day,
    newId: () => `run-${ids++}`,
    onError: error => errors.push(error),
    onRun(run) {
      const heard = waiting.shift();
      if (heard === undefined) ended.push(run);
      else heard(run);
    },
    ...more,
  });
  return {
    stores,
    queue,
    trainer,
    errors,
    ended() {
      const run = ended.shift();
      return run === undefined ? new Promise(resolve => waiting.push(resolve)) : Promise.resolve(run);
    },
    async add(model) {
      const id = `asked-${ids++}`;
      const nothingYet = { snapshotDigest: null, artifactId: null, metrics: null, reason: null };
      const times = { queuedAt: 1, startedAt: null, finishedAt: null };
      await stores.trainingRuns.save({
        shopId,
        id,
        model,
        status: 'QUEUED',
        seed: 1,
        ...nothingYet,
        ...times,
      });
      await queue.add({ shopId, runId: id, model, seed: 1 });
      return id;
    },
  };
}

it.each([
  [1, 1],
  [2, 2],
  [8, 2],
])('runs with %d threads %d jobs at once', async (threads, atOnce) => {
  const { trainer, queue, add } = await open(threads);
  for (let jobs = 0; jobs < 3; jobs++) await add('heeds');
  await trainer.start();
  expect(await queue.depth()).toEqual({ waiting: 3 - atOnce, active: atOnce });
  await trainer.stop();
  expect(await queue.depth()).toEqual({ waiting: 3, active: 0 });
});

it('lets a job in the background wait for those that run, and gives it back when it stops', async () => {
  const { trainer, queue, stores, add } = await open(2, { isBackground: model => model === 'good' });
  await add('heeds');
  const id = await add('good');
  await trainer.start();
  await new Promise(resolve => setTimeout(resolve, 50));
  expect(await stores.trainingRuns.find(shopId, id)).toMatchObject({ status: 'QUEUED', startedAt: null });
  await trainer.stop();
  expect(await queue.depth()).toEqual({ waiting: 2, active: 0 });
  const alone = await open(2, { isBackground: model => model === 'good' });
  await alone.add('throws');
  await alone.add('good');
  await alone.trainer.start();
  expect([(await alone.ended()).model, (await alone.ended()).model]).toEqual(['throws', 'good']);
  await alone.trainer.stop();
});

it.each([
  [1, ['popularity', 'ensemble']],
  [2, ['ensemble', 'popularity']],
])(
  'with %d threads queues %j: a model of others first where two jobs run at once',
  async (threads, names) => {
    const cards = ['popularity', 'ensemble'].map(name => modelByName(name).card);
    const { trainer } = await open(threads, { cards });
    expect((await trainer.queueFirstTrainings()).map(({ model }) => model)).toEqual(names);
  },
);

it('runs a job in a thread and reports its end', async () => {
  const { trainer, ended, add, errors } = await open();
  await trainer.start();
  const id = await add('good');
  expect(await ended()).toMatchObject({ id, status: 'PUBLISHED' });
  expect(errors).toEqual([]);
  await trainer.stop();
});

it('removes what is past its retention when it starts, not only after an hour', async () => {
  const { trainer, stores, errors } = await open();
  await stores.shops.changePolicy(shopId, { 'retention.interactionDays': 40 });
  const before = await stores.interactions.count(shopId);
  await trainer.start();
  await trainer.stop();
  const { rows } = await stores.interactions.page(shopId, { first: 1 });
  expect(await stores.interactions.count(shopId)).toBeLessThan(before);
  expect(rows[0].occurredAt).toBeGreaterThanOrEqual(start + 20 * day);
  expect(errors).toEqual([]);
});

it.each(['throws', 'exits'])(
  'records FAILED when a thread %s, without its words, and takes the next job',
  async how => {
    const { trainer, stores, ended, add, errors } = await open();
    await trainer.start();
    const id = await add(how);
    expect(await ended()).toMatchObject({ id, status: 'FAILED', finishedAt: start + 60 * day });
    const run = await stores.trainingRuns.find(shopId, id);
    expect(run?.reason).toContain('Expected the training thread to finish');
    expect(run?.reason).not.toContain('anna');
    expect(errors).toHaveLength(1);
    await add('good');
    expect(await ended()).toMatchObject({ status: 'PUBLISHED' });
    await trainer.stop();
  },
);

it.each(['heeds', 'deaf'])('returns the running job to the queue on stop, when its thread %s', async how => {
  const { trainer, stores, queue, add, errors } = await open();
  await trainer.start();
  const id = await add(how);
  await trainer.stop();
  expect(await queue.depth()).toEqual({ waiting: 1, active: 0 });
  expect(await stores.trainingRuns.find(shopId, id)).toMatchObject({ status: 'QUEUED', finishedAt: null });
  expect(errors).toEqual([]);
});

it('queues trainings when a shop has new events, and none otherwise', async () => {
  const { trainer, stores, queue } = await open();
  expect((await trainer.queueTrainings()).map(job => job.model)).toEqual(['item-neighbours', 'popularity']);
  expect(await trainer.queueTrainings()).toEqual([]);
  await stores.interactions.insertMany(tastefulEvents({ users: 5, events: 1, seed: 9, prefix: 'new' }));
  // Both are still queued, and will read the new event when they start.
  expect(await trainer.queueTrainings()).toEqual([]);
  expect(await queue.depth()).toEqual({ waiting: 2, active: 0 });
});

it('queues the first trainings of a shop once, also when they leave no model', async () => {
  const { trainer, queue, stores } = await open();
  const names = (await trainer.queueFirstTrainings()).map(job => job.model);
  expect(names).toEqual(['item-neighbours', 'popularity']);
  const stop = await queue.process(async () => undefined);
  while ((await queue.depth()).waiting + (await queue.depth()).active > 0) await new Promise(setImmediate);
  await stop();
  expect(await stores.artifacts.liveOf(shopId)).toEqual([]);
  expect(await trainer.queueFirstTrainings()).toEqual([]);
});

it('queues the first trainings of a shop when it gets its events', async () => {
  const { trainer, stores } = await open();
  const later = toShopId('later');
  await stores.shops.upsert({ id: later, name: 'Later', defaultLocale: 'en', currency: 'EUR' });
  await trainer.queueFirstTrainings();
  expect(await trainer.queueFirstTrainings()).toEqual([]);
  const events = tastefulEvents({ users: 40, events: 200, seed: 2 });
  await stores.interactions.insertMany(events.map(event => ({ ...event, shopId: later })));
  expect((await trainer.queueFirstTrainings()).map(job => job.shopId)).toEqual([later, later]);
});

it('queues again when the event weights of a shop change, and not for other settings', async () => {
  const { trainer, stores, queue } = await open();
  const names = (await trainer.queueTrainings()).map(job => job.model);
  const stop = await queue.process(async () => undefined);
  while ((await queue.depth()).waiting + (await queue.depth()).active > 0) await new Promise(setImmediate);
  await stop();
  await stores.shops.changePolicy(shopId, { 'newcomers.every': 3 });
  expect(await trainer.queueTrainings()).toEqual([]);
  await stores.shops.changePolicy(shopId, { 'eventWeights.VIEW': 2 });
  expect((await trainer.queueTrainings()).map(job => job.model)).toEqual(names);
  expect(await trainer.queueTrainings()).toEqual([]);
});

it('removes expired data', async () => {
  const { trainer, stores } = await open();
  await stores.shops.changePolicy(shopId, { 'retention.interactionDays': 1 });
  expect(await trainer.purge()).toEqual({ lists: 0, predictions: 0, interactions: 200 });
});

it('leaves a job whose run was closed meanwhile', async () => {
  const { stores, queue, trainer, add, ended } = await open();
  const id = await add('good');
  const run = await stores.trainingRuns.find(shopId, id);
  if (run === null) throw new Error('Expected a run; there is none.');
  const closed = { ...run, status: 'FAILED' as const, reason: 'died', finishedAt: 5 };
  await stores.trainingRuns.save(closed);
  await trainer.start();
  await add('good');
  expect((await ended()).id).not.toBe(id);
  expect(await stores.trainingRuns.find(shopId, id)).toEqual(closed);
  expect(await queue.stateOf(id)).toBe('ended');
  await trainer.stop();
});

it('queues a damaged model again although nothing else changed', async () => {
  const { stores, queue, trainer } = await open();
  expect((await trainer.queueTrainings()).map(({ model }) => model)).toEqual([
    'item-neighbours',
    'popularity',
  ]);
  const stop = await queue.process(async () => undefined);
  while ((await queue.depth()).waiting + (await queue.depth()).active > 0) await new Promise(setImmediate);
  await stop();
  expect(await trainer.queueTrainings()).toEqual([]);
  const damaged = artifact(shopId, 'damaged', { model: 'popularity', checksum: 'a'.repeat(64) });
  await stores.artifacts.save(damaged, Uint8Array.from([1]));
  await stores.artifacts.publish(shopId, 'damaged', start);
  expect((await trainer.queueTrainings()).map(({ model }) => model)).toEqual(['popularity']);
});
