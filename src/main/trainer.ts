import { GatewayError } from '../domain/errors';
import type { ShopId } from '../domain/ids';
import type { TrainableCard } from '../learning/trainableCard';
import { fillOutcomes } from '../serving/nextAction/nextActionOutcomes';
import type { Shop } from '../store/ports/shop';
import type { Stores } from '../store/ports/stores';
import type { TrainingJob, TrainingJobContext, TrainingQueue } from '../store/ports/trainingQueue';
import type { TrainingRunRecord } from '../store/ports/trainingRun';
import { damagedArtifacts } from '../training/damagedArtifacts';
import { type FirstModelsOptions, queueFirstModels, queueLockOf } from '../training/firstModels';
import { queueReadyModels } from '../training/queueJobs';
import { withHeartbeat } from '../training/silentRuns';
import { type Purged, purgeExpired } from '../training/upkeep';
import { type TrainingThreadOptions, trainInThread } from './trainingThread';

/** Runs training jobs, and maintains the shops' data at intervals. */
export interface Trainer {
  /** Starts taking jobs and running the tasks below at intervals. @throws {GatewayError} UNAVAILABLE */
  start(): Promise<void>;
  /** Queues trainings of shops whose events, products or event weights changed since the last call, and of damaged models. */
  queueTrainings(): Promise<readonly TrainingJob[]>;
  /**
   * Queues the first trainings of shops that have events and no model, unless another worker did. `start` repeats this every
   * minute, for shops that get their data later.
   */
  queueFirstTrainings(): Promise<readonly TrainingJob[]>;
  /** Stores the outcomes of predictions that are known by now, and returns their number. */
  recordOutcomes(): Promise<number>;
  /** Removes expired lists and predictions, and interactions past their retention. */
  purge(): Promise<Purged>;
  /** Cancels the running jobs (the queue takes them back) and stops the tasks at intervals. */
  stop(): Promise<void>;
}

/** What a trainer reads of a card. */
export type TrainerCard = Pick<TrainableCard, 'name' | 'needs' | 'trainsOthers'>;

/** Options of {@link createTrainer}. */
export interface TrainerOptions extends TrainingThreadOptions {
  readonly stores: Stores;
  readonly queue: TrainingQueue;
  /** One per model and insight to keep trained, in the order of their jobs; see `inOrder`. */
  readonly cards: readonly TrainerCard[];
  /**
   * Returns whether the jobs of a name wait until no others are running, so that they take no core of what lists wait for. None
   * by default.
   */
  readonly isBackground?: (model: string) => boolean;
  /** Minutes between checks for what to train again; 0 for none. */
  readonly retrainMinutes: number;
  readonly clock: () => number;
  readonly newId: (now: number) => string;
  readonly onError: (error: unknown) => void;
  /** Called with every run that ended. */
  readonly onRun?: (run: TrainingRunRecord) => void;
}

const msPerMinute = 60_000;
const purgeMinutes = 60;
const firstTrainingMinutes = 1;
const outcomeMinutes = 10;
/** Most of a training is one thread's work, so two of them keep two cores busy. Each holds a snapshot in memory. */
const maxJobsAtOnce = 2;
/** Seed of runs that the trainer queues itself. */
const defaultSeed = 1;

/**
 * Returns the cards in the order of their jobs: as given, but with two jobs at once a model of others is begun first. It takes about as long
 * as they do together, and by the time it needs them they are published.
 */
function inOrder(cards: readonly TrainerCard[], atOnce: number): readonly TrainerCard[] {
  const later = ({ trainsOthers = false }: TrainerCard): number => Number(!trainsOthers);
  return atOnce > 1 ? cards.toSorted((a, b) => later(a) - later(b)) : cards;
}

const isCancelled = (error: unknown): error is GatewayError =>
  error instanceof GatewayError && error.code === 'CANCELLED';

/** Records a run as failed when its thread could not. */
async function recordFailure(
  { stores, clock }: TrainerOptions,
  { shopId, runId }: TrainingJob,
  error: unknown,
): Promise<TrainingRunRecord | null> {
  const run = await stores.trainingRuns.find(shopId, runId);
  if (run === null || run.finishedAt !== null) return run;
  const reason =
    error instanceof GatewayError
      ? `${error.code}: ${error.message}`
      : 'Unexpected error. See the log for details.';
  const failed: TrainingRunRecord = { ...run, status: 'FAILED', reason, finishedAt: clock() };
  await stores.trainingRuns.save(failed);
  return failed;
}

async function isFinished(
  { stores, onError }: TrainerOptions,
  { shopId, runId }: TrainingJob,
): Promise<boolean> {
  const run = await stores.trainingRuns.find(shopId, runId).catch(onError);
  return run?.finishedAt != null;
}

/** Records a run as queued again, as its job is in the queue. */
async function recordHandedBack({ stores }: TrainerOptions, { shopId, runId }: TrainingJob): Promise<void> {
  const run = await stores.trainingRuns.find(shopId, runId);
  if (run === null) return;
  await stores.trainingRuns.save({
    ...run,
    status: 'QUEUED',
    reason: null,
    startedAt: null,
    finishedAt: null,
  });
}

/** @throws {GatewayError} CANCELLED also when the thread itself recorded the cancellation */
async function trainToTheEnd(
  options: TrainerOptions,
  job: TrainingJob,
  context: TrainingJobContext,
): Promise<TrainingRunRecord> {
  const run = await trainInThread(job, context, options);
  if (run.status !== 'CANCELLED') return run;
  throw new GatewayError('CANCELLED', 'Expected to train to the end; got cancelled. Nothing was published.');
}

