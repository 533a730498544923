import type { ShopId } from '../../domain/ids';
import type { Page, PageRequest } from './page';

/** Life of a training run. */
export type TrainingStatus = 'QUEUED' | 'RUNNING' | 'PUBLISHED' | 'REJECTED' | 'FAILED' | 'CANCELLED';

/** A training run. */
export interface TrainingRunRecord {
  readonly shopId: ShopId;
  readonly id: string;
  readonly model: string;
  readonly status: TrainingStatus;
  readonly seed: number;
  readonly snapshotDigest: string | null;
  readonly artifactId: string | null;
  readonly metrics: Readonly<Record<string, number>> | null;
  readonly reason: string | null;
  readonly queuedAt: number;
  readonly startedAt: number | null;
  readonly finishedAt: number | null;
}

/** Training runs. */
export interface TrainingRunStore {
  save(run: TrainingRunRecord): Promise<void>;
  find(shopId: ShopId, id: string): Promise<TrainingRunRecord | null>;
  /** By (queuedAt, id) descending. */
  page(shopId: ShopId, request: PageRequest): Promise<Page<TrainingRunRecord>>;
}

/** A wish to train, as a job. */
export interface TrainingJob {
  readonly shopId: ShopId;
  readonly runId: string;
  readonly model: string;
  readonly seed: number;
}

/** What a job's processor may use. */
export interface TrainingJobContext {
  readonly signal: AbortSignal;
  readonly onProgress: (share: number) => void;
}

/** Work that outlives a request. */
export interface TrainingQueue {
  /** The same job (runId) is queued once. */
  add(job: TrainingJob): Promise<void>;
  /** Starts taking jobs, one at a time. Answers how to stop: finishes or hands back the job in hand. */
  process(
    handler: (job: TrainingJob, context: TrainingJobContext) => Promise<void>,
  ): Promise<() => Promise<void>>;
  /** Waiting and active jobs. */
  depth(): Promise<{ readonly waiting: number; readonly active: number }>;
  close(): Promise<void>;
}
