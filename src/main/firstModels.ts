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
  readonly pollMs?: number;
}

/** Latest runs of a shop that are read: several times the number of models. */
const recentRuns = 100;
/** Looks at an empty queue after which unfinished runs are taken to have lost their jobs. */
const maxIdleLooks = 10;

/** The latest run of each model, in the order of the models. */
async function latestRuns({ stores, shopId, models }: WaitOptions): Promise<readonly TrainingRunRecord[]> {
  const { rows } = await stores.trainingRuns.page(shopId, { first: recentRuns });
  return models.map(model => rows.find(run => run.model === model)).filter(run => run !== undefined);
}

/**
 * Waits until the queued runs of some models have ended, in whichever process they run.
 *
 * @returns the latest run of each model; runs that have not ended are among them when the signal aborted or the queue lost
 * their jobs
 * @throws {GatewayError} UNAVAILABLE
 */
export async function waitForRuns(options: WaitOptions): Promise<readonly TrainingRunRecord[]> {
  const { queue, signal, onProgress, pollMs = 250 } = options;
  let idleLooks = 0;
  for (;;) {
    const runs = await latestRuns(options);
    const open = runs.filter(({ finishedAt }) => finishedAt === null);
    const current = open.find(({ status }) => status === 'RUNNING') ?? open[0];
    onProgress({ ended: runs.length - open.length, of: runs.length, model: current?.model ?? '' });
    const { waiting, active } = await queue.depth();
    idleLooks = waiting + active === 0 ? idleLooks + 1 : 0;
    if (open.length === 0 || signal.aborted || idleLooks > maxIdleLooks) return runs;
    await pause(pollMs, undefined, { signal }).catch(() => undefined);
  }
}
