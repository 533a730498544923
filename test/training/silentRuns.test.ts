import { createMemoryTrainingQueue } from '../../src/store/memory/trainingQueue';
import type { Stores } from '../../src/store/ports/stores';
import type { TrainingQueue } from '../../src/store/ports/trainingQueue';
import type { TrainingRunRecord } from '../../src/store/ports/trainingRun';
import { settleSilentRuns, withHeartbeat } from '../../src/training/silentRuns';
import { openShop, shopId, start } from './support';

const now = start + 1_000;

const run = (id: string, status: TrainingRunRecord['status']): TrainingRunRecord => ({
  ...{ shopId, id, model: 'trending', status, seed: 3, queuedAt: start, finishedAt: null },
  ...{ startedAt: status === 'RUNNING' ? start : null },
  ...{ snapshotDigest: null, artifactId: null, metrics: null, reason: null },
});

const job = (runId: string) => ({ shopId, runId, model: 'trending', seed: 3 });

/** Adds a job and lets it end. */
async function endJob(queue: TrainingQueue, runId: string): Promise<void> {
  await queue.add(job(runId));
  const stop = await queue.process(async () => undefined);
  while ((await queue.stateOf(runId)) !== 'ended') await new Promise(setImmediate);
  await stop();
}

async function statusOf(stores: Stores, id: string) {
  const found = await stores.trainingRuns.find(shopId, id);
  return found === null ? null : [found.status, found.finishedAt];
}

it('fails a running run whose worker died, or queues it while its job waits for another', async () => {
  const [stores, queue] = [await openShop([]), createMemoryTrainingQueue()];
  await endJob(queue, 'ended');
  await queue.add(job('waits'));
  for (const id of ['ended', 'waits', 'foreground']) await stores.trainingRuns.save(run(id, 'RUNNING'));
  const changed = await settleSilentRuns({ stores, queue, now, silentMs: 0 });
  expect(changed).toHaveLength(3);
  expect(await statusOf(stores, 'ended')).toEqual(['FAILED', now]);
  expect(await statusOf(stores, 'foreground')).toEqual(['FAILED', now]);
  expect(await statusOf(stores, 'waits')).toEqual(['QUEUED', null]);
  const reason = (await stores.trainingRuns.find(shopId, 'foreground'))?.reason;
  expect(reason).toMatch(/^Expected a heartbeat of the run's worker/);
});

it('queues a lost job again, leaves a waiting one, and fails a run whose job ended without starting it', async () => {
  const [stores, queue] = [await openShop([]), createMemoryTrainingQueue()];
  await endJob(queue, 'ended');
  await queue.add(job('waits'));
  for (const id of ['ended', 'waits', 'lost']) await stores.trainingRuns.save(run(id, 'QUEUED'));
  const changed = await settleSilentRuns({ stores, queue, now, silentMs: 0 });
  expect(changed.map(({ id }) => id)).toEqual(['ended']);
  expect(await queue.depth()).toEqual({ waiting: 2, active: 0 });
  expect(await queue.stateOf('lost')).toBe('pending');
  expect(await statusOf(stores, 'lost')).toEqual(['QUEUED', null]);
});

it('fails running runs and leaves queued ones while the queue does not respond', async () => {
  const stores = await openShop([]);
  const gone = () => Promise.reject(new Error('gone'));
  await stores.trainingRuns.save(run('queued', 'QUEUED'));
  await stores.trainingRuns.save(run('running', 'RUNNING'));
  await settleSilentRuns({ stores, queue: { add: gone, stateOf: gone }, now, silentMs: 0 });
  expect(await statusOf(stores, 'queued')).toEqual(['QUEUED', null]);
  expect(await statusOf(stores, 'running')).toEqual(['FAILED', now]);
});

it('leaves runs that are reported, and finished ones', async () => {
  const [stores, queue] = [await openShop([]), createMemoryTrainingQueue()];
  await stores.trainingRuns.save(run('alive', 'RUNNING'));
  await stores.trainingRuns.save({ ...run('done', 'PUBLISHED'), finishedAt: start });
  expect(await settleSilentRuns({ stores, queue, now })).toEqual([]);
  expect(await statusOf(stores, 'alive')).toEqual(['RUNNING', null]);
});

it('reports a run at intervals until its work ends', async () => {
  jest.useFakeTimers();
  try {
    const beats: string[] = [];
    const beat = async (_: unknown, id: string): Promise<void> => {
      beats.push(id);
      throw new Error('no database');
    };
    const trainingRuns = { beat } as unknown as Stores['trainingRuns'];
    await withHeartbeat({ trainingRuns }, job('one'), async () => {
      await jest.advanceTimersByTimeAsync(45_000);
    });
    await jest.advanceTimersByTimeAsync(45_000);
    expect(beats).toEqual(['one', 'one', 'one']);
  } finally {
    jest.useRealTimers();
  }
});
