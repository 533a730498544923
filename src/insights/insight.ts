import type { Artifact } from '../artifact/artifact';
import type { ShopId } from '../domain/ids';
import type { SettingOverrides, Settings } from '../learning/settings';
import type { TrainableCard } from '../learning/trainableCard';
import type { TrainContext } from '../learning/trainContext';
import type { ThreadTask } from '../numeric/threadPool';
import type { Snapshot } from '../snapshot/snapshot';

/** What an insight is and needs, as data. */
export type InsightCard = TrainableCard;

/** What one training learned, measured on data that it did not learn from. */
export interface Learned {
  readonly artifact: Artifact;
  /** Figures for the records of the run and of the artifact; names as in docs/evaluation.md. */
  readonly metrics: Readonly<Record<string, number | string>>;
  /** Whether it may be served, with a reason that a person can read. */
  readonly verdict: { readonly passed: boolean; readonly reason: string };
}

/** A published artifact and what it was learned from. */
export interface PublishedInsight {
  readonly shopId: ShopId;
  readonly version: string;
  readonly artifact: Artifact;
  readonly snapshot: Snapshot;
  /** When reading the snapshot began, milliseconds since the epoch: rows saved later include later events. */
  readonly readAt: number;
}

/** How serving reads a shopper's history: rows that an insight saves must be computed in the same way. */
export interface HistorySettings {
  /** Latest events of a shopper that count, ≥ 1. */
  readonly maxEvents: number;
  /** Days after which an event counts half as much. */
  readonly halfLifeDays: number;
}

/** What an insight may use after its artifact is published. */
export interface AfterPublishContext<Stores> {
  readonly stores: Stores;
  readonly history: HistorySettings;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
}

/**
 * Learns something that is not a ranking of products (docs/decisions/0006). It is trained, published and served through
 * the same steps as a model. It measures itself and decides whether it is published, because shared code does not know its measure.
 *
 * `Reading` is what a loaded artifact offers; `Stores` are the store methods that `afterPublish` calls.
 */
export interface Insight<Reading = unknown, Stores = unknown> {
  readonly card: InsightCard;
  /** What can be set, with defaults and ranges. */
  readonly settings: Settings;
  /**
   * Learns, measures on what it held out, then learns again from everything. The same snapshot, seed, overrides and
   * `context.previous` give the same bytes. `context.previous` may have been learned with other settings.
   *
   * @throws {GatewayError} BAD_USER_INPUT on an unknown setting or a value out of range; TRAINING_DATA_INSUFFICIENT when
   * the snapshot holds less than `card.needs`; CANCELLED
   */
  learn(snapshot: Snapshot, context: TrainContext, overrides?: SettingOverrides): Promise<Learned>;
  /**
   * Loads an artifact that `learn` made.
   *
   * @throws {GatewayError} ARTIFACT_DAMAGED when arrays are missing, of a wrong length or class, or not finite
   */
  load(artifact: Artifact): Reading;
  /** What `learn` runs on worker threads, by the name it is posted under; empty when it uses none. */
  readonly threadTasks: Readonly<Record<string, ThreadTask>>;
  /**
   * Saves rows that accompany the published artifact. Calling it again with the same artifact leaves the same rows.
   *
   * @throws {GatewayError} UNAVAILABLE
   */
  readonly afterPublish: (published: PublishedInsight, context: AfterPublishContext<Stores>) => Promise<void>;
}

/** For an insight that stores nothing besides its artifact. */
export const saveNothing = async (): Promise<void> => undefined;
