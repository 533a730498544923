import type { Categories } from '../../../evaluation/beyondAccuracy';
import type { Questions } from '../../../evaluation/questions';
import type { RatingTask } from '../../../evaluation/ratings';
import type { Scorer } from '../../../models/model';
import type { Snapshot } from '../../../snapshot/snapshot';

/** Something simple to hold models against, that is no model of the registry. */
export interface Baseline {
  readonly name: string;
  scorer(train: Snapshot, seed: number): Scorer;
}

/** What models are to be asked, and how that is to be named. */
export interface Task {
  /** What models learn from. */
  readonly train: Snapshot;
  /** Null where ratings are to be foretold. */
  readonly questions: Questions | null;
  /** The same questions among more products: printed beside, under `catalogue`. */
  readonly beside: Questions | null;
  readonly ratings: RatingTask | null;
  /** What is printed as `protocol`. */
  readonly protocol: string;
  /** Undefined where the files say what is held out. */
  readonly holdOut: string | undefined;
  /** Whether precision@20, the literature's name of hit@20, is printed too. */
  readonly isSession: boolean;
  /** By which figure models are tuned and compared. */
  readonly main: string;
  readonly baselines: readonly Baseline[];
  readonly categories: Categories | undefined;
}

/** Whether more of a figure is better. */
export const isHigherBetter = (figure: string): boolean =>
  !['rmse', 'mse', 'mae', 'gini', 'miscalibration'].includes(figure);

/** A task of questions about the full catalogue. */
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
