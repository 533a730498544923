import type { BeyondAccuracy } from '../beyondAccuracy';
import type { ModelConfig } from '../contender';
import type { Evaluation } from '../evaluation';
import type { RatingEvaluation } from '../ratings';
import type { SampledOptions } from '../sampled';
import type { Task } from '../task';
import type { Figures } from './figures';

/** The measurements of one model, trained with one seed. */
export interface ModelReport {
  /** Null where ratings were predicted. */
  readonly evaluation: Evaluation | null;
  /** The same questions with more candidates; null where the task has none. */
  readonly beside: Evaluation | null;
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

/** The conditions of a measurement. */
export interface ReportContext extends Pick<Task, 'protocol' | 'holdOut' | 'isSession'> {
  readonly model: string;
  readonly task: string;
  readonly seeds: readonly number[];
  /** Settings that differ from the defaults. */
  readonly config: ModelConfig;
  readonly sampled: SampledOptions | undefined;
}

/** All results of one model. */
export interface ModelOutcome {
  readonly context: ReportContext;
  /** One per seed. */
  readonly runs: readonly ModelReport[];
  readonly figures: Figures;
}