/**
 * Runs a job in its thread. Even if the thread fails, the run is recorded as ended and the service continues.
 *
 * @throws {GatewayError} CANCELLED when the trainer stops: the queue takes the job back
 */
async function work(options: TrainerOptions, job: TrainingJob, context: TrainingJobContext): Promise<void> {
  // A queue may deliver a job again after its worker died; by then the run may have been closed.
  if (await isFinished(options, job)) return;
  try {
    const train = () => trainToTheEnd(options, job, context);
    options.onRun?.(await withHeartbeat(options.stores, job, train));
  } catch (error) {
    if (isCancelled(error)) {
      await recordHandedBack(options, job);
      throw error;
    }
    options.onError(error);
    const run = await recordFailure(options, job, error);
    if (run !== null) options.onRun?.(run);
  }
}

/** Rejects with CANCELLED when a signal aborts; never resolves. */
const untilAborted = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => {
    const message = 'Expected to wait for other trainings to end; got cancelled. Nothing was published.';
    const cancel = (): void => reject(new GatewayError('CANCELLED', message));
    if (signal.aborted) cancel();
    signal.addEventListener('abort', cancel, { once: true });
  });

/** Returns a handler of jobs that lets those in the background wait for those that run. */
function createHandler(
  options: TrainerOptions,
): (job: TrainingJob, context: TrainingJobContext) => Promise<void> {
  const { isBackground = () => false } = options;
  const running = new Set<Promise<void>>();
  return async (job, context) => {
    if (isBackground(job.model)) {
      await Promise.race([Promise.allSettled(running), untilAborted(context.signal)]);
      await work(options, job, context);
      return;
    }
    const working = work(options, job, context);
    running.add(working);
    await working.finally(() => running.delete(working));
  };
}

type Queueing = Pick<Trainer, 'queueTrainings' | 'queueFirstTrainings'>;

/** Creates the tasks that queue trainings, with what they remember of earlier calls. */
function createQueueing(
  { stores, queue, cards: given, clock, newId }: TrainerOptions,
  atOnce: number,
): Queueing {
  const cards = inOrder(given, atOnce);
  const seen = new Map<ShopId, string>();
  /** Shops whose first trainings were queued here; whether they go well, `queueTrainings` repeats them. */
  const begun = new Set<ShopId>();
  const jobsOf = (shopId: ShopId): FirstModelsOptions => ({
    ...{ stores, queue, shopId, cards, newId },
    seed: defaultSeed,
    now: clock(),
  });

  async function queueTrainingsOf({ id: shopId, policy }: Shop): Promise<readonly TrainingJob[]> {
    const [events, products, damaged] = await Promise.all([
      stores.interactions.count(shopId),
      stores.products.count(shopId),
      damagedArtifacts(stores.artifacts, shopId),
    ]);
    const state = JSON.stringify([events, products, policy.eventWeights]);
    const isUnchanged = seen.get(shopId) === state;
    const due = isUnchanged ? cards.filter(({ name }) => damaged.some(({ model }) => model === name)) : cards;
    if (due.length === 0) return [];
    const queueDue = () => queueReadyModels({ ...jobsOf(shopId), cards: due });
    const jobs = await stores.locks.hold(queueLockOf(shopId), queueDue);
    seen.set(shopId, state);
    return jobs;
  }

  return {
    async queueTrainings() {
      const jobs: TrainingJob[] = [];
      for (const shop of await stores.shops.list()) jobs.push(...(await queueTrainingsOf(shop)));
      return jobs;
    },
    async queueFirstTrainings() {
      const jobs: TrainingJob[] = [];
      for (const { id } of await stores.shops.list()) {
        if (begun.has(id)) continue;
        const first = await queueFirstModels(jobsOf(id));
        if (first.length > 0) begun.add(id);
        jobs.push(...first);
      }
      return jobs;
    },
  };
}

/**
 * Creates a trainer. Jobs run in threads of their own, two at a time where a training may use two threads. Jobs in the background begin when
 * no others run.
 */
export function createTrainer(options: TrainerOptions): Trainer {
  const { stores, queue, retrainMinutes, clock, onError } = options;
  const atOnce = Math.min(options.threads, maxJobsAtOnce);
  const { queueTrainings, queueFirstTrainings } = createQueueing(options, atOnce);
  const timers: NodeJS.Timeout[] = [];
  let stopTaking: (() => Promise<void>) | null = null;
  let purging: Promise<unknown> = Promise.resolve();

  async function recordOutcomes(): Promise<number> {
    let recorded = 0;
    for (const { id } of await stores.shops.list())
      recorded += await fillOutcomes(stores.predictions, id, clock());
    return recorded;
  }

  const purge = (): Promise<Purged> => purgeExpired(stores, clock());
  const every = (minutes: number, task: () => Promise<unknown>): void => {
    if (minutes > 0)
      timers.push(setInterval(() => void task().catch(onError), minutes * msPerMinute).unref());
  };

  return {
    queueTrainings,
    queueFirstTrainings,
    recordOutcomes,
    purge,
    async start() {
      stopTaking = await queue.process(createHandler(options), atOnce);
      every(retrainMinutes, queueTrainings);
      every(Math.min(retrainMinutes, firstTrainingMinutes), queueFirstTrainings);
      every(outcomeMinutes, recordOutcomes);
      // At the start as well: a process that restarts often would otherwise never reach the interval.
      purging = purge().catch(onError);
      every(purgeMinutes, purge);
    },
    async stop() {
      for (const timer of timers.splice(0)) clearInterval(timer);
      await stopTaking?.();
      stopTaking = null;
      await purging;
    },
  };
}
