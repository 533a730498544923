import { checkCancelled } from '../cancelled';
import { type Table, takeInto, takeRows } from './table';

/** Rows with an outcome to learn. */
export interface LabelledRows {
  readonly table: Table;
  /** 0 or 1, one per row. */
  readonly labels: Uint8Array;
  /** How often each row counts, > 0; each once by default. */
  readonly weights?: Float32Array;
}

/** Returns some rows with their outcomes and weights, in the order given. */
export const takeLabelled = (
  { table, labels, weights }: LabelledRows,
  rows: ArrayLike<number>,
): LabelledRows => ({
  table: takeRows(table, rows),
  labels: takeInto(labels, rows, new Uint8Array(rows.length)),
  ...(weights && { weights: takeInto(weights, rows, new Float32Array(rows.length)) }),
});

/** Arguments of a learner. */
export interface LearningTask extends LabelledRows {
  readonly seed: number;
  /** When it aborts, `learn` rejects with GatewayError CANCELLED. */
  readonly signal?: AbortSignal;
  /** Called with the work done and the work in all, in the learner's own unit (rounds, trees). */
  readonly onProgress?: (done: number, total: number) => void;
}

/** Predicts the probability of outcome 1. */
export interface Classifier {
  /** Predictions of the rows of training by parts of the classifier that did not see them; NaN where all did. */
  readonly outOfSample?: Float64Array;
  /**
   * Writes one probability per row, 0–1.
   *
   * @param out - [rows]
   * @throws {RangeError} when the table has other columns than that of training
   */
  probabilitiesInto(table: Table, out: Float64Array): void;
}

/** Learns to predict an outcome from a table; equal tasks give equal classifiers. */
export interface Learner {
  readonly name: string;
  /** @throws {GatewayError} CANCELLED. @throws {RangeError} when lengths do not agree, or there are no rows */
  learn(task: LearningTask): Promise<Classifier>;
}

/** Returns the probabilities of all rows of a table. */
export function probabilitiesOf(classifier: Classifier, table: Table): Float64Array {
  const probabilities = new Float64Array(table.rows);
  classifier.probabilitiesInto(table, probabilities);
  return probabilities;
}

/** @throws {GatewayError} CANCELLED when the task was called off */
export function checkTask({ signal }: Pick<LearningTask, 'signal'>): void {
  if (signal !== undefined) checkCancelled({ signal });
}
