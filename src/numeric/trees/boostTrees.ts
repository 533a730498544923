// Gradient-boosted trees. Friedman 2001, "Greedy function approximation: a gradient boosting machine" (algorithms 5
// and 6: two classes and K classes; shrinkage); second-order steps as in Chen & Guestrin 2016, "XGBoost" (eq. 3–7).
// Rows and columns are sampled for every round (Friedman 2002, stochastic gradient boosting). With validation data, the
// rounds up to the lowest validation loss are kept.
import { createRng, type Rng } from '../rng';
import { binTable, type NumberTable } from './bins';
import { addTreesInto, type Forest, type ForestBuilder, forestBuilder, forestScoresInto } from './forest';
import { type TreeLimits, treeGrower } from './growTree';

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
  /** Mean log-loss on validation after each round grown; empty without validation. */
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

function meanLoss(scores: Float64Array, outputs: number, labels: Uint8Array): number {
  let sum = 0;
  for (let row = 0; row < labels.length; row++) sum += lossOf(scores, row, outputs, labels[row]);
  return sum / labels.length;
}

/** Scores before the first tree: log-odds or log-frequencies of the labels. An absent class counts as seen once. */
function baseScores(labels: Uint8Array, classes: number): number[] {
  const counts = new Array<number>(classes).fill(0);
  for (const label of labels) counts[label]++;
  const logs = counts.map(count => Math.log(Math.max(count, 1)));
  return classes === 2 ? [logs[1] - logs[0]] : logs.map(log => log - Math.log(labels.length));
}

/** Scores of every row before the first tree, [rows × outputs]. */
function initialScores(rows: number, base: readonly number[]): Float64Array {
  const scores = new Float64Array(rows * base.length);
  for (let cell = 0; cell < scores.length; cell++) scores[cell] = Math.fround(base[cell % base.length]);
  return scores;
}

/** First and second derivative of the loss with respect to one output: p - y and p (1 - p) (Friedman 2001, eq. 22 and 38). */
function derivativesInto(
  scores: Float64Array,
  norms: Float64Array | null,
  { outputs, output, labels }: { outputs: number; output: number; labels: Uint8Array },
  [gradients, hessians]: readonly [Float32Array, Float32Array],
): void {
  const positive = outputs === 1 ? 1 : output;
  for (let row = 0; row < labels.length; row++) {
    const score = scores[row * outputs + output];
    const share = norms ? Math.exp(score - norms[row]) : sigmoid(score);
    gradients[row] = share - (labels[row] === positive ? 1 : 0);
    hessians[row] = Math.max(share * (1 - share), hessianFloor);
  }
}

/** Samples that share of 0 … count - 1 without replacement, at least one, ascending. */
function drawSample(count: number, share: number, rng: Rng): Uint32Array {
  const all = Uint32Array.from({ length: count }, (_, index) => index);
  if (share >= 1) return all;
  return rng
    .shuffle(all)
    .subarray(0, Math.max(1, Math.round(count * share)))
    .sort();
}

/** Returns a function that grows the trees of one round. */
function roundGrower({ train, settings }: BoostTask, forest: ForestBuilder, base: readonly number[]) {
  const table = binTable(train);
  const grower = treeGrower(table, settings);
  const outputs = base.length;
  const derivatives = [new Float32Array(train.rows), new Float32Array(train.rows)] as const;
  const [gradients, hessians] = derivatives;
  const norms = outputs > 1 ? new Float64Array(train.rows) : null;
  return (scores: Float64Array, rng: Rng): void => {
    const columns = [...drawSample(train.columns, settings.columnShare, rng)];
    const sample = drawSample(train.rows, settings.rowShare, rng);
    for (let row = 0; norms && row < train.rows; row++)
      norms[row] = logSumExp(scores, row * outputs, outputs);
    for (let output = 0; output < outputs; output++) {
      derivativesInto(scores, norms, { outputs, output, labels: train.labels }, derivatives);
      grower.grow({ table, gradients, hessians, rows: sample.slice(), columns }, forest);
    }
  };
}

/** Adds the outputs of the trees to the scores of every row. */
function addScores(trees: Forest, { rows, columns, values }: NumberTable, scores: Float64Array): void {
  for (let row = 0; row < rows; row++)
    addTreesInto(trees, values, row * columns, scores, row * trees.outputs);
}

/** Returns the number of rounds with the lowest loss; all rounds when there are no losses. */
function bestRound(losses: readonly number[], rounds: number): number {
  return losses.length === 0 ? rounds : losses.indexOf(Math.min(...losses)) + 1;
}

function checkTask({ train, validation = train, classes, settings }: BoostTask): void {
  const isRight =
    train.rows > 0 &&
    validation.rows > 0 &&
    validation.columns === train.columns &&
    [train, validation].every(table => table.values.length === table.rows * table.columns) &&
    [train, validation].every(
      ({ labels, rows }) => labels.length === rows && labels.every(label => label < classes),
    ) &&
    classes >= 2 &&
    settings.minHessian > 0;
  if (isRight) return;
  throw new RangeError(
    `Expected non-empty tables of equal columns, labels below ${classes}, at least 2 classes and minHessian above 0; got ` +
      `${train.rows} × ${train.columns} and ${validation.rows} × ${validation.columns}, minHessian ${settings.minHessian}.`,
  );
}

/**
 * Grows a gradient-boosted forest; equal tasks give equal bytes. O(rounds × outputs × rows × columns × depth).
 *
 * @throws {RangeError} for empty tables, unequal columns, labels ≥ classes, or fewer than two classes
 */
export async function boostTrees(task: BoostTask): Promise<Boosted> {
  checkTask(task);
  const { train, validation, classes, settings, seed, onRound } = task;
  const rng = createRng(seed);
  const base = baseScores(train.labels, classes);
  const outputs = base.length;
  const builder = forestBuilder(base, train.columns);
  const growRound = roundGrower(task, builder, base);
  const scores = initialScores(train.rows, base);
  const validationScores = validation && initialScores(validation.rows, base);
  const losses: number[] = [];
  let rounds = 0;
  while (rounds < settings.rounds && rounds - bestRound(losses, rounds) < settings.patience) {
    growRound(scores, rng);
    const grown = builder.build(rounds * outputs, ++rounds * outputs);
    addScores(grown, train, scores);
    if (validation && validationScores) {
      addScores(grown, validation, validationScores);
      losses.push(meanLoss(validationScores, outputs, validation.labels));
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
