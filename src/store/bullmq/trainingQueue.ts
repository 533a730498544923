import {
  type BackendFactory,
  createPostgresBackend,
  createRedisBackend,
  type IQueueBackend,
  type Job,
  WaitingError,
  withBackend,
} from 'bullmq';
import { GatewayError } from '../../domain/errors';
import { toShopId } from '../../domain/ids';
import type { TrainingJob, TrainingQueue } from '../ports/trainingQueue';

const queueName = 'training';
/** A worker that has not renewed its lock for this long is taken for dead; renewal comes twice as often. */
const lockDurationMs = 30_000;
const stalledIntervalMs = 15_000;
/** A job whose worker died this often is given up: it may be what kills them. */
const maxStalledCount = 2;
const kept = { count: 1_000, age: 30 * 86_400 };
const errorIntervalMs = 60_000;
const progressIntervalMs = 1_000;
const startWaitMs = 10_000;

/** Where the jobs lie. */
export interface TrainingQueueOptions {
  /** PostgreSQL; BullMQ keeps its tables in a schema of its own, `bullmq`. */
  readonly databaseUrl: string;
  /** Redis or Valkey, used instead when it is given. */
  readonly redisUrl: string | null;
  /** Hears of trouble with the backend, at most once a minute: it may come in a tight loop. */
  readonly onError?: (error: Error) => void;
}

/** What a job carries; its id is the run's. */
type Payload = Omit<TrainingJob, 'shopId'> & { readonly shopId: string };
type Handler = Parameters<TrainingQueue['process']>[0];

/** Job ids may hold no colon, and not be a number. */
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

async function reach<Result>(work: Promise<Result>): Promise<Result> {
  try {
    return await work;
  } catch (cause) {
    const message = 'Expected the job queue to answer; it did not. Try again after a second.';
    throw new GatewayError('UNAVAILABLE', message, {}, { cause });
  }
}

/** A Redis that is away is tried for ever by its client: the start must not wait for that. */
async function inTime<Result>(work: Promise<Result>): Promise<Result> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`No answer within ${startWaitMs} ms.`)), startWaitMs);
  });
  return await Promise.race([work, late]).finally(() => clearTimeout(timer));
}

/** Tells the backend of progress now and then; it is of no consequence when that fails. */
function progressOf(job: Job, onError: (error: Error) => void): (share: number) => void {
  let nextAt = 0;
  return share => {
    if (Date.now() < nextAt) return;
    nextAt = Date.now() + progressIntervalMs;
    job.updateProgress(share).catch(onError);
  };
}

function overBackend<Backend extends IQueueBackend, Connection>(
  factory: BackendFactory<Backend, Connection>,
  connection: Connection,
  onError: (error: Error) => void,
) {
  const { Queue, Worker } = withBackend(factory);
  const queue = new Queue<Payload>(queueName, { connection });
  queue.on('error', onError);
  const stops = new Set<() => Promise<void>>();

  function start(handler: Handler): () => Promise<void> {
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
    const worker = new Worker<Payload>(queueName, run, { connection, concurrency: 1, ...settings });
    worker.on('error', onError);
    let stopping: Promise<void> | undefined;
    return () => {
      abort.abort();
      stopping ??= worker.close();
      return stopping;
    };
  }

  return { queue, stops, start };
}

function open({ databaseUrl, redisUrl }: TrainingQueueOptions, onError: (error: Error) => void) {
  if (redisUrl !== null) return overBackend(createRedisBackend, { url: redisUrl }, onError);
  const connection = {
    connectionString: databaseUrl,
    // Without its tables a worker fails in a tight loop.
    migrate: true,
    max: 3,
    keepAlive: true,
    application_name: 'affinity-jobs',
    connectionTimeoutMillis: 5_000,
  };
  return overBackend(createPostgresBackend, connection, onError);
}

/**
 * A queue of training jobs that outlives the process, in PostgreSQL or Redis. A job whose handler throws is given up (its
 * run says why); one whose worker dies is taken by another after half a minute.
 *
 * @throws {GatewayError} UNAVAILABLE when the backend does not answer
 */
export async function createTrainingQueue(options: TrainingQueueOptions): Promise<TrainingQueue> {
  const { queue, stops, start } = open(options, rateLimited(options.onError ?? (() => undefined)));
  await reach(inTime(queue.waitUntilReady())).catch(error => {
    // Not awaited: closing what never connected may wait for the connection.
    queue.close().catch(() => undefined);
    throw error;
  });
  return {
    async add(job) {
      const rest = { attempts: 1, removeOnComplete: kept, removeOnFail: kept };
      await reach(queue.add(job.model, { ...job }, { jobId: toJobId(job.runId), ...rest }));
    },
    async process(handler) {
      const stop = start(handler);
      stops.add(stop);
      return async () => {
        stops.delete(stop);
        await stop();
      };
    },
    async depth() {
      const counts = await reach(queue.getJobCounts('waiting', 'prioritized', 'delayed', 'active'));
      const { waiting = 0, prioritized = 0, delayed = 0, active = 0 } = counts;
      return { waiting: waiting + prioritized + delayed, active };
    },
    async close() {
      await Promise.all([...stops].map(stop => stop()));
      await queue.close();
    },
  };
}
