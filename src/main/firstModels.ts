import { setTimeout as pause } from 'node:timers/promises';
import type { ShopId } from '../domain/ids';
import type { Stores } from '../store/ports/stores';
import type { TrainingQueue } from '../store/ports/trainingQueue';
import type { TrainingRunRecord } from '../store/ports/trainingRun';

/** Options of {@link waitForRuns}. */
export interface WaitOptions {
  readonly stores: Pick<Stores, 'trainingRuns'>;
  readonly queue: Pick<TrainingQueue, 'depth'>;
  readonly shopId: ShopId;
  /** Names of the models whose runs are waited for. */
  readonly models: readonly string[];
  /** Ends the wait. */
  readonly signal: AbortSignal;
  /** Called with the number of runs that ended, of all, and a model that is being trained. */
  readonly onProgress: (progress: {
    readonly ended: number;
    readonly of: number;
    readonly model: string;
  }) => void;
  /** Called with failures of a poll, after which the wait goes on. */
  readonly onError: (error: unknown) => void;
  readonly pollMs?: number;
}

/** Latest runs of a shop that are read: several times the number of models. */
const recentRuns = 100;
/** Polls of an empty queue after which unfinished runs are taken to have lost their jobs. */
const maxIdlePolls = 40;

/** The latest run of each model, in the order of the models. */
async function latestRuns({ stores, shopId, models }: WaitOptions): Promise<readonly TrainingRunRecord[]> {
  const { rows } = await stores.trainingRuns.page(shopId, { first: recentRuns });
  return models.map(model => rows.find(run => run.model === model)).filter(run => run !== undefined);
}

interface QueueState {
  readonly runs: readonly TrainingRunRecord[];
  readonly isQueueEmpty: boolean;
}

async function poll(options: WaitOptions): Promise<QueueState> {
  const runs = await latestRuns(options);
  const { waiting, active } = await options.queue.depth();
  return { runs, isQueueEmpty: waiting + active === 0 };
}

/**
 * Waits until the queued runs of some models have ended, in whichever process they run.
 *
 * @returns the latest run of each model; runs that have not ended are among them when the signal aborted or the queue lost
 * their jobs
 */
export async function waitForRuns(options: WaitOptions): Promise<readonly TrainingRunRecord[]> {
  const { signal, onProgress, onError, pollMs = 250 } = options;
  let runs: readonly TrainingRunRecord[] = [];
  for (let idlePolls = 0; ; ) {
    const seen = await poll(options).catch(onError);
    if (seen) {
      runs = seen.runs;
      const open = runs.filter(({ finishedAt }) => finishedAt === null);
      const current = open.find(({ status }) => status === 'RUNNING') ?? open[0];
      onProgress({ ended: runs.length - open.length, of: runs.length, model: current?.model ?? '' });
      idlePolls = seen.isQueueEmpty ? idlePolls + 1 : 0;
      if (open.length === 0 || idlePolls > maxIdlePolls) return runs;
    }
    if (signal.aborted) return runs;
    await pause(pollMs, undefined, { signal }).catch(() => undefined);
  }
}
