import { randomUUID } from 'node:crypto';
import { toShopId } from '../../src/domain/ids';
import { createTrainingQueue } from '../../src/store/bullmq/trainingQueue';
import { createMemoryTrainingQueue } from '../../src/store/memory/trainingQueue';
import type { TrainingJob, TrainingJobContext, TrainingQueue } from '../../src/store/ports/trainingQueue';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { hasRedis, prepareRedis } from '../support/redisServer';

const job = (): TrainingJob => ({
  shopId: toShopId('shop'),
  runId: randomUUID(),
  model: 'trending',
  seed: 7,
});

/** A promise with its resolve function. */
function gate<Value = void>() {
  let open: (value: Value) => void = () => undefined;
  const opened = new Promise<Value>(resolve => {
    open = resolve;
  });
  return { open, opened };
}

/** Resolves when the signal is aborted. */
const aborted = ({ signal }: TrainingJobContext) =>
  new Promise<never>((_, reject) => {
    const fail = () => reject(new Error('aborted'));
    if (signal.aborted) fail();
    else signal.addEventListener('abort', fail);
  });

async function drain(queue: TrainingQueue): Promise<void> {
  for (let look = 0; look < 10_000; look++) {
    const { waiting, active } = await queue.depth();
    if (waiting + active === 0) return;
    await new Promise(setImmediate);
  }
  throw new Error('Expected the queue to drain; it did not.');
}

/** Creates a queue over a Redis of its own, which ends with the queue. */
async function createQueueInRedis(databaseUrl: string): Promise<TrainingQueue> {
  const redis = await prepareRedis();
  await redis.start();
  const queue = await createTrainingQueue({ databaseUrl, redisUrl: redis.url });
  return {
    ...queue,
    async close() {
      await queue.close();
      await redis.remove();
    },
  };
}

const kinds: readonly (readonly [string, (url: string) => Promise<TrainingQueue>])[] = [
  ['in memory', async () => createMemoryTrainingQueue()],
  ['over BullMQ in PostgreSQL', databaseUrl => createTrainingQueue({ databaseUrl, redisUrl: null })],
  ...(hasRedis ? [['over BullMQ in Redis', createQueueInRedis] as const] : []),
];

describe.each(kinds)('a training queue %s', (_, make) => {
  let database: TestDatabase;
  let queue: TrainingQueue;
  beforeEach(async () => {
    database = await createTestDatabase();
    queue = await make(database.url);
  });
  afterEach(async () => {
    await queue.close();
    await database.drop();
  });

  it('delivers each job unchanged and once, one at a time', async () => {
    const jobs = [job(), job(), job()];
    const [taken, most] = [[] as TrainingJob[], { now: 0, ever: 0 }];
    for (const one of [...jobs, jobs[0]]) await queue.add(one);
    expect(await queue.depth()).toEqual({ waiting: 3, active: 0 });
    await queue.process(async (one, { onProgress, signal }) => {
      most.ever = Math.max(most.ever, ++most.now);
      taken.push(one);
      onProgress(0.5);
      expect(signal.aborted).toBe(false);
      await new Promise(setImmediate);
      most.now--;
    });
    await drain(queue);
    await queue.add(jobs[1]);
    await drain(queue);
    expect(taken).toEqual(jobs);
    expect(most.ever).toBe(1);
  });

  it('delivers as many jobs at once as asked for, and queues all of them again when it stops', async () => {
    const jobs = [job(), job(), job()];
    for (const one of jobs) await queue.add(one);
    const [both, taken] = [gate(), [] as string[]];
    const stop = await queue.process(async ({ runId }, context) => {
      taken.push(runId);
      if (taken.length === 2) both.open();
      await aborted(context);
    }, 2);
    await both.opened;
    expect(await queue.depth()).toEqual({ waiting: 1, active: 2 });
    expect(taken.toSorted()).toEqual([jobs[0].runId, jobs[1].runId].toSorted());
    await stop();
    expect(await queue.depth()).toEqual({ waiting: 3, active: 0 });
    const again: string[] = [];
    await queue.process(async ({ runId }) => {
      again.push(runId);
    });
    await drain(queue);
    expect(again.toSorted()).toEqual(jobs.map(({ runId }) => runId).toSorted());
  });

  it('returns the state of a job', async () => {
    const one = job();
    expect(await queue.stateOf(one.runId)).toBe('absent');
    await queue.add(one);
    expect(await queue.stateOf(one.runId)).toBe('pending');
    const during = gate<string>();
    await queue.process(async ({ runId }) => during.open(await queue.stateOf(runId)));
    expect(await during.opened).toBe('pending');
    await drain(queue);
    expect(await queue.stateOf(one.runId)).toBe('ended');
  });

  it('processes a job that arrives while idle, and continues after one that throws', async () => {
    const [first, second] = [job(), job()];
    const done = gate<string>();
    await queue.process(async one => {
      if (one.runId === first.runId) throw new Error('no data');
      done.open(one.runId);
    });
    await queue.add(first);
    await queue.add(second);
    expect(await done.opened).toBe(second.runId);
    await drain(queue);
  });

  it('aborts the active job when it stops, and queues it again', async () => {
    const [one, started, again] = [job(), gate(), gate<string>()];
    await queue.add(one);
    const stop = await queue.process(async (_job, context) => {
      started.open();
      await aborted(context);
    });
    await started.opened;
    expect(await queue.depth()).toEqual({ waiting: 0, active: 1 });
    await stop();
    expect(await queue.depth()).toEqual({ waiting: 1, active: 0 });
    await queue.process(async ({ runId }) => again.open(runId));
    expect(await again.opened).toBe(one.runId);
  });

  it('does not repeat a job that completes although it was aborted', async () => {
    const started = gate();
    await queue.add(job());
    const stop = await queue.process(async (_job, context) => {
      started.open();
      await aborted(context).catch(() => undefined);
    });
    await started.opened;
    await stop();
    expect(await queue.depth()).toEqual({ waiting: 0, active: 0 });
  });
});

describe('a training queue over BullMQ', () => {
  it('throws UNAVAILABLE when its database is unreachable', async () => {
    const databaseUrl = 'postgresql://affinity:secret@127.0.0.1:1/affinity';
    await expect(createTrainingQueue({ databaseUrl, redisUrl: null })).rejects.toMatchObject({
      code: 'UNAVAILABLE',
      message: expect.not.stringContaining('secret'),
    });
  });
});
