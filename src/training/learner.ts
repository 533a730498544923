import type { Artifact } from '../artifact/artifact';
import type { Insight } from '../insights/insight';
import type { Model } from '../models/model';
import type { ThreadPool } from '../numeric/threadPool';
import type { Snapshot } from '../snapshot/snapshot';
import type { ArtifactRecord } from '../store/ports/artifact';
import type { Stores } from '../store/ports/stores';
import type { TrainingJob } from '../store/ports/trainingQueue';
import type { TrainingConfig } from './config';

/** What a training run needs. */
export interface TrainingOptions {
  readonly stores: Pick<
    Stores,
    'shops' | 'interactions' | 'products' | 'social' | 'artifacts' | 'trainingRuns'
  >;
  /** The model of a name (models/registry `modelByName`). @throws {GatewayError} BAD_USER_INPUT */
  readonly loadModel: (name: string) => Model;
  /** The insight of a name (models/insights); null for a name that is a model's. Left out: there are none. */
  readonly loadInsight?: (name: string) => Insight | null;
  readonly job: TrainingJob;
  readonly threads: ThreadPool;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
  /** A UUIDv7 for an artifact made at `now`. */
  readonly newId: (now: number) => string;
  /** Share of the work done, 0-1, never falling. */
  readonly onProgress: (share: number) => void;
  /** When it aborts, the run ends as CANCELLED at its next step; what is being published is published. */
  readonly signal: AbortSignal;
  /** Reads the shop's events and products; by default from the store. Runs of several models may share one reading. */
  readonly readSnapshot?: () => Promise<Snapshot>;
  /** When reading began that others began, milliseconds since the epoch; left out: with this run. */
  readonly readAt?: number;
  /** Told of an artifact that was published, before the run ends. When it fails the artifact stays, and the run fails. */
  readonly onPublished?: (published: Published) => Promise<void>;
  /** What differs from {@link TrainingConfig}'s defaults. */
  readonly config?: Partial<TrainingConfig>;
}

/** What was published, and what it was made of. */
export interface Published {
  readonly record: ArtifactRecord;
  readonly artifact: Artifact;
  readonly snapshot: Snapshot;
  /** When reading the snapshot began, milliseconds since the epoch: later events may not be in it. */
  readonly readAt: number;
}

/** Where the shares of the work end: read, trained to be measured, measured, trained on everything. */
export const shares = { read: 0.1, candidate: 0.45, assessed: 0.6, final: 0.97 } as const;

/** What a trial came to: whether to publish, the figures, and how to make what is published. */
export interface Trial {
  readonly verdict: { readonly passed: boolean; readonly reason: string };
  readonly metrics: Readonly<Record<string, number | string>>;
  /** Called once, where the verdict is good. @throws {GatewayError} CANCELLED */
  finish(): Promise<Artifact>;
}

/** How a kind of model comes from a snapshot to an artifact and a judgement of it. */
export interface Learner {
  readonly card: Pick<Model['card'], 'name' | 'needs'>;
  readonly settings: Model['settings'];
  /**
   * Learns and measures.
   *
   * @param live - the record of what serves now
   * @throws {GatewayError} TRAINING_DATA_INSUFFICIENT, CANCELLED, UNAVAILABLE
   */
  tryOut(snapshot: Snapshot, live: ArtifactRecord | undefined): Promise<Trial>;
}
