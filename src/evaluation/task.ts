import type { Scorer } from '../models/model';
import type { Snapshot } from '../snapshot/snapshot';
import type { Categories } from './beyondAccuracy';
import type { Questions } from './questions';
import type { RatingTask } from './ratings';
import type { EventOrder } from './rows';

/** Which part of the data is held out. */
export type HoldOut = 'test' | 'validation';

/** A simple scorer to compare models with; not a model of the registry. */
export interface Baseline {
  readonly name: string;
  scorer(train: Snapshot, seed: number): Scorer;
}

/** Training data, questions, and how the report names them. */
export interface Task {
  readonly train: Snapshot;
  /** Null where ratings are predicted. */
  readonly questions: Questions | null;
  /** The same questions with more candidates; reported separately as `catalogue`. */
  readonly catalogueQuestions: Questions | null;
  /** Null where products are ranked. */
  readonly ratings: RatingTask | null;
  /** Reported as `protocol`. */
  readonly protocol: string;
  /** Reported as `order`. */
  readonly order: EventOrder;
  /** Undefined where the files determine what is held out. */
  readonly holdOut: HoldOut | undefined;
  /** Whether precision@20, the name of hit@20 in the literature on sessions, is reported too. */
  readonly isSession: boolean;
  /** The metric that models are tuned and compared by. */
  readonly primaryMetric: string;
  readonly baselines: readonly Baseline[];
  readonly categories: Categories | undefined;
}

/** Whether higher values of a metric are better. */
export const isHigherBetter = (metric: string): boolean =>
  !['rmse', 'mse', 'mae', 'gini', 'miscalibration'].includes(metric);

/** A task whose questions rank the full catalogue, unless `overrides` change that. */
export function questionTask(
  questions: Questions,
  overrides: Pick<Task, 'holdOut' | 'order' | 'primaryMetric'> & Partial<Task>,
): Task {
  return {
    train: questions.train,
    questions,
    catalogueQuestions: null,
    ratings: null,
    protocol: 'full',
    isSession: false,
    baselines: [],
    categories: undefined,
    ...overrides,
  };
}
