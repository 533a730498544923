import type { Logger } from 'pino';
import type { Stores } from '../store/ports/stores';
import type { TrainingQueue } from '../store/ports/trainingQueue';
import type { TrainingRunRecord } from '../store/ports/trainingRun';
import { settleSilentRuns } from '../training/silentRuns';

const sweepMs = 30_000;

/** Options of {@link startRunSweeper}. */
export interface RunSweeperOptions {
  readonly stores: Pick<Stores, 'shops' | 'trainingRuns'>;
  readonly queue: TrainingQueue;
  /** Called with every run that was closed or queued again. */
  readonly onRun: (run: TrainingRunRecord) => void;
  readonly onError: (error: unknown) => void;
}

/** Corrects runs that nobody works on, now and at intervals. Returns a function that stops, after the current sweep. */
export function startRunSweeper({ stores, queue, onRun, onError }: RunSweeperOptions): () => Promise<void> {
  let sweeping: Promise<void> | null = null;
  async function sweep(): Promise<void> {
    try {
      for (const run of await settleSilentRuns({ stores, queue, now: Date.now() })) onRun(run);
    } catch (error) {
      onError(error);
    }
    sweeping = null;
  }
  const begin = (): void => {
    sweeping ??= sweep();
  };
  begin();
  const timer = setInterval(begin, sweepMs).unref();
  return async () => {
    clearInterval(timer);
    await sweeping;
  };
}

/** Logs a run that was closed or queued again. */
export const logSettled = (logger: Logger, { id, model, status, reason }: TrainingRunRecord): void =>
  logger.warn({ runId: id, model, status, reason }, 'nobody worked on a training run');
