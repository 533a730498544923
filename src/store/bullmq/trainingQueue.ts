import {
  type BackendFactory,
  createPostgresBackend,
  createRedisBackend,
  type IQueueBackend,
  type Job,
  type JobState,
  WaitingError,
  withBackend,
} from 'bullmq';
import { GatewayError } from '../../domain/errors';
import { toShopId } from '../../domain/ids';
import type { TrainingJob, TrainingJobState, TrainingQueue } from '../ports/trainingQueue';
import { PooledClient } from '../prisma/database';
import { type KeptOpening, keepOpening } from './keepOpening';

const queueName = 'training';
/** A worker that has not renewed its lock for this long counts as dead; locks are renewed twice as often. */
const lockDurationMs = 30_000;
const stalledIntervalMs = 15_000;
/** A job fails after its worker died this often, as the job may be the cause. */
const maxStalledCount = 2;
const kept = { count: 1_000, age: 30 * 86_400 };
const errorIntervalMs = 60_000;
const progressIntervalMs = 1_000;
const startWaitMs = 10_000;
/** Time for a statement of the backend in PostgreSQL, after which its connection is replaced. */
const queryTimeoutMs = 10_000;
/** Time that the backend has for each step of closing. */
const closeMs = 1_000;
/** Time that the backend has for a response to a request, so that a client has its own response within two seconds. */
const responseMs = 1_500;
/** Longest time between two attempts to connect to Redis. */
const maxReconnectMs = 1_000;

/** The backend of the queue. */
export interface TrainingQueueOptions {
  /** PostgreSQL connection string; BullMQ has its own schema, `bullmq`. */
  readonly databaseUrl: string;
  /** URL of Redis or Valkey, which replaces PostgreSQL; null: PostgreSQL. */
  readonly redisUrl: string | null;
  /** Called with backend errors, at most once per minute, as they may occur in a tight loop. */
  readonly onError?: (error: Error) => void;
}

/** Data of a job; its id is that of the run. */
type Payload = Omit<TrainingJob, 'shopId'> & { readonly shopId: string };
type Handler = Parameters<TrainingQueue['process']>[0];

/** BullMQ job ids must not contain a colon or be a number. */
const toJobId = (runId: string) => `run-${encodeURIComponent(runId)}`;

function rateLimited(onError: (error: Error) => void): (error: Error) => void {
  let quietUntil = 0;
  return error => {
    const now = Date.now();
    if (now < quietUntil) return;
    quietUntil = now + errorIntervalMs;
    onError(error);
  };
}

/** Limits the wait for the backend: the Redis client retries an unreachable server, and waits for a silent one, forever. */
async function withTimeout<Result>(work: Promise<Result>, timeoutMs: number): Promise<Result> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`No response within ${timeoutMs} ms.`)), timeoutMs);
  });
  return await Promise.race([work, late]).finally(() => clearTimeout(timer));
}

const unavailable = (message: string, cause: unknown): GatewayError =>
  new GatewayError('UNAVAILABLE', message, {}, { cause });

const unreachable = (): GatewayError =>
  unavailable('Expected a job queue that can be reached; got none. Try again after a second.', undefined);

async function orUnavailable<Result>(work: Promise<Result>, timeoutMs = responseMs): Promise<Result> {
  try {
    return await withTimeout(work, timeoutMs);
  } catch (cause) {
    throw unavailable(
      `Expected a response of the job queue within ${timeoutMs} ms; got none. Try again after a second.`,
      cause,
    );
  }
}

/** Reports progress to the backend at most once per second; failures are passed to onError only. */
function progressOf(job: Job, onError: (error: Error) => void): (share: number) => void {
  let nextAt = 0;
  return share => {
    if (Date.now() < nextAt) return;
    nextAt = Date.now() + progressIntervalMs;
    job.updateProgress(share).catch(onError);
  };
}

/** Settings of the connections of workers, and those of the queue when they differ. */
interface Connections<Connection> {
  readonly connection: Connection;
  readonly queueConnection?: Connection;
}

/** Where a job of each of BullMQ's states is. */
const jobStates: Readonly<Record<JobState | 'unknown', TrainingJobState>> = {
  waiting: 'pending',
  prioritized: 'pending',
  delayed: 'pending',
  active: 'pending',
  'waiting-children': 'pending',
  completed: 'ended',
  failed: 'ended',
  unknown: 'absent',
};

