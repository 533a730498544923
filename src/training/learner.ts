import type { Artifact } from '../artifact/artifact';
import type { HistorySettings } from '../insights/insight';
import type { InsightStores } from '../insights/registry';
import type { TrainableCard } from '../learning/trainableCard';
import type { Model } from '../models/model';
import type { ThreadPool } from '../numeric/threadPool';
import type { Snapshot } from '../snapshot/snapshot';
import type { ArtifactRecord } from '../store/ports/artifact';
import type { Stores } from '../store/ports/stores';
import type { TrainingJob } from '../store/ports/trainingQueue';
import type { TrainingConfig } from './config';
import type { SnapshotStores } from './readSnapshot';

/** The parts of the store that a run reads and writes. */
export type TrainingStores = InsightStores &
  SnapshotStores &
  Pick<Stores, 'shops' | 'interactions' | 'products' | 'social' | 'artifacts' | 'trainingRuns'>;

/** Options of a training run. */
export interface TrainingOptions {
  readonly stores: TrainingStores;
  /** Returns the model or insight of a name. @throws {GatewayError} BAD_USER_INPUT on an unknown name */
  readonly loadTrainable: (name: string) => Trainable;
  /** How serving reads histories, for rows that are saved after publication. */
  readonly history: HistorySettings;
  readonly job: TrainingJob;
  readonly threads: ThreadPool;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
  /** Returns a UUIDv7 for an artifact made at `now`. */
  readonly newId: (now: number) => string;
  /** Called with the share of the work done, 0-1, never falling. */
  readonly onProgress: (share: number) => void;
  /** When it aborts, the run ends as CANCELLED at its next step; a publication that has begun is completed. */
  readonly signal: AbortSignal;
  /** Reads the shop's events and products; by default from the store. Runs of several models may share one reading. */
  readonly readSnapshot?: () => Promise<Snapshot>;
  /** When `readSnapshot` began to read, milliseconds since the epoch; by default when the run began. */
  readonly readAt?: number;
  /** Replaces defaults of {@link TrainingConfig}. */
  readonly config?: Partial<TrainingConfig>;
}

/** A model or an insight, as a training run sees it. */
export interface Trainable {
  readonly card: TrainableCard;
  learner(options: TrainingOptions, config: TrainingConfig): Learner;
}

/** A published artifact and what it was trained on. */
export interface Published {
  readonly record: ArtifactRecord;
  readonly artifact: Artifact;
  readonly snapshot: Snapshot;
  /** When reading the snapshot began, milliseconds since the epoch: later events may not be in it. */
  readonly readAt: number;
}

/** Share of the run's work done after each stage: read, candidate trained, measured, trained on everything. */
export const shares = { read: 0.1, candidate: 0.45, assessed: 0.6, final: 0.97 } as const;

/** Returns an onProgress for one stage of a run: reports its work as the part of the run's work from `from` to `to`. */
export const progressBetween =
  (onProgress: (share: number) => void, from: number, to: number) =>
  (done: number, total: number): void =>
    onProgress(from + (to - from) * (total > 0 ? Math.min(1, done / total) : 1));

/** Result of a trial: whether to publish, the figures, and how to make the artifact to publish. */
export interface Trial {
  readonly verdict: { readonly passed: boolean; readonly reason: string };
  readonly metrics: Readonly<Record<string, number | string>>;
  /** Called at most once, when the verdict passed. @throws {GatewayError} CANCELLED */
  finish(): Promise<Artifact>;
}

/** One run of a model or an insight, from a snapshot to an artifact and a verdict on it. */
export interface Learner {
  /** Values of all settings. */
  readonly settings: Model['settings'];
  /** Loads an artifact as gateways do. @throws {GatewayError} ARTIFACT_DAMAGED */
  load(artifact: Artifact): unknown;
  /**
   * Learns and measures.
   *
   * @param live - the record of the artifact that serves now
   * @throws {GatewayError} TRAINING_DATA_INSUFFICIENT, CANCELLED, UNAVAILABLE
   */
  tryOut(snapshot: Snapshot, live: ArtifactRecord | undefined): Promise<Trial>;
  /**
   * Saves rows that accompany a published artifact, before the run ends. When it fails the artifact stays live and the run
   * fails; the next run saves them. Absent when there are none.
   *
   * @throws {GatewayError} UNAVAILABLE
   */
  readonly afterPublish?: (published: Published) => Promise<void>;
}
