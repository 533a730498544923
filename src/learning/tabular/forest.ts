import { pause } from '../../numeric/pause';
import { type Forest, forestScoresInto } from '../../numeric/trees/forest';
import { type DecisionTreeSettings, growDecisionTree } from '../../numeric/trees/growDecisionTree';
import { type ForestSettings, growForest } from '../../numeric/trees/growForest';
import { type Classifier, checkTask, type Learner } from './learner';
import { checkRows } from './table';
import { labelledNumbers, type TreeEncoding, treeEncodingOf } from './treeTable';

/** Settings of {@link forestLearner} by default; columns per node are the square root of their number. */
const defaultForest: Omit<ForestSettings, 'columnsPerNode'> = {
  trees: 300,
  rowShare: 0.5,
  isReplacing: false,
  // Shares of fewer rows are mostly chance, and small leaves learn which period a row is from.
  minLeafWeight: 20,
  maxDepth: 40,
};

/** Settings of {@link treeLearner} by default. */
const defaultTree: DecisionTreeSettings = {
  maxDepth: 12,
  minLeafWeight: 30,
  costComplexity: 2e-5,
  maxLeaves: 64,
};

/** Returns the classifier of a forest whose score is a probability. */
const meanClassifier = (encoding: TreeEncoding, forest: Forest): Classifier => ({
  probabilitiesInto(table, out) {
    const { rows, columns, values } = encoding(table);
    const share = new Float64Array(1);
    for (let row = 0; row < rows; row++) {
      forestScoresInto(forest, values, row * columns, share);
      // Sums of float32 can leave the range by their rounding.
      out[row] = Math.min(1, Math.max(0, share[0]));
    }
  },
});

/** A random forest. Rows are predicted by the trees that did not see them, so that no folds are needed. */
export const forestLearner = (settings: Omit<ForestSettings, 'columnsPerNode'> = defaultForest): Learner => ({
  name: 'forest',
  async learn(task) {
    const { table, labels, weights, seed, onProgress } = task;
    checkRows(table, labels, weights);
    const encoding = treeEncodingOf(table);
    const columnsPerNode = Math.max(2, Math.round(Math.sqrt(table.columns.length)));
    const { forest, outOfBag } = await growForest({
      train: labelledNumbers(encoding, task),
      settings: { ...settings, columnsPerNode: Math.min(columnsPerNode, table.columns.length) },
      seed,
      async onTree(tree, trees) {
        await pause();
        checkTask(task);
        onProgress?.(tree, trees);
      },
    });
    return { ...meanClassifier(encoding, forest), outOfSample: outOfBag };
  },
});

/** One decision tree, pruned. */
export const treeLearner = (settings: DecisionTreeSettings = defaultTree): Learner => ({
  name: 'tree',
  async learn(task) {
    checkRows(task.table, task.labels, task.weights);
    await pause();
    checkTask(task);
    const encoding = treeEncodingOf(task.table);
    const forest = growDecisionTree(labelledNumbers(encoding, task), settings);
    task.onProgress?.(1, 1);
    return meanClassifier(encoding, forest);
  },
});
