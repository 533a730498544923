import type { Scorer } from '../models/model';
import type { Snapshot } from '../snapshot/snapshot';
import type { Categories } from './beyondAccuracy';
import type { Questions } from './questions';
import type { RatingTask } from './ratings';

/** Which part of the data is held out. */
export type HoldOut = 'test' | 'validation';

/** A simple scorer to compare models with; not a model of the registry. */
export interface Baseline {
  readonly name: string;
  scorer(train: Snapshot, seed: number): Scorer;
}

/** What models train on, what they are asked, and how the report names it. */
export interface Task {
  readonly train: Snapshot;
  /** Null where ratings are predicted. */
  readonly questions: Questions | null;
  /** The same questions with more candidates; reported separately as `catalogue`. */
  readonly beside: Questions | null;
  /** Null where products are ranked. */
  readonly ratings: RatingTask | null;
  /** Reported as `protocol`. */
  readonly protocol: string;
  /** Undefined where the files determine what is held out. */
  readonly holdOut: HoldOut | undefined;
  /** Whether precision@20, the name of hit@20 in the literature on sessions, is reported too. */
  readonly isSession: boolean;
  /** The metric that models are tuned and compared by. */
  readonly main: string;
  readonly baselines: readonly Baseline[];
  readonly categories: Categories | undefined;
}

/** Whether higher values of a metric are better. */
export const isHigherBetter = (metric: string): boolean =>
  !['rmse', 'mse', 'mae', 'gini', 'miscalibration'].includes(metric);

/** A task whose questions rank the full catalogue, unless `more` says otherwise. */
export function questionTask(
  questions: Questions,
  more: Pick<Task, 'holdOut' | 'main'> & Partial<Task>,
): Task {
  return {
    train: questions.train,
    questions,
    beside: null,
    ratings: null,
    protocol: 'full',
    isSession: false,
    baselines: [],
    categories: undefined,
    ...more,
  };
}
