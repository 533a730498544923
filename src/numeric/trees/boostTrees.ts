// Gradient-boosted trees. Friedman 2001, "Greedy function approximation: a gradient boosting machine" (algorithms 5
// and 6: two classes and K classes; shrinkage); second-order steps as in Chen & Guestrin 2016, "XGBoost" (eq. 3–7).
// Rows and columns are sampled for every round (Friedman 2002, stochastic gradient boosting). With validation data, the
// rounds up to the lowest validation loss are kept.
import { createRng, type Rng } from '../rng';
import { type BinnedTable, binTable, type NumberTable } from './bins';
import { addTreesInto, type Forest, forestScoresInto } from './forest';
import { type ForestBuilder, forestBuilder } from './forestBuilder';
import { type GrownTree, type TreeLimits, treeGrower } from './growTree';
import { areWeights } from './weights';

/** Settings of the boosting. */
export interface BoostSettings extends TreeLimits {
  /** Maximum number of rounds; a round adds one tree per output. */
  readonly rounds: number;
  /** Share of the rows sampled per round, > 0, ≤ 1. */
  readonly rowShare: number;
  /** Share of the columns sampled per round, > 0, ≤ 1. */
  readonly columnShare: number;
  /** Early stopping: rounds without a lower validation loss. */
  readonly patience: number;
}

/** Rows with their labels. */
export interface LabelledTable extends NumberTable {
  /** The class of each row, < classes. */
  readonly labels: Uint8Array;
  /** The weight of each row, ≥ 0, with a positive sum; a row of weight 2 counts as two rows. All 1 without it. */
  readonly weights?: Float32Array;
}

/** The data, settings and seed of a forest. */
export interface BoostTask {
  readonly train: LabelledTable;
  /** Without it all rounds are grown. */
  readonly validation?: LabelledTable;
  /** Two: one output, the log-odds of class 1 (logistic loss). More: one output per class (softmax). */
  readonly classes: number;
  readonly settings: BoostSettings;
  readonly seed: number;
  /** Awaited after every round; may throw to stop. */
  readonly onRound?: (round: number, rounds: number) => void | Promise<void>;
}

/** A grown forest. */
export interface Boosted {
  readonly forest: Forest;
  /** Rounds kept. */
  readonly rounds: number;
  /** Weighted mean log-loss on validation after each round grown; empty without validation. */
  readonly losses: readonly number[];
}

/** Lower bound of hessians. */
const hessianFloor = 1e-15;

/** log(Σ exp) of `count` scores from `start`, without overflow. */
function logSumExp(scores: Float64Array, start: number, count: number): number {
  let highest = Number.NEGATIVE_INFINITY;
  for (let k = 0; k < count; k++) highest = Math.max(highest, scores[start + k]);
  let sum = 0;
  for (let k = 0; k < count; k++) sum += Math.exp(scores[start + k] - highest);
  return highest + Math.log(sum);
}

/** 1 / (1 + e^-x). */
const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

/** -log of the probability that the scores give to a label. */
function lossOf(scores: Float64Array, row: number, outputs: number, label: number): number {
  if (outputs > 1) return logSumExp(scores, row * outputs, outputs) - scores[row * outputs + label];
  const margin = label === 1 ? scores[row] : -scores[row];
  return margin > 0 ? Math.log1p(Math.exp(-margin)) : Math.log1p(Math.exp(margin)) - margin;
}

function meanLoss(scores: Float64Array, outputs: number, { labels, weights }: LabelledTable): number {
  let [sum, total] = [0, 0];
  for (let row = 0; row < labels.length; row++) {
    const weight = weights ? weights[row] : 1;
    sum += weight * lossOf(scores, row, outputs, labels[row]);
    total += weight;
  }
  return sum / total;
}

/** Scores before the first tree: log-odds or log-frequencies of the labels. An absent class counts as seen once. */
function baseScores({ labels, weights }: LabelledTable, classes: number): number[] {
  const counts = new Array<number>(classes).fill(0);
  for (const [row, label] of labels.entries()) counts[label] += weights ? weights[row] : 1;
  const total = counts.reduce((sum, count) => sum + count, 0);
  const logs = counts.map(count => Math.log(count > 0 ? count : 1));
  return classes === 2 ? [logs[1] - logs[0]] : logs.map(log => log - Math.log(total));
}

/** Scores of every row before the first tree, [rows × outputs]. */
function initialScores(rows: number, base: readonly number[]): Float64Array {
  const scores = new Float64Array(rows * base.length);
  for (let cell = 0; cell < scores.length; cell++) scores[cell] = Math.fround(base[cell % base.length]);
  return scores;
}

/** First and second derivative of the loss with respect to one output: p - y and p (1 - p) (Friedman 2001, eq. 22 and 38), times the row's weight. */
function derivativesInto(
  scores: Float64Array,
  norms: Float64Array | null,
  { outputs, output }: { outputs: number; output: number },
  { labels, weights }: LabelledTable,
  pairs: Float32Array,
): void {
  const positive = outputs === 1 ? 1 : output;
  for (let row = 0; row < labels.length; row++) {
    const score = scores[row * outputs + output];
    const share = norms ? Math.exp(score - norms[row]) : sigmoid(score);
    const weight = weights ? weights[row] : 1;
    pairs[2 * row] = weight * (share - (labels[row] === positive ? 1 : 0));
    pairs[2 * row + 1] = weight * Math.max(share * (1 - share), hessianFloor);
  }
}

