import type { ShopId } from '../../domain/ids';

/** A training run as a job of the queue. */
export interface TrainingJob {
  readonly shopId: ShopId;
  readonly runId: string;
  readonly model: string;
  readonly seed: number;
}

/** What the handler of a job receives beside the job. */
export interface TrainingJobContext {
  readonly signal: AbortSignal;
  /** Reports progress as a share of the job, 0 to 1. */
  readonly onProgress: (share: number) => void;
}

/** State of a job: it waits or a worker has it; it ended, well or not; or the queue does not know it. */
export type TrainingJobState = 'pending' | 'ended' | 'absent';

/** Queue of training jobs. Jobs outlive the request that added them. */
export interface TrainingQueue {
  /**
   * Adds a job. A job whose `runId` is already queued is not added again.
   *
   * @throws {GatewayError} UNAVAILABLE when the queue did not respond in time; the job may have been added
   */
  add(job: TrainingJob): Promise<void>;
  /**
   * Starts taking jobs in the order they were added. Returns a function that stops: it finishes the current jobs, or returns
   * them to the queue.
   *
   * @param atOnce - jobs at the same time, at least 1; 1 by default
   */
  process(
    handler: (job: TrainingJob, context: TrainingJobContext) => Promise<void>,
    atOnce?: number,
  ): Promise<() => Promise<void>>;
  /** Returns the number of waiting and active jobs. */
  depth(): Promise<{ readonly waiting: number; readonly active: number }>;
  /** Returns the state of a run's job. @throws {GatewayError} UNAVAILABLE */
  stateOf(runId: string): Promise<TrainingJobState>;
  close(): Promise<void>;
}
