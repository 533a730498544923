import { createRng } from '../rng';
import { binTable } from './bins';
import type { LabelledTable } from './boostTrees';
import type { Forest } from './forest';
import { forestBuilder } from './forestBuilder';
import { checkBinaryTable } from './growForest';
import { meanTreeGrower } from './growMeanTree';
import { type PruneLimits, pruneTree } from './pruneTree';

/** Settings of a decision tree. */
export interface DecisionTreeSettings extends PruneLimits {
  /** Splits between the root and a leaf at most. */
  readonly maxDepth: number;
  /** Minimum sum of weights in a leaf, > 0. */
  readonly minLeafWeight: number;
}

/**
 * Grows one classification tree on all rows and columns and prunes it (Breiman, Friedman, Olshen & Stone 1984). Its score
 * is the probability of class 1. O(rows × columns × depth).
 *
 * @throws {RangeError} for an empty table, labels other than 0 and 1, wrong weights or settings, or codes that are none
 */
export function growDecisionTree(train: LabelledTable, settings: DecisionTreeSettings): Forest {
  checkBinaryTable(train);
  const { minLeafWeight, maxDepth, costComplexity, maxLeaves } = settings;
  if (!(minLeafWeight > 0 && maxDepth >= 0 && costComplexity >= 0 && maxLeaves >= 1))
    throw new RangeError(
      'Expected minLeafWeight above 0, maxDepth and costComplexity ≥ 0 and maxLeaves ≥ 1; got ' +
        `${minLeafWeight}, ${maxDepth}, ${costComplexity} and ${maxLeaves}.`,
    );
  const table = binTable(train);
  const builder = forestBuilder([0], table);
  const limits = { minLeafWeight, maxDepth, columnsPerNode: train.columns };
  const weights = train.weights ?? new Float32Array(train.rows).fill(1);
  const rows = Uint32Array.from({ length: train.rows }, (_, row) => row).filter(row => weights[row] > 0);
  // No columns are drawn, so that the seed has no effect.
  meanTreeGrower(table, limits).grow({ labels: train.labels, weights, rows, rng: createRng(0) }, builder);
  return pruneTree(builder.build(0, 1), settings);
}
