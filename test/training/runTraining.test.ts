import { GatewayError } from '../../src/domain/errors';
import { toUserId } from '../../src/domain/ids';
import type { TrainContext } from '../../src/learning/trainContext';
import { modelByName } from '../../src/models/registry';
import type { Snapshot } from '../../src/snapshot/snapshot';
import { runTraining } from '../../src/training/runTraining';
import { loadBroken, openShop, runOptions, shopId, start, tastefulEvents, withModel } from './support';

const events = tastefulEvents({ users: 120, events: 3_000, seed: 1 });
const month = 30 * 24 * 3_600_000;

it('publishes a model that beats popularity, with the figures of both', async () => {
  const stores = await openShop(events);
  const shares: number[] = [];
  const run = await runTraining(runOptions(stores, { onProgress: share => shares.push(share) }));
  expect(run).toMatchObject({ status: 'PUBLISHED', reason: expect.stringContaining('Beats popularity') });
  const [live] = await stores.artifacts.liveOf(shopId);
  expect(live).toMatchObject({
    id: run.artifactId,
    model: 'item-neighbours',
    metrics: run.metrics,
    isLive: true,
  });
  expect(live.config).toMatchObject({ seed: 1 });
  expect(run.metrics?.['ndcg@20']).toBeGreaterThan(2 * (run.metrics?.['baseline:ndcg@20'] ?? 1));
  expect(run.metrics).toMatchObject({ events: 3_000 });
  expect(await stores.trainingRuns.find(shopId, 'run-1')).toEqual(run);
  expect(shares).toEqual(shares.toSorted((a, b) => a - b));
  expect(shares.at(-1)).toBe(1);
});

it('refuses a broken model with a reason, and publishes nothing', async () => {
  const stores = await openShop(events);
  const run = await runTraining(runOptions(stores, { loadTrainable: loadBroken }));
  expect(run).toMatchObject({
    status: 'REJECTED',
    artifactId: null,
    reason: expect.stringContaining('Does not beat popularity'),
  });
  expect(await stores.artifacts.liveOf(shopId)).toEqual([]);
});

it('publishes nothing for the same events and seed, but for another seed or event', async () => {
  const stores = await openShop(events);
  const first = await runTraining(runOptions(stores));
  const job = { shopId, runId: 'run-2', model: 'item-neighbours', seed: 1 };
  const again = await runTraining(runOptions(stores, { job, clock: () => start + 4 * month }));
  expect(again).toMatchObject({ status: 'PUBLISHED', artifactId: first.artifactId, metrics: first.metrics });
  expect(again.reason).toContain('Nothing new');
  const options = runOptions(stores, { job: { ...job, seed: 2 }, newId: () => 'artifact-other-seed' });
  expect(await runTraining(options)).toMatchObject({ artifactId: 'artifact-other-seed' });
  await stores.interactions.insertMany(tastefulEvents({ users: 9, events: 1, seed: 3, prefix: 'new' }));
  const third = runOptions(stores, { job: { ...job, seed: 2 }, newId: () => 'artifact-other-data' });
  expect(await runTraining(third)).toMatchObject({ artifactId: 'artifact-other-data' });
});

it('gives the same bytes for the same events and seed', async () => {
  const checksums: string[] = [];
  for (const rows of [events, events.toReversed()]) {
    const stores = await openShop(rows);
    await runTraining(runOptions(stores));
    checksums.push((await stores.artifacts.liveOf(shopId))[0].checksum);
  }
  expect(checksums[0]).toBe(checksums[1]);
});

it('compares with the live artifact on events that it has not seen', async () => {
  const stores = await openShop(events);
  await runTraining(runOptions(stores));
  const later = tastefulEvents({ users: 120, events: 300, seed: 2, from: start + month, prefix: 'later' });
  await stores.interactions.insertMany(later);
  const newId = () => 'second';
  const run = await runTraining(runOptions(stores, { newId }));
  expect(run.reason).toContain('No worse than the live artifact');
  expect(run.metrics?.['live:ndcg@20']).toBeGreaterThan(0);
  expect(run.artifactId).toBe('second');
});

