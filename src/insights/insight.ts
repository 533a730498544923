import type { Artifact } from '../artifact/artifact';
import type { TrainableCard } from '../learning/trainableCard';
import type { TrainContext } from '../learning/trainContext';
import type { Snapshot } from '../snapshot/snapshot';

/** What an insight is and needs, as data. */
export type InsightCard = TrainableCard;

/** What a training made, measured on what it did not learn from. */
export interface Learned {
  readonly artifact: Artifact;
  /** Figures for the run's record and the artifact's; names as in docs/evaluation.md. */
  readonly metrics: Readonly<Record<string, number | string>>;
  /** Whether it may be served, and why, for a person. */
  readonly verdict: { readonly passed: boolean; readonly reason: string };
}

/**
 * Learns something of shoppers that is no list of products (docs/decisions/0006). Trained and published as models are;
 * judges itself, for nobody else knows its measure.
 */
export interface Insight {
  readonly card: InsightCard;
  /** Every setting and its value. */
  readonly settings: Readonly<Record<string, number>>;
  /**
   * Learns, measures on what it held out, and learns again from everything. The same snapshot, seed, settings and
   * `context.previous` give the same bytes. What came before may have been learned with other settings.
   *
   * @throws {GatewayError} TRAINING_DATA_INSUFFICIENT when the snapshot holds less than `card.needs`; CANCELLED
   */
  learn(snapshot: Snapshot, context: TrainContext): Promise<Learned>;
}
