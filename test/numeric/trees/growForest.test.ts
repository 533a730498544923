import { createRng } from '../../../src/numeric/rng';
import { binTable } from '../../../src/numeric/trees/bins';
import type { LabelledTable } from '../../../src/numeric/trees/boostTrees';
import { type Forest, forestScoresInto, isWellFormed } from '../../../src/numeric/trees/forest';
import { forestBuilder } from '../../../src/numeric/trees/forestBuilder';
import { growDecisionTree } from '../../../src/numeric/trees/growDecisionTree';
import { type ForestSettings, type ForestTask, growForest } from '../../../src/numeric/trees/growForest';
import { treeGrower } from '../../../src/numeric/trees/growTree';

const settings: ForestSettings = {
  trees: 40,
  columnsPerNode: 2,
  rowShare: 1,
  isReplacing: true,
  minLeafWeight: 1,
  maxDepth: 100,
};
const whole: ForestSettings = { ...settings, trees: 1, columnsPerNode: 100, isReplacing: false };
const unpruned = { maxDepth: 100, minLeafWeight: 1, costComplexity: 0, maxLeaves: 10_000 };

/** Class 1 has a probability of .9 where one of three conditions holds, else of .1. Column 3 has codes and gaps. */
function mixedTable(rows: number, seed: number): LabelledTable {
  const rng = createRng(seed);
  const values = new Float32Array(4 * rows);
  const labels = new Uint8Array(rows);
  for (let row = 0; row < rows; row++) {
    const own = [rng.uniform(), Math.round(4 * rng.uniform()), rng.gaussian(), rng.int(12)];
    const isLikely = own[0] > 0.7 || (own[3] % 3 === 0 && own[2] > 0);
    for (const [column, value] of own.entries())
      values[4 * row + column] = rng.uniform() < 0.05 ? Number.NaN : value;
    labels[row] = Number(rng.uniform() < (isLikely ? 0.9 : 0.1));
  }
  return { rows, columns: 4, values, labels, categorical: new Set([3]) };
}

function predictionsOf(forest: Forest, { rows, columns, values }: LabelledTable): number[] {
  const out = new Float64Array(1);
  return Array.from({ length: rows }, (_, row) => {
    forestScoresInto(forest, values, row * columns, out);
    return out[0];
  });
}

const brier = (predictions: Iterable<number>, { labels, rows }: LabelledTable): number =>
  [...predictions].reduce((sum, own, row) => sum + (own - labels[row]) ** 2, 0) / rows;

const grow = (train: LabelledTable, own: Partial<ForestSettings> = {}, seed = 1) =>
  growForest({ train, settings: { ...settings, ...own }, seed });