it('does not compare with a live artifact that has seen the held-out events', async () => {
  const stores = await openShop(events);
  await runTraining(runOptions(stores));
  const extra = tastefulEvents({ users: 120, events: 5, seed: 2, from: start + month, prefix: 'later' });
  await stores.interactions.insertMany(extra);
  const run = await runTraining(runOptions(stores, { newId: () => 'second' }));
  expect(run.metrics).not.toHaveProperty('live:ndcg@20');
  expect(run.status).toBe('PUBLISHED');
});

/** The artifact that each training of a run starts from, by end of its snapshot. */
async function startsAfter(laterEvents: number) {
  const stores = await openShop(events);
  await runTraining(runOptions(stores));
  const later = { users: 120, events: laterEvents, seed: 2, from: start + month, prefix: 'later' };
  await stores.interactions.insertMany(tastefulEvents(later));
  const model = modelByName('item-neighbours');
  const previous: (number | undefined)[] = [];
  const spied = withModel({
    ...model,
    train(snapshot, context) {
      previous.push(context.previous?.header.asOf);
      return model.train(snapshot, context);
    },
  });
  await runTraining(runOptions(stores, { loadTrainable: spied, newId: () => 'second' }));
  return { previous, liveAsOf: Math.max(...events.map(event => event.occurredAt)) };
}

it('starts a model from the live artifact if that has not seen the held-out events', async () => {
  const { previous, liveAsOf } = await startsAfter(300);
  expect(previous).toEqual([liveAsOf, liveAsOf]);
});

it('trains again, from scratch, when a setting has changed', async () => {
  const stores = await openShop(events);
  await runTraining(runOptions(stores));
  const changed = modelByName('item-neighbours', { neighbours: 7 });
  const starts: unknown[] = [];
  const loadTrainable = withModel({
    ...changed,
    train(snapshot, context) {
      starts.push(context.previous);
      return changed.train(snapshot, context);
    },
  });
  const run = await runTraining(runOptions(stores, { loadTrainable, newId: () => 'second' }));
  expect(run.reason).not.toContain('Nothing new');
  expect(starts.length).toBeGreaterThan(0);
  expect(starts.every(start => start === undefined)).toBe(true);
  const again = await runTraining(runOptions(stores, { loadTrainable, newId: () => 'third' }));
  expect(again.reason?.includes('Nothing new')).toBe(run.status === 'PUBLISHED');
});

it('starts the candidate from scratch if the live artifact has seen the held-out events', async () => {
  const { previous, liveAsOf } = await startsAfter(5);
  expect(previous).toEqual([undefined, liveAsOf]);
});

it.each(['popularity', 'trending', 'baskets'])(
  'publishes %s without a gate: it is not a personal model',
  async model => {
    const stores = await openShop(events);
    const run = await runTraining(runOptions(stores, { job: { shopId, runId: 'r', model, seed: 1 } }));
    expect(run.status).toBe('PUBLISHED');
    expect(run.metrics?.['recall@20']).toBeGreaterThan(0);
  },
);

it('reports how much data is missing', async () => {
  const stores = await openShop([]);
  const run = await runTraining(runOptions(stores));
  expect(run).toMatchObject({ status: 'REJECTED', metrics: null });
  expect(run.reason).toMatch(/TRAINING_DATA_INSUFFICIENT: Expected at least \d+ events/);
});

it('keeps the live artifact and the newest few', async () => {
  const stores = await openShop(events);
  for (let seed = 1; seed <= 5; seed++) {
    const job = { shopId, runId: `r${seed}`, model: 'popularity', seed };
    await runTraining(
      runOptions(stores, { job, clock: () => start + 3 * month + seed, newId: () => `a${seed}` }),
    );
  }
  const { rows } = await stores.artifacts.page(shopId, { first: 100 });
  expect(rows.map(row => row.id)).toEqual(['a5', 'a4', 'a3']);
});

it('records that it was cancelled, and publishes nothing', async () => {
  const stores = await openShop(events);
  const abort = new AbortController();
  const onProgress = (share: number) => share > 0.5 && abort.abort();
  const run = await runTraining(runOptions(stores, { signal: abort.signal, onProgress }));
  expect(run).toMatchObject({ status: 'CANCELLED', artifactId: null });
  expect(await stores.artifacts.liveOf(shopId)).toEqual([]);
});