function overBackend<Backend extends IQueueBackend, Connection>(
  factory: BackendFactory<Backend, Connection>,
  { connection, queueConnection = connection }: Connections<Connection>,
  onError: (error: Error) => void,
) {
  const { Queue, Worker } = withBackend(factory);
  const queues = keepOpening(() => {
    const queue = new Queue<Payload>(queueName, { connection: queueConnection });
    queue.on('error', onError);
    return queue;
  }, onError);
  const stops = new Set<() => Promise<void>>();

  function start(handler: Handler, concurrency: number): () => Promise<void> {
    const abort = new AbortController();
    const run = async (job: Job<Payload>, token?: string) => {
      const { signal } = abort;
      const training = { ...job.data, shopId: toShopId(job.data.shopId) };
      try {
        await handler(training, { signal, onProgress: progressOf(job, onError) });
      } catch (error) {
        if (!signal.aborted) throw error;
        await job.moveToWait(token);
        throw new WaitingError();
      }
    };
    const settings = { lockDuration: lockDurationMs, stalledInterval: stalledIntervalMs, maxStalledCount };
    const workers = keepOpening(() => {
      const worker = new Worker<Payload>(queueName, run, { connection, concurrency, ...settings });
      worker.on('error', onError);
      return worker;
    }, onError);
    let stopping: Promise<void> | undefined;
    const close = async (): Promise<void> => {
      workers.stop();
      const counts = withTimeout(queues.current().getJobCounts('active'), closeMs);
      const isResponding = await counts.then(
        () => true,
        () => false,
      );
      await workers.current().close(!isResponding);
    };
    return () => {
      abort.abort();
      stopping ??= close();
      return stopping;
    };
  }

  return { queues, stops, start };
}

function open({ databaseUrl, redisUrl }: TrainingQueueOptions, onError: (error: Error) => void) {
  if (redisUrl !== null) {
    const retryStrategy = (attempt: number): number => Math.min(50 * 2 ** attempt, maxReconnectMs);
    const connection = { url: redisUrl, retryStrategy };
    // Workers wait for Redis to come back; what is sent for a request fails instead, and is not sent later.
    const queueConnection = { ...connection, enableOfflineQueue: false, maxRetriesPerRequest: 1 };
    return overBackend(createRedisBackend, { connection, queueConnection }, onError);
  }
  const connection = {
    connectionString: databaseUrl,
    // Without the tables a worker fails in a tight loop.
    migrate: true,
    max: 3,
    keepAlive: true,
    application_name: 'affinity-jobs',
    Client: PooledClient,
    connectionTimeoutMillis: responseMs,
    query_timeout: queryTimeoutMs,
  };
  return overBackend(createPostgresBackend, { connection }, onError);
}

type OpenedQueue = ReturnType<ReturnType<typeof open>['queues']['current']>;

/**
 * Waits until the queue is open. A Redis that does not respond is waited for shortly: whoever needs the queue before it responds
 * gets UNAVAILABLE.
 *
 * @throws {GatewayError} UNAVAILABLE when PostgreSQL does not respond: without it nothing works
 */
async function waitUntilOpen(
  { ready }: Pick<KeptOpening<never>, 'ready'>,
  { redisUrl }: TrainingQueueOptions,
  onError: (error: Error) => void,
): Promise<void> {
  if (redisUrl === null) await orUnavailable(ready, startWaitMs);
  else await withTimeout(ready, responseMs).catch(onError);
}

/**
 * Creates a durable queue of training jobs in PostgreSQL or Redis. A job whose handler throws fails (its run records
 * why); a job whose worker dies is taken by another worker after half a minute. A Redis that is down is connected to when it
 * comes back; until then the methods that need it throw UNAVAILABLE.
 *
 * @throws {GatewayError} UNAVAILABLE when PostgreSQL does not respond
 */
export async function createTrainingQueue(options: TrainingQueueOptions): Promise<TrainingQueue> {
  const { onError: report = () => undefined } = options;
  const onError = rateLimited(cause =>
    report(unavailable('Expected the job queue to work; it reported an error.', cause)),
  );
  const { queues, stops, start } = open(options, onError);
  await waitUntilOpen(queues, options, onError).catch(error => {
    queues.stop();
    // Not awaited: closing a queue that never connected may wait for the connection.
    queues
      .current()
      .close()
      .catch(() => undefined);
    throw error;
  });
  /** Asks the queue, unless it was never open: what waits for that would be done after the response. */
  async function ask<Result>(work: (queue: OpenedQueue) => Promise<Result>): Promise<Result> {
    if (!queues.isReady()) throw unreachable();
    return await orUnavailable(work(queues.current()));
  }
  return {
    async add(job) {
      const rest = { attempts: 1, removeOnComplete: kept, removeOnFail: kept };
      await ask(queue => queue.add(job.model, { ...job }, { jobId: toJobId(job.runId), ...rest }));
    },
    async process(handler, atOnce = 1) {
      const stop = start(handler, atOnce);
      stops.add(stop);
      return async () => {
        stops.delete(stop);
        await stop();
      };
    },
    async depth() {
      const counts = await ask(queue => queue.getJobCounts('waiting', 'prioritized', 'delayed', 'active'));
      const { waiting = 0, prioritized = 0, delayed = 0, active = 0 } = counts;
      return { waiting: waiting + prioritized + delayed, active };
    },
    async stateOf(runId) {
      return jobStates[await ask(queue => queue.getJobState(toJobId(runId)))];
    },
    async close() {
      await Promise.all([...stops].map(stop => stop()));
      // A backend that does not respond must not keep the process from ending.
      queues.stop();
      await withTimeout(queues.current().close(), closeMs).catch(onError);
      await withTimeout(queues.current().disconnect(), closeMs).catch(() => undefined);
    },
  };
}
