import { GatewayError } from '../../domain/errors';
import type { TrainingJob, TrainingQueue } from './trainingQueue';
import type { TrainingRunRecord, TrainingRunStore } from './trainingRun';

function queuedRun({ shopId, runId, model, seed }: TrainingJob, queuedAt: number): TrainingRunRecord {
  const nothingYet = { snapshotDigest: null, artifactId: null, metrics: null, reason: null };
  const times = { queuedAt, startedAt: null, finishedAt: null };
  return { shopId, id: runId, model, status: 'QUEUED', seed, ...nothingYet, ...times };
}

const reasonOf = (error: unknown): string =>
  error instanceof GatewayError ? `${error.code}: ${error.message}` : 'Unexpected error of the job queue.';

/**
 * Saves a run as queued and adds its job. When the queue does not take the job, the run is FAILED: no run is left QUEUED
 * without a job.
 *
 * @param now - milliseconds since the epoch
 * @throws {GatewayError} UNAVAILABLE
 */
export async function queueRun(
  runs: Pick<TrainingRunStore, 'save'>,
  queue: Pick<TrainingQueue, 'add'>,
  job: TrainingJob,
  now: number,
): Promise<TrainingRunRecord> {
  const run = queuedRun(job, now);
  await runs.save(run);
  try {
    await queue.add(job);
  } catch (error) {
    // If this fails too, the run is found by its silence.
    await runs
      .save({ ...run, status: 'FAILED', reason: reasonOf(error), finishedAt: now })
      .catch(() => undefined);
    throw error;
  }
  return run;
}
