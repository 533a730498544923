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

/**
 * Stores training runs. Saving a run and `beat` report that someone works on it; when a report was made is known by the
 * clock of the store, so the clocks of gateways and workers do not matter.
 */
export interface TrainingRunStore {
  save(run: TrainingRunRecord): Promise<void>;
  /** Reports that the worker of a run lives. */
  beat(shopId: ShopId, id: string): Promise<void>;
  /** Returns the unfinished runs without a report for `silentMs`, the longest silent first. */
  silent(shopId: ShopId, silentMs: number): Promise<readonly TrainingRunRecord[]>;
  /** Saves a run if it is still unfinished and silent, and returns whether it was: of several callers one succeeds. */
  saveIfSilent(run: TrainingRunRecord, silentMs: number): Promise<boolean>;
  find(shopId: ShopId, id: string): Promise<TrainingRunRecord | null>;
  /** By (queuedAt, id) descending. */
  page(shopId: ShopId, request: PageRequest): Promise<Page<TrainingRunRecord>>;
}
