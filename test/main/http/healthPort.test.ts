import { execFileSync } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Readiness } from '../../../src/main/http/health';
import { startHealthPort } from '../../../src/main/http/healthPort';
import { createHealthListener } from '../../../src/main/http/healthWorker';
import { type Compiled, compileSources } from '../../support/compiled';

const ready: Readiness = { status: 200, body: { status: 'ready', parts: { database: true } } };
const noError = (error: unknown) => {
  throw error;
};

describe('a health port', () => {
  let compiled: Compiled;
  let entry: string;
  beforeAll(() => {
    compiled = compileSources();
    entry = compiled.fileOf('main/http/healthWorker.ts');
  });
  afterAll(() => compiled.remove());

  const start = (port = 0) =>
    startHealthPort({ host: '127.0.0.1', port, readiness: async () => ready, onError: noError, entry });

  it('responds while the main thread is blocked', async () => {
    const { url, close } = await start();
    try {
      const script = `fetch('${url}/health/live').then(async r => console.log(r.status, await r.text()))`;
      // execFileSync blocks the event loop of this thread until the other process has its response.
      const seen = execFileSync(process.execPath, ['-e', script], { encoding: 'utf8' });
      expect(seen.trim()).toBe('200 {"status":"live"}');
    } finally {
      await close();
    }
  });

  it('refuses to start on a port that is taken, and names its setting', async () => {
    const other = createServer();
    await new Promise<void>(resolve => other.listen(0, '127.0.0.1', resolve));
    try {
      const { port } = other.address() as AddressInfo;
      await expect(start(port)).rejects.toMatchObject({
        code: 'CONFIG_INVALID',
        message: expect.stringMatching(/another process listens there\. .*: AFFINITY_HEALTH_PORT=\d+\.$/),
      });
    } finally {
      other.close();
    }
  });
});

describe('createHealthListener', () => {
  /** A listener on a free port, over a clock that only the test advances. */
  async function listen() {
    const clock = { now: 0 };
    const { listener, beat } = createHealthListener(10_000, () => clock.now);
    const server = createServer(listener);
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
    const ask = async (path: string) => {
      const response = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`);
      return [response.status, ((await response.json()) as { status: string }).status];
    };
    return { clock, beat, ask, close: () => server.close() };
  }

  it('is live and not ready until the main thread says so', async () => {
    const { beat, ask, close } = await listen();
    expect(await ask('/health/live')).toEqual([200, 'live']);
    expect(await ask('/health/ready')).toEqual([503, 'unavailable']);
    beat(ready);
    expect(await ask('/health/ready')).toEqual([200, 'ready']);
    expect((await ask('/graphql'))[0]).toBe(404);
    close();
  });

  it('is neither while the main thread is silent for too long', async () => {
    const { clock, beat, ask, close } = await listen();
    beat(ready);
    clock.now = 10_000;
    expect(await ask('/health/ready')).toEqual([200, 'ready']);
    clock.now = 10_001;
    expect(await ask('/health/live')).toEqual([503, 'stalled']);
    expect(await ask('/health/ready')).toEqual([503, 'stalled']);
    beat(ready);
    expect(await ask('/health/live')).toEqual([200, 'live']);
    close();
  });
});