it('records a bug without its message, and rethrows it', async () => {
  const stores = await openShop(events);
  const model = modelByName('item-neighbours');
  const train = () => Promise.reject(new TypeError('cannot read anna@example.com'));
  const options = runOptions(stores, { loadTrainable: withModel({ ...model, train }) });
  await expect(runTraining(options)).rejects.toThrow(TypeError);
  const run = await stores.trainingRuns.find(shopId, 'run-1');
  expect(run).toMatchObject({ status: 'FAILED', reason: expect.stringContaining('TypeError') });
  expect(run?.reason).not.toContain('anna');
});

it('trains although the live artifact is damaged', async () => {
  const stores = await openShop(events);
  await runTraining(runOptions(stores));
  const damaged = new GatewayError('ARTIFACT_DAMAGED', 'Expected a checksum; got another.');
  jest.spyOn(stores.artifacts, 'read').mockRejectedValue(damaged);
  const job = { shopId, runId: 'run-2', model: 'item-neighbours', seed: 2 };
  const run = await runTraining(runOptions(stores, { job, newId: () => 'successor' }));
  expect(run).toMatchObject({ status: 'PUBLISHED', artifactId: 'successor' });
});

it('trains again when nothing changed but the live artifact is damaged', async () => {
  const stores = await openShop(events);
  const first = await runTraining(runOptions(stores));
  const read = stores.artifacts.read.bind(stores.artifacts);
  jest.spyOn(stores.artifacts, 'read').mockImplementation(async record => {
    if (record.id === first.artifactId)
      throw new GatewayError('ARTIFACT_DAMAGED', 'Expected bytes; got others.');
    return await read(record);
  });
  const job = { shopId, runId: 'run-2', model: 'item-neighbours', seed: 1 };
  const clock = () => start + 4 * month;
  const second = await runTraining(runOptions(stores, { job, newId: () => 'mended', clock }));
  expect(second).toMatchObject({ status: 'PUBLISHED', artifactId: 'mended' });
  const third = await runTraining(runOptions(stores, { job, newId: () => 'none', clock }));
  expect(third).toMatchObject({ artifactId: 'mended', reason: expect.stringContaining('Nothing new') });
});

it('keeps the time at which the run was queued', async () => {
  const stores = await openShop(events);
  const queued = {
    ...{ shopId, id: 'run-1', model: 'item-neighbours', seed: 1, status: 'QUEUED' as const },
    ...{ snapshotDigest: null, artifactId: null, metrics: null, reason: null },
    ...{ queuedAt: 42, startedAt: null, finishedAt: null },
  };
  await stores.trainingRuns.save(queued);
  expect((await runTraining(runOptions(stores))).queuedAt).toBe(42);
});

it('measures a model on shoppers with earlier events, for any number of new ones', async () => {
  const later = tastefulEvents({ users: 400, events: 600, seed: 4, from: start + month, prefix: 'new' });
  const newcomers = later.map((event, at) => ({ ...event, userId: toUserId(`new-${at}`) }));
  const stores = await openShop([...events, ...newcomers]);
  const run = await runTraining(runOptions(stores));
  expect(run).toMatchObject({ status: 'PUBLISHED', reason: expect.stringContaining('Beats popularity') });
  expect(run.metrics?.['users']).toBeLessThanOrEqual(120);
});

it('hands a model what the run measured, and what other models published of the same data', async () => {
  const stores = await openShop(events);
  const model = modelByName('item-neighbours');
  const popularity = { name: 'popularity', settings: modelByName('popularity').settings ?? {} };
  await runTraining(
    runOptions(stores, {
      job: { shopId, runId: 'run-0', model: 'popularity', seed: 1 },
      newId: () => 'first',
    }),
  );
  const seen: { measured: string | undefined; published: (string | undefined)[] }[] = [];
  const watched = {
    ...model,
    train: async (snapshot: Snapshot, context: TrainContext) => {
      const names = [
        popularity,
        { ...popularity, settings: { other: 1 } },
        { ...popularity, name: 'markov' },
      ];
      const found = names.map(async other => await context.publishedOf?.(other, snapshot.digest));
      const published = (await Promise.all(found)).map(artifact => artifact?.header.model);
      seen.push({ measured: context.measured?.header.model, published });
      return await model.train(snapshot, context);
    },
  };
  await runTraining(runOptions(stores, { loadTrainable: withModel(watched) }));
  expect(seen).toEqual([
    { measured: undefined, published: [undefined, undefined, undefined] },
    { measured: 'item-neighbours', published: ['popularity', undefined, undefined] },
  ]);
});
