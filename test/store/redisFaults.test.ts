// The job queue over a Redis that is down, stops, is killed, or hangs.
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { toShopId } from '../../src/domain/ids';
import { checkPrerequisites } from '../../src/main/checks/prerequisites';
import { checkQueue } from '../../src/main/doctor/examine';
import { createTrainingQueue } from '../../src/store/bullmq/trainingQueue';
import type { TrainingQueue } from '../../src/store/ports/trainingQueue';
import { createTestDatabase } from '../support/database';
import { hasRedis, prepareRedis, type RedisServer } from '../support/redisServer';

const withinMs = 60_000;
const unavailable = { code: 'UNAVAILABLE' };
/** Only for the type of the options: with Redis, the queue opens no database. */
const databaseUrl = 'postgresql://affinity:secret@127.0.0.1:1/affinity';

const jobNamed = (runId: string) => ({ shopId: toShopId('shop'), runId, model: 'trending', seed: 1 });

const openQueue = (redisUrl: string): Promise<TrainingQueue> =>
  createTrainingQueue({ databaseUrl, redisUrl });

/** Every operation that asks the queue. */
const operations: readonly (readonly [string, (queue: TrainingQueue) => Promise<unknown>])[] = [
  ['add', queue => queue.add(jobNamed('run'))],
  ['depth', queue => queue.depth()],
  ['stateOf', queue => queue.stateOf('run')],
];

async function expectUnavailable(queue: TrainingQueue): Promise<void> {
  for (const [, work] of operations) await expect(work(queue)).rejects.toMatchObject(unavailable);
}

/** Repeats until the queue responds. */
async function untilItResponds(queue: TrainingQueue): Promise<void> {
  for (;;) {
    const isResponding = await queue.depth().then(
      () => true,
      () => false,
    );
    if (isResponding) return;
    await new Promise(setImmediate);
  }
}

const portOf = (server: Server): number => (server.address() as AddressInfo).port;

/** A server that accepts connections, and closes or keeps them without a response. */
async function startMute(onSocket: (socket: Socket) => void): Promise<{ url: string; close(): void }> {
  const sockets = new Set<Socket>();
  const server = createServer(socket => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    onSocket(socket);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    url: `redis://127.0.0.1:${portOf(server)}`,
    close() {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}

describe('a job queue over something that is no working Redis', () => {
  it.each([
    ['closes every connection', (socket: Socket) => void socket.destroy()],
    ['never responds', () => undefined],
    [
      'responds with another protocol',
      (socket: Socket) => void socket.write('HTTP/1.1 400 Bad Request\r\n\r\n'),
    ],
  ])(
    'opens, refuses every operation with UNAVAILABLE, and closes, when it %s',
    async (_case, onSocket) => {
      const mute = await startMute(onSocket);
      const queue = await openQueue(mute.url);
      const stop = await queue.process(async () => undefined);
      await expectUnavailable(queue);
      await stop();
      await queue.close();
      mute.close();
    },
    withinMs,
  );

  it(
    'is reported as missing by the doctor',
    async () => {
      const mute = await startMute(socket => void socket.destroy());
      expect(await checkQueue(databaseUrl, mute.url)).toMatchObject({
        state: 'missing',
        found: 'Redis does not respond',
      });
      mute.close();
    },
    withinMs,
  );

  it(
    'is named before a start, and does not end it',
    async () => {
      const database = await createTestDatabase();
      const mute = await startMute(socket => void socket.destroy());
      const lines: string[] = [];
      const ports = { port: 0, healthPort: null, host: '127.0.0.1' };
      const around = { ...ports, trustedDocuments: null, dataDir: '', databaseUrl: database.url };
      const keys = { jwtSecret: 'a secret of tests only, thirty-two characters', jwksUrl: null };
      await checkPrerequisites({ ...around, ...keys, redisUrl: mute.url }, line => lines.push(line));
      expect(lines).toEqual([
        expect.stringMatching(/^Expected a Redis at .*Until it responds, no training starts\.$/),
      ]);
      mute.close();
      await database.drop();
    },
    withinMs,
  );
});

/** A proxy whose first connections end after the first response of Redis: it was lost while it was opened. */
async function startFlaky(target: string, failures: number) {
  const { hostname, port } = new URL(target);
  let failed = 0;
  return await startMute(incoming => {
    const outgoing = connect(Number(port), hostname);
    outgoing.on('error', () => incoming.destroy());
    outgoing.on('close', () => incoming.destroy());
    incoming.on('close', () => outgoing.destroy());
    incoming.pipe(outgoing);
    const fails = failed++ < failures;
    outgoing.on('data', bytes => {
      incoming.write(bytes);
      if (fails) incoming.end();
    });
  });
}

const describeWithRedis = hasRedis ? describe : describe.skip;
if (!hasRedis) console.warn('Expected redis-server for the tests of its faults; got none: they do not run.');

describeWithRedis('a job queue over Redis', () => {
  let redis: RedisServer;
  let queue: TrainingQueue | null = null;
  beforeEach(async () => {
    redis = await prepareRedis();
  });
  afterEach(async () => {
    redis.resume();
    await queue?.close();
    queue = null;
    await redis.remove();
  });

  /** Opens the queue with a worker, and returns it with the ids of the runs that the worker took. */
  async function openWithWorker(url = redis.url) {
    const opened = await openQueue(url);
    queue = opened;
    const taken: string[] = [];
    let wake: () => void = () => undefined;
    await opened.process(async ({ runId }) => {
      taken.push(runId);
      wake();
    });
    const takes = async (runId: string): Promise<void> => {
      while (!taken.includes(runId)) {
        await new Promise<void>(resolve => {
          wake = resolve;
        });
      }
    };
    return { queue: opened, takes };
  }

  it(
    'connects when a Redis comes that was down at the start, and its workers take jobs then',
    async () => {
      const { queue: opened, takes } = await openWithWorker();
      await expectUnavailable(opened);
      await redis.start();
      await untilItResponds(opened);
      expect(await opened.stateOf('run')).toBe('absent');
      await opened.add(jobNamed('later'));
      await takes('later');
    },
    withinMs,
  );

  it.each(['SIGTERM', 'SIGKILL'] as const)(
    'survives the end of Redis by %s, and works with the next one',
    async signal => {
      await redis.start();
      const { queue: opened, takes } = await openWithWorker();
      await opened.add(jobNamed('before'));
      await takes('before');
      await redis.stop(signal);
      await expectUnavailable(opened);
      await redis.start();
      await untilItResponds(opened);
      await opened.add(jobNamed('after'));
      await takes('after');
    },
    withinMs,
  );

  it(
    'refuses operations while Redis hangs, works when it goes on, and closes while it hangs',
    async () => {
      await redis.start();
      const { queue: opened, takes } = await openWithWorker();
      redis.stall();
      await expectUnavailable(opened);
      redis.resume();
      await untilItResponds(opened);
      await opened.add(jobNamed('after'));
      await takes('after');
      redis.stall();
      await opened.close();
    },
    withinMs,
  );

  it(
    'opens anew when Redis is lost while it opens',
    async () => {
      await redis.start();
      const flaky = await startFlaky(redis.url, 6);
      const { queue: opened, takes } = await openWithWorker(flaky.url);
      await untilItResponds(opened);
      await opened.add(jobNamed('run'));
      await takes('run');
      await opened.close();
      flaky.close();
    },
    withinMs,
  );
});
