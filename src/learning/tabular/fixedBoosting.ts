import { pause } from '../../numeric/pause';
import { type BoostSettings, boostTrees } from '../../numeric/trees/boostTrees';
import { forestClassifier } from './boosting';
import { checkTask, type Learner } from './learner';
import { checkRows } from './table';
import { labelledNumbers, treeEncodingOf } from './treeTable';

/**
 * Gradient-boosted trees with a number of rounds that is given: where the loss of single rows says little about what is asked,
 * as with effects, held-out rows choose too few.
 *
 * @param settings - `patience` is not used
 */
export const fixedBoostingLearner = (settings: Omit<BoostSettings, 'patience'>): Learner => ({
  name: 'boosting',
  async learn(task) {
    const { table, labels, weights, seed } = task;
    checkRows(table, labels, weights);
    const encoding = treeEncodingOf(table);
    const { forest } = await boostTrees({
      train: labelledNumbers(encoding, task),
      classes: 2,
      settings: { ...settings, patience: settings.rounds },
      seed,
      async onRound(round, rounds) {
        await pause();
        checkTask(task);
        task.onProgress?.(round, rounds);
      },
    });
    return forestClassifier(encoding, forest);
  },
});
