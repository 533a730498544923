import { waitForRuns } from '../../src/main/firstModels';
import { createMemoryStores } from '../../src/store/memory/stores';
import type { TrainingRunRecord } from '../../src/store/ports/trainingRun';
import { shopId, start } from '../training/support';

const run = (model: string, given: Partial<TrainingRunRecord> = {}): TrainingRunRecord => ({
  ...{ shopId, id: `run-${model}`, model, status: 'QUEUED', seed: 1, snapshotDigest: null, artifactId: null },
  ...{ metrics: null, reason: null, queuedAt: start, startedAt: null, finishedAt: null },
  ...given,
});
const ended = { status: 'PUBLISHED', finishedAt: start + 1 } as const;

async function setUp(runs: readonly TrainingRunRecord[]) {
  const stores = createMemoryStores();
  for (const one of runs) await stores.trainingRuns.save(one);
  const abort = new AbortController();
  const progress: string[] = [];
  const errors: unknown[] = [];
  let depth = { waiting: 1, active: 0 };
  /** Called at every look, before the next one. */
  let onLook: (look: number) => Promise<void> = async () => undefined;
  let looks = 0;
  const wait = (models: readonly string[]) =>
    waitForRuns({
      stores,
      queue: {
        depth: async () => {
          await onLook(++looks);
          return depth;
        },
      },
      shopId,
      models,
      signal: abort.signal,
      onError: error => void errors.push(error),
      onProgress: ({ ended: done, of, model }) => void progress.push(`${done}/${of} ${model}`),
      pollMs: 1,
    });
  return {
    stores,
    abort,
    progress,
    errors,
    wait,
    empty: () => {
      depth = { waiting: 0, active: 0 };
    },
    whenLooking: (work: typeof onLook) => {
      onLook = work;
    },
  };
}

describe('the wait for the first models', () => {
  it('ends with the last run, and names the model in progress', async () => {
    const { stores, wait, whenLooking, progress } = await setUp([run('a'), run('b'), run('insight')]);
    whenLooking(async look => {
      if (look === 1) await stores.trainingRuns.save(run('a', { status: 'RUNNING', startedAt: start }));
      if (look === 2) await stores.trainingRuns.save(run('a', ended));
      if (look === 3) await stores.trainingRuns.save(run('b', { ...ended, status: 'REJECTED' }));
    });
    const runs = await wait(['a', 'b', 'of-no-run']);
    expect(runs.map(({ model, status }) => [model, status])).toEqual([
      ['a', 'PUBLISHED'],
      ['b', 'REJECTED'],
    ]);
    expect(progress).toEqual(['0/2 a', '0/2 a', '1/2 b', '2/2 ']);
  });

  it('ends at once when nothing was queued', async () => {
    const { wait } = await setUp([]);
    expect(await wait(['a'])).toEqual([]);
  });

  it('ends when a stop is requested', async () => {
    const { wait, abort, whenLooking } = await setUp([run('a')]);
    whenLooking(async () => abort.abort());
    expect(await wait(['a'])).toMatchObject([{ status: 'QUEUED' }]);
  });

  it('goes on after a look that fails', async () => {
    const { stores, wait, whenLooking, errors } = await setUp([run('a')]);
    whenLooking(async look => {
      if (look === 1) throw new Error('the database restarts');
      await stores.trainingRuns.save(run('a', ended));
    });
    expect(await wait(['a'])).toMatchObject([{ status: 'PUBLISHED' }]);
    expect(errors).toHaveLength(1);
  });

  it('ends when the queue has lost the jobs', async () => {
    const { wait, empty } = await setUp([run('a')]);
    empty();
    expect(await wait(['a'])).toMatchObject([{ status: 'QUEUED' }]);
  });
});
