// Random forest (Breiman 2001, "Random forests"): each tree is grown on a bootstrap sample, or a share of the rows drawn
// without replacement, and each node on columns drawn anew. A prediction is the mean of the trees' shares of class 1.
// The rows that a tree did not see ("out of bag") give predictions of training rows as honest as those of new rows.
import { createRng, type Rng } from '../rng';
import { type BinnedTable, binTable } from './bins';
import type { LabelledTable } from './boostTrees';
import type { Forest } from './forest';
import { forestBuilder } from './forestBuilder';
import { meanTreeGrower } from './growMeanTree';
import { outOfBagOf } from './outOfBag';
import { areWeights } from './weights';

/** Settings of a random forest. */
export interface ForestSettings {
  readonly trees: number;
  /** Columns drawn per node, ≥ 1; Breiman takes the square root of their number. */
  readonly columnsPerNode: number;
  /** Share of the rows drawn per tree, > 0, ≤ 1. */
  readonly rowShare: number;
  /** Whether a row can be drawn several times, and then counts as several rows (bootstrap). */
  readonly isReplacing: boolean;
  /** Minimum sum of weights in a leaf, > 0. */
  readonly minLeafWeight: number;
  /** Splits between the root and a leaf at most. */
  readonly maxDepth: number;
}

/** The data, settings and seed of a random forest. */
export interface ForestTask {
  /** Labels are 0 or 1. */
  readonly train: LabelledTable;
  readonly settings: ForestSettings;
  readonly seed: number;
  /** Awaited after every tree; may throw to stop. */
  readonly onTree?: (tree: number, trees: number) => void | Promise<void>;
}

/** A grown random forest. */
export interface GrownForest {
  /** Its score (forestScoresInto) is the probability of class 1. */
  readonly forest: Forest;
  /** Probability of class 1 for every training row by the trees that did not see it; NaN where all did. */
  readonly outOfBag: Float64Array;
}

/** Writes how often each row is drawn. */
function drawInto(counts: Uint16Array, { rowShare, isReplacing }: ForestSettings, rng: Rng): void {
  const rows = counts.length;
  const draws = Math.max(1, Math.round(rowShare * rows));
  counts.fill(0);
  if (isReplacing) {
    for (let draw = 0; draw < draws; draw++) counts[rng.int(rows)]++;
    return;
  }
  if (draws === rows) counts.fill(1);
  // Selection sampling (Knuth, The Art of Computer Programming 2, §3.4.2, algorithm S).
  let missing = draws === rows ? 0 : draws;
  for (let row = 0; missing > 0; row++) {
    if (rng.uniform() * (rows - row) >= missing) continue;
    counts[row] = 1;
    missing--;
  }
}

/** Throws unless the table has rows with labels 0 and 1 and right weights. @throws {RangeError} */
export function checkBinaryTable({ rows, columns, values, labels, weights }: LabelledTable): void {
  const isRight =
    rows > 0 &&
    columns > 0 &&
    values.length === rows * columns &&
    labels.length === rows &&
    labels.every(label => label <= 1) &&
    areWeights(weights, rows);
  if (isRight) return;
  throw new RangeError(
    `Expected a non-empty table with labels 0 and 1 and weights ≥ 0 of a positive sum; got ${rows} × ${columns}, ` +
      `${values.length} values and ${labels.length} labels.`,
  );
}

function checkSettings({ trees, columnsPerNode, rowShare, minLeafWeight }: ForestSettings): void {
  if (trees >= 1 && columnsPerNode >= 1 && rowShare > 0 && rowShare <= 1 && minLeafWeight > 0) return;
  throw new RangeError(
    'Expected at least 1 tree and 1 column per node, a share of rows in (0, 1] and minLeafWeight above 0; got ' +
      `${trees}, ${columnsPerNode}, ${rowShare} and ${minLeafWeight}.`,
  );
}

/** Returns a function that draws rows, grows a tree on them, and returns how often each row was drawn. */
function treeDrawer({ train, settings }: ForestTask, table: BinnedTable, rng: Rng) {
  const grower = meanTreeGrower(table, settings);
  const counts = new Uint16Array(train.rows);
  const weights = new Float32Array(train.rows);
  const drawn = new Uint32Array(train.rows);
  const draw = (): Uint32Array => {
    let length = 0;
    drawInto(counts, settings, rng);
    for (let row = 0; row < train.rows; row++) {
      weights[row] = counts[row] * (train.weights ? train.weights[row] : 1);
      if (weights[row] > 0) drawn[length++] = row;
    }
    return drawn.subarray(0, length);
  };
  return (forest: ReturnType<typeof forestBuilder>): Uint16Array => {
    let rows = draw();
    while (rows.length === 0) rows = draw();
    grower.grow({ labels: train.labels, weights, rows, rng }, forest);
    return counts;
  };
}

/**
 * Grows a random forest for two classes; equal tasks give equal bytes. O(trees × rows × columns per node × depth); memory
 * beyond the forest does not depend on leaves.
 *
 * @throws {RangeError} for an empty table, labels other than 0 and 1, wrong weights or settings, or codes that are none
 */
export async function growForest(task: ForestTask): Promise<GrownForest> {
  const { train, settings, seed, onTree } = task;
  checkBinaryTable(train);
  checkSettings(settings);
  const table = binTable(train);
  const growTree = treeDrawer(task, table, createRng(seed));
  const builder = forestBuilder([0], table);
  const outOfBag = outOfBagOf(train);
  for (let tree = 0; tree < settings.trees; tree++) {
    const counts = growTree(builder);
    outOfBag.add(builder.build(tree, tree + 1), counts);
    await onTree?.(tree + 1, settings.trees);
  }
  return { forest: builder.build(0, settings.trees, 1 / settings.trees), outOfBag: outOfBag.means() };
}
