import type { BeyondAccuracy } from '../beyondAccuracy';
import type { Evaluation } from '../evaluation';
import type { RatingEvaluation } from '../ratings';

/** The measurements of one model, trained with one seed. */
export interface ModelReport {
  /** Null where ratings were predicted. */
  readonly evaluation: Evaluation | null;
  /** The same questions with more candidates; null where the task has none. */
  readonly catalogue: Evaluation | null;
  /** Null where ratings were predicted. */
  readonly beyond: BeyondAccuracy | null;
  /** Null where products were ranked. */
  readonly ratings: RatingEvaluation | null;
  readonly trainSeconds: number;
  readonly evaluateSeconds: number;
  readonly peakMemoryMb: number;
  /** Of the scorer alone: histories in, scores of the whole catalogue out. NaN where ratings were predicted. */
  readonly usersScoredPerSecond: number;
  readonly artifactBytes: number;
}
