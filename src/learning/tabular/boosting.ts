import { pause } from '../../numeric/pause';
import { type BoostSettings, boostTrees, forestProbabilitiesInto } from '../../numeric/trees/boostTrees';
import type { Forest } from '../../numeric/trees/forest';
import { type Classifier, checkTask, type Learner, type LearningTask, takeLabelled } from './learner';
import { splitAt, stratifiedFolds } from './stratify';
import { checkRows } from './table';
import { labelledNumbers, type TreeEncoding, treeEncodingOf } from './treeTable';

/** Settings of {@link boostingLearner} by default. */
export const defaultBoosting: BoostSettings = {
  rounds: 600,
  leaves: 16,
  learningRate: 0.03,
  minHessian: 5,
  l2: 10,
  minGain: 0,
  rowShare: 0.7,
  columnShare: 0.4,
  patience: 40,
};

/** Fewest columns sampled per round, where a table has them: with one or two, trees cannot join columns. */
const minColumns = 6;

const withColumns = (settings: BoostSettings, columns: number): BoostSettings => ({
  ...settings,
  columnShare: Math.min(1, Math.max(settings.columnShare, minColumns / columns)),
});

/** One in so many rows is held out to choose the number of rounds. */
const holdOutFolds = 6;
/** Fewest rows of the rarer label from which rows are held out; with fewer, `fewRounds` are grown. */
const minRareRows = 30;
const fewRounds = 60;

/** Returns the classifier of a forest of log-odds. */
export const forestClassifier = (encoding: TreeEncoding, forest: Forest): Classifier => ({
  probabilitiesInto(table, out) {
    const { rows, columns, values } = encoding(table);
    const shares = new Float64Array(2);
    for (let row = 0; row < rows; row++) {
      forestProbabilitiesInto(forest, values, row * columns, shares);
      out[row] = shares[1];
    }
  },
});

/** Returns the number of rounds with the least loss on rows that were held out. */
async function chooseRounds(
  task: LearningTask,
  settings: BoostSettings,
  onRound: (round: number) => Promise<void>,
): Promise<number> {
  const { labels, seed } = task;
  const positive = labels.reduce((sum, label) => sum + label, 0);
  if (Math.min(positive, labels.length - positive) < minRareRows) return Math.min(fewRounds, settings.rounds);
  const { inside, outside } = splitAt(stratifiedFolds(labels, holdOutFolds, seed), 0);
  const [held, kept] = [takeLabelled(task, inside), takeLabelled(task, outside)];
  const encoding = treeEncodingOf(kept.table);
  const { rounds } = await boostTrees({
    train: labelledNumbers(encoding, kept),
    validation: labelledNumbers(encoding, held),
    classes: 2,
    settings,
    seed,
    onRound,
  });
  return rounds;
}

/**
 * Gradient-boosted trees on histograms. The number of rounds is chosen on a sixth of the rows, held out; the forest is then
 * grown on all of them. With fewer than 30 rows of one label, 60 rounds are grown.
 */
export const boostingLearner = (given: BoostSettings = defaultBoosting): Learner => ({
  name: 'boosting',
  async learn(task) {
    const { table, labels, weights, seed, onProgress } = task;
    checkRows(table, labels, weights);
    const settings = withColumns(given, table.columns.length);
    const total = 2 * settings.rounds;
    const follow = (before: number) => async (round: number) => {
      await pause();
      checkTask(task);
      onProgress?.(before + round, total);
    };
    const rounds = await chooseRounds(task, settings, follow(0));
    const encoding = treeEncodingOf(table);
    const { forest } = await boostTrees({
      train: labelledNumbers(encoding, task),
      classes: 2,
      settings: { ...settings, rounds: Math.max(1, rounds) },
      seed,
      onRound: follow(settings.rounds),
    });
    return forestClassifier(encoding, forest);
  },
});
