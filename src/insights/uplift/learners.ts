import { fixedBoostingLearner } from '../../learning/tabular/fixedBoosting';
import { logisticLearner } from '../../learning/tabular/logistic';
import type { UpliftLearner } from './learner';
import { classTransformation, sLearner, tLearner, xLearner } from './metaLearners';
import { upliftForest } from './upliftForest';

/** Effects are small beside the noise of single outcomes: few shallow trees on samples, with large leaves. */
export const upliftBase = fixedBoostingLearner({
  rounds: 60,
  leaves: 4,
  learningRate: 0.05,
  minHessian: 20,
  l2: 20,
  minGain: 0,
  rowShare: 0.5,
  columnShare: 0.6,
});

/** The learners that are compared. */
export const upliftLearners: readonly UpliftLearner[] = [
  sLearner(upliftBase),
  tLearner(upliftBase),
  tLearner(logisticLearner({ regularization: 10 }), 't-learner-logistic'),
  xLearner(upliftBase),
  classTransformation(upliftBase),
  upliftForest({ trees: 200, columnsPerNode: 3, rowShare: 0.5, minArmShare: 0.05, maxDepth: 4 }),
];