describe('growForest', () => {
  const train = mixedTable(1500, 1);
  const held = mixedTable(1500, 2);

  it('predicts new rows better than one tree does', async () => {
    const { forest } = await grow(train);
    const tree = growDecisionTree(train, unpruned);
    expect(isWellFormed(forest)).toBe(true);
    expect(brier(predictionsOf(forest, held), held)).toBeLessThan(0.13);
    expect(brier(predictionsOf(tree, held), held)).toBeGreaterThan(0.15);
  });

  it('estimates by the rows out of bag how well it predicts new rows, which training rows do not', async () => {
    const { forest, outOfBag } = await grow(train);
    const [seen, out] = [predictionsOf(forest, train), brier(outOfBag, train)];
    // The standard error of each is .005, and a row has only 15 of 40 trees out of bag.
    expect(Math.abs(out - brier(predictionsOf(forest, held), held))).toBeLessThan(0.025);
    expect(brier(seen, train)).toBeLessThan(out / 2);
  });

  it('returns NaN out of bag for rows that every tree has seen', async () => {
    const { outOfBag } = await grow(train, { trees: 3, isReplacing: false });
    expect(outOfBag.every(Number.isNaN)).toBe(true);
  });

  it.each([true, false])('draws the share of rows it is asked for, replacing: %s', async isReplacing => {
    const { outOfBag, forest } = await grow(train, { trees: 1, rowShare: 0.5, isReplacing });
    const unseen = outOfBag.filter(own => !Number.isNaN(own)).length;
    expect(forest.cover[0]).toBe(750);
    // (1 - 1/n)^(n/2) of the rows are never drawn with replacement.
    expect(unseen / 1500).toBeCloseTo(isReplacing ? Math.exp(-0.5) : 0.5, isReplacing ? 1 : 9);
  });

  it('is a decision tree when it has one tree without sampling', async () => {
    const { forest } = await grow(train, whole);
    const tree = growDecisionTree(train, unpruned);
    expect(predictionsOf(tree, train)).toEqual(predictionsOf(forest, train));
  });

  it('has the same bytes for the same seed, and different bytes for another', async () => {
    const [first, again, other] = [await grow(train), await grow(train), await grow(train, {}, 2)];
    expect(again).toEqual(first);
    expect(other.forest.value).not.toEqual(first.forest.value);
  });

  it('keeps limits of depth and of weights in leaves', async () => {
    const { forest } = await grow(train, { minLeafWeight: 20, maxDepth: 4 });
    const depths = new Map([...forest.roots].map(root => [root, 0]));
    for (const [node, column] of forest.column.entries()) {
      if (column < 0) expect(forest.cover[node]).toBeGreaterThanOrEqual(20);
      const depth = (depths.get(node) ?? 0) + 1;
      expect(depth).toBeLessThanOrEqual(5);
      if (column < 0) continue;
      for (const child of [forest.left[node], forest.left[node] + 1]) depths.set(child, depth);
    }
  });

  it('stops when onTree throws', async () => {
    const onTree = (tree: number): void => {
      if (tree === 2) throw new Error('enough');
    };
    await expect(growForest({ train, settings, seed: 1, onTree })).rejects.toThrow('enough');
  });

  it.each<[string, Partial<ForestTask>]>([
    ['labels above 1', { train: { ...train, labels: train.labels.map(label => 2 * label) } }],
    ['no trees', { settings: { ...settings, trees: 0 } }],
    ['a share of no rows', { settings: { ...settings, rowShare: 0 } }],
    ['empty leaves', { settings: { ...settings, minLeafWeight: 0 } }],
  ])('rejects %s', async (_name, change) => {
    await expect(growForest({ train, settings, seed: 1, ...change })).rejects.toThrow(RangeError);
  });
});

