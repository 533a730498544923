import type { ArmModels } from '../../insights/uplift/arms';
import { probabilitiesOf } from '../../learning/tabular/learner';
import type { Table } from '../../learning/tabular/table';

/** Rows of an experiment that the models have not seen, and the share that was treated. */
export interface ScoredRows {
  readonly table: Table;
  readonly labels: Uint8Array;
  readonly treated: Uint8Array;
  /** Probability of the treatment, between 0 and 1. */
  readonly propensity: number;
}

/**
 * Returns doubly robust scores of the effect (Robins, Rotnitzky & Zhao 1994; for rankings, Yadlowsky et al. 2025): their mean
 * over any rows is an estimate of the effect on those rows, unbiased as the propensity is known, and less noisy than the
 * difference of means the better the models predict the outcome.
 */
export function doublyRobustScores(arms: ArmModels, rows: ScoredRows): Float64Array {
  const { table, labels, treated, propensity } = rows;
  const [without, given] = arms.map(arm => probabilitiesOf(arm, table));
  return Float64Array.from(labels, (label, row) => {
    const correction =
      treated[row] === 1 ? (label - given[row]) / propensity : -(label - without[row]) / (1 - propensity);
    return given[row] - without[row] + correction;
  });
}
