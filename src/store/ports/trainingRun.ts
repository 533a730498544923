import type { ShopId } from '../../domain/ids';
import type { Page, PageRequest } from './page';

/** State of a training run. */
export type TrainingStatus = 'QUEUED' | 'RUNNING' | 'PUBLISHED' | 'REJECTED' | 'FAILED' | 'CANCELLED';

/** A training run. Instants are milliseconds since the epoch. */
export interface TrainingRunRecord {
  readonly shopId: ShopId;
  readonly id: string;
  readonly model: string;
  readonly status: TrainingStatus;
  readonly seed: number;
  readonly snapshotDigest: string | null;
  readonly artifactId: string | null;
  readonly metrics: Readonly<Record<string, number>> | null;
  /** Why the run was rejected or failed. */
  readonly reason: string | null;
  readonly queuedAt: number;
  readonly startedAt: number | null;
  readonly finishedAt: number | null;
}

/** Stores training runs. */
export interface TrainingRunStore {
  save(run: TrainingRunRecord): Promise<void>;
  find(shopId: ShopId, id: string): Promise<TrainingRunRecord | null>;
  /** By (queuedAt, id) descending. */
  page(shopId: ShopId, request: PageRequest): Promise<Page<TrainingRunRecord>>;
}
