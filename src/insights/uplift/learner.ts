import type { LabelledRows, LearningTask } from '../../learning/tabular/learner';
import type { Table } from '../../learning/tabular/table';

/** Rows of an experiment: whether each was treated, and its outcome. */
export interface TreatedRows extends LabelledRows {
  /** 1: treated, 0: control. Assigned at random; one per row. */
  readonly treated: Uint8Array;
}

/** Arguments of an uplift learner. */
export type UpliftTask = Omit<TreatedRows, 'weights'> & Pick<LearningTask, 'seed' | 'signal' | 'onProgress'>;

/** Predicts the effect of the treatment on single rows. */
export interface UpliftModel {
  /**
   * Writes the difference that the treatment makes to the probability of outcome 1, one per row, -1 to 1.
   *
   * @param out - [rows]
   * @throws {RangeError} when the table has other columns than that of training
   */
  upliftInto(table: Table, out: Float64Array): void;
}

/** Learns from an experiment whom its treatment moves; equal tasks give equal models. */
export interface UpliftLearner {
  readonly name: string;
  /** @throws {GatewayError} CANCELLED. @throws {RangeError} when lengths do not agree, or an arm has no rows */
  learn(task: UpliftTask): Promise<UpliftModel>;
}

/** Returns the uplift of all rows of a table. */
export function upliftOf(model: UpliftModel, table: Table): Float64Array {
  const uplift = new Float64Array(table.rows);
  model.upliftInto(table, uplift);
  return uplift;
}

/** Places of the rows of an arm, ascending. @throws {RangeError} when there are none */
export function rowsOfArm(treated: Uint8Array, arm: 0 | 1): Uint32Array {
  const rows = Uint32Array.from(treated.keys()).filter(row => treated[row] === arm);
  if (rows.length > 0) return rows;
  throw new RangeError(`Expected rows of both arms; got none ${arm === 1 ? 'treated' : 'in control'}.`);
}

/** Returns the arguments of one of several base learners: its own seed, and its share of the progress. */
export const partOf = (
  { seed, signal, onProgress }: UpliftTask,
  part: number,
  parts: number,
): Pick<LearningTask, 'seed' | 'signal' | 'onProgress'> => ({
  seed: seed + part,
  ...(signal && { signal }),
  ...(onProgress && {
    onProgress: (done: number, total: number) => onProgress(part * total + done, parts * total),
  }),
});
