import { type Learner, type LearningTask, probabilitiesOf } from '../../learning/tabular/learner';
import { type Table, takeRows } from '../../learning/tabular/table';

/** Rows with numbers from -1 to 1 to predict the mean of. */
export interface BoundedTask extends Pick<LearningTask, 'seed' | 'signal' | 'onProgress'> {
  readonly table: Table;
  /** -1 to 1, one per row. */
  readonly targets: Float64Array;
}

/** Weights must be above 0: what a target of exactly 1 leaves to outcome 0. */
const minWeight = 1e-6;

/**
 * Learns the mean of targets from -1 to 1 with a learner of probabilities: a row with target d becomes a row with outcome 1 of
 * weight (1 + d) / 2 and one with outcome 0 of weight (1 - d) / 2. The expected log-loss is least where the probability is
 * (1 + mean) / 2.
 *
 * @returns a function that writes the mean of each row of a table
 */
export async function learnBoundedMean(
  base: Learner,
  { table, targets, ...rest }: BoundedTask,
): Promise<(table: Table) => Float64Array> {
  const rows = targets.length;
  const twice = Uint32Array.from({ length: 2 * rows }, (_, place) => place % rows);
  const labels = Uint8Array.from(twice, (_, place) => Number(place >= rows));
  const weights = Float32Array.from(twice, (row, place) =>
    Math.max(minWeight, (1 + (place < rows ? -1 : 1) * targets[row]) / 2),
  );
  const classifier = await base.learn({ ...rest, table: takeRows(table, twice), labels, weights });
  return read => probabilitiesOf(classifier, read).map(probability => 2 * probability - 1);
}