describe('growDecisionTree', () => {
  const train = mixedTable(500, 3);

  it('separates rows as the leaf-wise grower of boosting does', () => {
    const numbers: LabelledTable = { ...train, categorical: new Set() };
    const table = binTable(numbers);
    const builder = forestBuilder([0], table);
    const limits = { leaves: 600, minHessian: 1, l2: 0, minGain: 1e-9, learningRate: 1 };
    const grower = treeGrower(table, limits);
    for (const [row, label] of train.labels.entries()) grower.pairs.set([-label, 1], 2 * row);
    const rows = Uint32Array.from({ length: 500 }, (_, row) => row);
    grower.grow({ rows, columns: [0, 1, 2, 3] }, builder);
    const tree = growDecisionTree(numbers, unpruned);
    expect(predictionsOf(tree, numbers)).toEqual(predictionsOf(builder.build(0, 1), numbers));
  });

  it('counts a row of weight 3 like three rows', () => {
    const rng = createRng(4);
    const weights = Float32Array.from({ length: 500 }, () => rng.int(4));
    const rows = [...weights.entries()].flatMap(([row, weight]) => new Array<number>(weight).fill(row));
    const copied: LabelledTable = {
      ...train,
      rows: rows.length,
      values: Float32Array.from(rows.flatMap(row => [...train.values.subarray(4 * row, 4 * row + 4)])),
      labels: Uint8Array.from(rows, row => train.labels[row]),
    };
    const own = { ...unpruned, minLeafWeight: 6 };
    const kept = { ...train, values: train.values.map(value => Math.round(4 * value)) };
    const keptCopies = { ...copied, values: copied.values.map(value => Math.round(4 * value)) };
    const [weighted, plain] = [
      growDecisionTree({ ...kept, weights }, own),
      growDecisionTree(keptCopies, own),
    ];
    const seen = [...weights.keys()].filter(row => weights[row] > 0);
    const [left, right] = [predictionsOf(weighted, kept), predictionsOf(plain, kept)];
    for (const row of seen) expect(left[row]).toBeCloseTo(right[row], 6);
  });

  // DecisionTreeClassifier(ccp_alpha=α).fit(x, y, sample_weight=1 + row % 3) of scikit-learn 1.9.1: leaves, sum of the
  // probabilities of class 1 over the rows, and the first seven. Its Gini impurity is twice the squared error.
  it.each([
    [0, 31, 49, [0, 1, 1, 1, 1, 1, 0]],
    [0.004, 29, 48.533333, [0.06667, 1, 1, 1, 1, 1, 0]],
    [0.01, 18, 46.647598, [0.06667, 0.07692, 1, 0.95349, 0.95349, 1, 0]],
    [0.02, 5, 48.082353, [0.06667, 0.23529, 0.23529, 0.90196, 0.90196, 0.91667, 0.23529]],
  ] as const)('prunes as scikit-learn does, α = %d', (alpha, leaves, sum, first) => {
    const uniform = (index: number): number => {
      const x = Math.sin(index * 12.9898) * 43758.5453;
      return x - Math.floor(x);
    };
    const values = Float32Array.from({ length: 360 }, (_, cell) => uniform(cell + 1));
    const labels = Uint8Array.from({ length: 120 }, (_, row) => {
      const isLikely = values[3 * row] > 0.5 && values[3 * row + 1] > Math.fround(0.3);
      return Number(uniform(1000 + row) < (isLikely ? 0.8 : 0.25));
    });
    const weights = Float32Array.from(labels, (_, row) => 1 + (row % 3));
    const table = { rows: 120, columns: 3, values, labels, weights };
    const tree = growDecisionTree(table, { ...unpruned, costComplexity: alpha / 2 });
    const predictions = predictionsOf(tree, table);
    expect(tree.column.filter(column => column < 0)).toHaveLength(leaves);
    expect(predictions.reduce((total, own) => total + own, 0)).toBeCloseTo(sum, 4);
    for (const [row, own] of first.entries()) expect(predictions[row]).toBeCloseTo(own, 5);
  });

  it('prunes to a number of leaves, and keeps the sets of the nodes that stay', () => {
    const tree = growDecisionTree(train, { ...unpruned, maxLeaves: 6 });
    expect(tree.column.filter(column => column < 0).length).toBeLessThanOrEqual(6);
    expect(isWellFormed(tree)).toBe(true);
    expect([...tree.column]).toContain(3);
    const { setStarts } = tree.categories ?? { setStarts: new Uint32Array(0) };
    for (const [node, column] of tree.column.entries())
      expect(setStarts[node + 1] > setStarts[node]).toBe(column === 3);
    // A leaf still has the mean of the rows that reach it.
    const predictions = predictionsOf(tree, train);
    const own = predictions[0];
    const reached = [...predictions.keys()].filter(row => predictions[row] === own);
    const mean = reached.reduce((sum, row) => sum + train.labels[row], 0) / reached.length;
    expect(own).toBeCloseTo(mean, 6);
  });

  it('is one leaf where leaves bring too little, and where all labels are equal', () => {
    expect(growDecisionTree(train, { ...unpruned, costComplexity: 1 }).column).toHaveLength(1);
    const equal = { ...train, labels: new Uint8Array(500).fill(1) };
    const tree = growDecisionTree(equal, unpruned);
    expect([tree.column.length, tree.value[0]]).toEqual([1, 1]);
  });

  it('rejects impossible limits', () => {
    expect(() => growDecisionTree(train, { ...unpruned, maxLeaves: 0 })).toThrow(RangeError);
  });
});
