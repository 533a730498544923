import { boostingLearner } from './boosting';
import { forestLearner, treeLearner } from './forest';
import type { Learner } from './learner';
import { logisticLearner } from './logistic';

/** The learners of a response, in the order of reports. */
export const responseLearners: readonly Learner[] = [
  logisticLearner(),
  treeLearner(),
  forestLearner(),
  boostingLearner(),
];
