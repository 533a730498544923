import { writeFileSync } from 'node:fs';
import { encodeArtifact } from '../../src/artifact/encode';
import { GatewayError } from '../../src/domain/errors';
import { createThreadPool, type WorkerThreadPool } from '../../src/main/threads';
import { collaborative } from '../../src/models/collaborative/model';
import { threadTasks } from '../../src/models/threadTasks';
import { serialThreadPool, type ThreadPool } from '../../src/numeric/threadPool';
import { type Compiled, compileSources } from '../support/compiled';
import { snapshotOf } from '../support/snapshots';

/** Tasks that test how the pool handles results, errors and threads that end. */
const trialTasks = `
const { GatewayError } = require('../domain/errors');
exports.threadTasks = {
  double: ({ value }) => 2 * value,
  add: ({ memory, by }) => Atomics.add(new Int32Array(memory), 0, by),
  later: async ({ value }) => { await new Promise(resolve => setImmediate(resolve)); return value; },
  refuse: () => { throw new GatewayError('CANCELLED', 'Expected more; got less.', { model: 'trial' }); },
  fail: () => { throw new TypeError('a bug'); },
  unclonable: () => () => 1,
  die: () => process.exit(3),
};
`;

let compiled: Compiled;
let trial: Compiled;
let pool: WorkerThreadPool;

beforeAll(() => {
  compiled = compileSources();
  trial = compileSources();
  writeFileSync(trial.fileOf('models/threadTasks.ts'), trialTasks);
  pool = createThreadPool(2, trial.fileOf('main/threadWorker.ts'));
});

afterAll(async () => {
  await pool.close();
  compiled.remove();
  trial.remove();
});

describe('createThreadPool', () => {
  it('returns results in the order of the payloads, with more payloads than threads', async () => {
    const values = Array.from({ length: 25 }, (_, value) => value);
    const payloads = values.map(value => ({ value }));
    expect(await pool.run('double', payloads)).toEqual(values.map(value => 2 * value));
    expect(await pool.run('later', payloads)).toEqual(values);
    expect(await pool.run('double', [])).toEqual([]);
  });

  it('shares memory with its threads', async () => {
    const memory = new SharedArrayBuffer(4);
    await pool.run(
      'add',
      [1, 2, 3, 4].map(by => ({ memory, by })),
    );
    expect(new Int32Array(memory)[0]).toBe(10);
  });

  it('rejects with the error of the task, a GatewayError as itself', async () => {
    const refused = pool.run('refuse', [{}]);
    await expect(refused).rejects.toBeInstanceOf(GatewayError);
    await expect(refused).rejects.toMatchObject({ code: 'CANCELLED', details: { model: 'trial' } });
    await expect(pool.run('fail', [{}])).rejects.toMatchObject({ name: 'TypeError', message: 'a bug' });
    await expect(pool.run('nothing', [{}])).rejects.toThrow(/nothing/);
    await expect(pool.run('unclonable', [{}])).rejects.toThrow(/clone/);
  });

  it('fails the payload of a thread that dies, and continues', async () => {
    await expect(pool.run('die', [{}])).rejects.toThrow(/code 3/);
    expect(await pool.run('double', [{ value: 4 }])).toEqual([8]);
  });

  it('rejects running and waiting payloads when it is closed', async () => {
    const own = createThreadPool(1, trial.fileOf('main/threadWorker.ts'));
    const running = own.run('later', [{ value: 1 }, { value: 2 }]);
    await Promise.all([own.close(), expect(running).rejects.toMatchObject({ code: 'CANCELLED' })]);
  });

  it.each([0, 1.5, Number.NaN])('refuses %p threads', size => {
    expect(() => createThreadPool(size)).toThrow(RangeError);
  });
});

describe('training collaborative on threads', () => {
  /** 300 users of five tastes. */
  const snapshot = () =>
    snapshotOf(
      Array.from({ length: 300 * 12 }, (_, event) => {
        const user = Math.floor(event / 12);
        return {
          user: `u${user}`,
          product: `p${5 * ((event * 7 + user * user) % 40) + (user % 5)}`,
          at: event,
        };
      }),
    );

  const bytesWith = async (threads: ThreadPool): Promise<Buffer> => {
    const context = { seed: 3, threads, onProgress: () => undefined, signal: new AbortController().signal };
    const artifact = await collaborative({ rank: 20, epochs: 3 }).train(await snapshot(), context);
    return Buffer.from(await encodeArtifact(artifact));
  };

  it('gives the same bytes on one, two and three threads as on none', async () => {
    const expected = await bytesWith(serialThreadPool(threadTasks));
    for (const size of [1, 2, 3]) {
      const threads = createThreadPool(size, compiled.fileOf('main/threadWorker.ts'));
      const found = await bytesWith(threads);
      await threads.close();
      expect(found.equals(expected)).toBe(true);
    }
  });
});
