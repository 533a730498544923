import type { Stores } from '../store/ports/stores';
import type { TrainingJob, TrainingJobState, TrainingQueue } from '../store/ports/trainingQueue';
import type { TrainingRunRecord } from '../store/ports/trainingRun';

/** Interval of the heartbeats of a run, milliseconds. */
const heartbeatMs = 15_000;
/** An unfinished run without a heartbeat for this long has no worker, milliseconds. */
const silentMs = 90_000;

/** What {@link settleSilentRuns} needs. */
export interface SilentRunOptions {
  readonly stores: Pick<Stores, 'shops' | 'trainingRuns'>;
  readonly queue: Pick<TrainingQueue, 'add' | 'stateOf'>;
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly silentMs?: number;
}

const jobOf = ({ shopId, id, model, seed }: TrainingRunRecord): TrainingJob => ({
  shopId,
  runId: id,
  model,
  seed,
});

const reasons = {
  RUNNING: (seconds: number) =>
    `Expected a heartbeat of the run's worker every ${heartbeatMs / 1000} s; got none for ${seconds} s, so it died. Look at its memory and log, then train again.`,
  QUEUED: () =>
    'Expected a job in the queue; it ended without starting the run. Look at the log of the workers, then train again.',
};

/**
 * Returns a silent run with its true status: failed when no job will continue it, otherwise queued.
 *
 * @param state - of its job; null when the queue does not respond
 */
function settled(
  run: TrainingRunRecord,
  state: TrainingJobState | null,
  { now, silentMs: limitMs = silentMs }: SilentRunOptions,
): TrainingRunRecord {
  const isQueued = run.status === 'QUEUED';
  const isContinued = isQueued ? state !== 'ended' : state === 'pending';
  if (isContinued) return { ...run, status: 'QUEUED', startedAt: null };
  const reason = isQueued ? reasons.QUEUED() : reasons.RUNNING(Math.round(limitMs / 1000));
  return { ...run, status: 'FAILED', reason, finishedAt: now };
}

async function settle(options: SilentRunOptions, run: TrainingRunRecord): Promise<TrainingRunRecord | null> {
  const { stores, queue, silentMs: limitMs = silentMs } = options;
  const state = await queue.stateOf(run.id).catch(() => null);
  const next = settled(run, state, options);
  if (!(await stores.trainingRuns.saveIfSilent(next, limitMs))) return null;
  // A queue that lost its data gets the job again.
  if (run.status === 'QUEUED' && state === 'absent') await queue.add(jobOf(run));
  return next;
}

/**
 * Corrects the status of the runs of every shop that no worker runs. A RUNNING run whose worker died becomes FAILED, or QUEUED
 * while its job waits for another worker. A QUEUED run whose job was lost is queued again; one whose job has ended becomes
 * FAILED. Safe to run in several processes.
 *
 * @returns the runs whose status changed
 * @throws {GatewayError} UNAVAILABLE
 */
export async function settleSilentRuns(options: SilentRunOptions): Promise<readonly TrainingRunRecord[]> {
  const { stores, silentMs: limitMs = silentMs } = options;
  const changed: TrainingRunRecord[] = [];
  for (const { id } of await stores.shops.list()) {
    for (const run of await stores.trainingRuns.silent(id, limitMs)) {
      const next = await settle(options, run);
      if (next !== null && next.status !== run.status) changed.push(next);
    }
  }
  return changed;
}

/** Sends a heartbeat of a run at intervals, until `work` ends. A heartbeat that fails is not repeated; the next one follows. */
export async function withHeartbeat<Result>(
  { trainingRuns }: Pick<Stores, 'trainingRuns'>,
  { shopId, runId }: TrainingJob,
  work: () => Promise<Result>,
): Promise<Result> {
  const beat = (): void => void trainingRuns.beat(shopId, runId).catch(() => undefined);
  const timer = setInterval(beat, heartbeatMs).unref();
  try {
    return await work();
  } finally {
    clearInterval(timer);
  }
}