/** Indices drawn without replacement, ascending, and those left, in no order. */
interface Drawn {
  readonly sample: Uint32Array;
  readonly rest: Uint32Array;
}

/** Returns a function that samples a share of 0 … count - 1, at least one. */
function sampler(count: number, share: number): (rng: Rng) => Drawn {
  const all = Uint32Array.from({ length: count }, (_, index) => index);
  if (share >= 1) return () => ({ sample: all, rest: new Uint32Array(0) });
  const kept = Math.max(1, Math.round(count * share));
  return rng => {
    const shuffled = rng.shuffle(all.slice());
    return { sample: shuffled.subarray(0, kept).sort(), rest: shuffled.subarray(kept) };
  };
}

/** Adds to the scores of every row the value of the leaf that it is in. */
function addLeavesInto(
  scores: Float64Array,
  { outputs, output }: { outputs: number; output: number },
  { rows, leaves }: GrownTree,
): void {
  for (const { start, end, value } of leaves)
    for (let place = start; place < end; place++) scores[rows[place] * outputs + output] += value;
}

/** Returns a function that grows the trees of one round and adds them to the scores of the training rows. */
function roundGrower(
  { train, settings }: BoostTask,
  table: BinnedTable,
  forest: ForestBuilder,
  outputs: number,
) {
  const grower = treeGrower(table, settings);
  const norms = outputs > 1 ? new Float64Array(train.rows) : null;
  const drawColumns = sampler(train.columns, settings.columnShare);
  const drawRows = sampler(train.rows, settings.rowShare);
  return (scores: Float64Array, rng: Rng): void => {
    const columns = [...drawColumns(rng).sample];
    const { sample, rest } = drawRows(rng);
    for (let row = 0; norms && row < train.rows; row++)
      norms[row] = logSumExp(scores, row * outputs, outputs);
    const first = forest.trees;
    for (let output = 0; output < outputs; output++) {
      derivativesInto(scores, norms, { outputs, output }, train, grower.pairs);
      addLeavesInto(scores, { outputs, output }, grower.grow({ rows: sample, columns }, forest));
    }
    if (rest.length > 0) addTrees(forest.build(first, first + outputs), train, rest, scores);
  };
}

/** Adds the outputs of the trees to the scores of the given rows. */
function addTrees(
  trees: Forest,
  { columns, values }: NumberTable,
  rows: Iterable<number>,
  scores: Float64Array,
): void {
  for (const row of rows) addTreesInto(trees, values, row * columns, scores, row * trees.outputs);
}

/** Returns the number of rounds with the lowest loss; all rounds when there are no losses. */
function bestRound(losses: readonly number[], rounds: number): number {
  return losses.length === 0 ? rounds : losses.indexOf(Math.min(...losses)) + 1;
}

function checkTask({ train, validation = train, classes, settings }: BoostTask): void {
  const isTable = ({ rows, columns, values, labels, weights }: LabelledTable): boolean =>
    rows > 0 &&
    columns === train.columns &&
    values.length === rows * columns &&
    labels.length === rows &&
    labels.every(label => label < classes) &&
    areWeights(weights, rows);
  if (isTable(train) && isTable(validation) && classes >= 2 && settings.minHessian > 0) return;
  throw new RangeError(
    `Expected non-empty tables of equal columns, labels below ${classes}, weights ≥ 0 of a positive sum, at least 2 classes ` +
      `and minHessian above 0; got ${train.rows} × ${train.columns} and ${validation.rows} × ${validation.columns}, ` +
      `minHessian ${settings.minHessian}.`,
  );
}

/**
 * Grows a gradient-boosted forest; equal tasks give equal bytes. O(rounds × outputs × rows × columns × depth).
 *
 * @throws {RangeError} for empty tables, unequal columns, labels ≥ classes, wrong weights, codes that are none, or fewer
 *   than two classes
 */
export async function boostTrees(task: BoostTask): Promise<Boosted> {
  checkTask(task);
  const { train, validation, classes, settings, seed, onRound } = task;
  const rng = createRng(seed);
  const base = baseScores(train, classes);
  const outputs = base.length;
  const table = binTable(train);
  const builder = forestBuilder(base, table);
  const growRound = roundGrower(task, table, builder, outputs);
  const scores = initialScores(train.rows, base);
  const validationScores = validation && initialScores(validation.rows, base);
  const losses: number[] = [];
  let rounds = 0;
  while (rounds < settings.rounds && rounds - bestRound(losses, rounds) < settings.patience) {
    growRound(scores, rng);
    rounds++;
    if (validation && validationScores) {
      const grown = builder.build((rounds - 1) * outputs, rounds * outputs);
      addTrees(grown, validation, validation.labels.keys(), validationScores);
      losses.push(meanLoss(validationScores, outputs, validation));
    }
    await onRound?.(rounds, settings.rounds);
  }
  const kept = bestRound(losses, rounds);
  return { forest: builder.build(0, kept * outputs), rounds: kept, losses };
}

/**
 * Writes the class probabilities of one row, which sum to 1.
 *
 * @param values - the row is values [start, start + columns); NaN: missing
 * @param out - [classes]
 */
export function forestProbabilitiesInto(
  forest: Forest,
  values: Float32Array,
  start: number,
  out: Float64Array,
): void {
  forestScoresInto(forest, values, start, out);
  if (forest.outputs === 1) {
    out[1] = sigmoid(out[0]);
    out[0] = 1 - out[1];
    return;
  }
  const norm = logSumExp(out, 0, forest.outputs);
  for (let output = 0; output < forest.outputs; output++) out[output] = Math.exp(out[output] - norm);
}
