import type { ShopId } from '../domain/ids';
import type { NeedsCard } from '../learning/needs';
import { queueRun } from '../store/ports/queueRun';
import type { Stores } from '../store/ports/stores';
import type { TrainingJob, TrainingQueue } from '../store/ports/trainingQueue';
import type { TrainingRunRecord } from '../store/ports/trainingRun';
import { trainingReadiness } from './readiness';

/** Options of {@link queueReadyModels}. */
export interface QueueOptions {
  readonly stores: Pick<Stores, 'interactions' | 'products' | 'trainingRuns'>;
  readonly queue: TrainingQueue;
  readonly shopId: ShopId;
  /** Of the models and insights to train. */
  readonly cards: readonly NeedsCard[];
  readonly seed: number;
  /** Returns a UUIDv7 for a run queued at `now`. */
  readonly newId: (now: number) => string;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** Latest runs that are searched for unfinished ones: several times the number of models. */
const recentRuns = 100;
/** An unfinished run that was queued longer ago ended with its worker. */
const maxRunMs = 24 * 3_600_000;

const isUnderWay = ({ status, queuedAt }: TrainingRunRecord, now: number): boolean =>
  (status === 'QUEUED' || status === 'RUNNING') && now - queuedAt < maxRunMs;

/** Returns the models with an unfinished run. With an empty queue there are none: their workers have ended. */
async function busyModels({ stores, queue, shopId, now }: QueueOptions): Promise<ReadonlySet<string>> {
  const { waiting, active } = await queue.depth();
  if (waiting + active === 0) return new Set();
  const { rows } = await stores.trainingRuns.page(shopId, { first: recentRuns });
  return new Set(rows.filter(run => isUnderWay(run, now)).map(run => run.model));
}

/**
 * Queues a run of every model that has enough data and no unfinished run. If the data did not change, the run only reads
 * them: runs are idempotent.
 *
 * @returns the jobs that were queued
 * @throws {GatewayError} UNAVAILABLE
 */
export async function queueReadyModels(options: QueueOptions): Promise<readonly TrainingJob[]> {
  const { stores, queue, shopId, cards, seed, newId, now } = options;
  const busy = await busyModels(options);
  const readiness = await trainingReadiness(stores, shopId, cards, now);
  const jobs: TrainingJob[] = [];
  for (const { model, isReady } of readiness) {
    if (!isReady || busy.has(model)) continue;
    const job = { shopId, runId: newId(now), model, seed };
    await queueRun(stores.trainingRuns, queue, job, now);
    jobs.push(job);
  }
  return jobs;
}
