// Forest of honest trees that predict the effect of a treatment on an outcome (Wager & Athey 2018, "Estimation and
// inference of heterogeneous treatment effects using random forests", procedure 1, double-sample trees; Athey & Imbens
// 2016, honest estimation). Each tree draws rows without replacement and halves them. One half chooses the splits
// (upliftSplit.ts), the other one gives the effects in the leaves, so that they are not biased by the choice. Treatment is
// taken to be random, or weights to be inverse propensities. A prediction is the mean over the trees.
import { createRng, type Rng } from '../rng';
import { thresholdOf } from './bestSplit';
import { type BinnedTable, binTable, type NumberTable } from './bins';
import { columnDrawer } from './drawColumn';
import type { Forest } from './forest';
import { type ForestBuilder, forestBuilder } from './forestBuilder';
import { outOfBagOf } from './outOfBag';
import { partitionOf } from './partition';
import {
  type ArmRows,
  armSumsOf,
  effectOf,
  hasArms,
  type UpliftNode,
  type UpliftSplit,
  upliftSplitter,
} from './upliftSplit';
import { areWeights } from './weights';

/** Rows of an experiment. */
export interface TreatedTable extends NumberTable {
  /** 1 where the row was treated, else 0. */
  readonly treated: Uint8Array;
  /** Any finite numbers; 0 and 1 for an event. */
  readonly outcomes: Float32Array;
  /** The weight of each row, ≥ 0; all 1 without it. */
  readonly weights?: Float32Array;
}

/** Settings of an uplift forest. */
export interface UpliftForestSettings {
  readonly trees: number;
  /** Columns drawn per node, ≥ 1. */
  readonly columnsPerNode: number;
  /** Share of the rows of either arm drawn per tree, > 0, ≤ 1; half of them choose splits. */
  readonly rowShare: number;
  /** Minimum sum of weights of either arm in a leaf, in either half, > 0. */
  readonly minArmWeight: number;
  /** Splits between the root and a leaf at most. */
  readonly maxDepth: number;
}

/** The data, settings and seed of an uplift forest. */
export interface UpliftForestTask {
  readonly train: TreatedTable;
  readonly settings: UpliftForestSettings;
  readonly seed: number;
  /** Awaited after every tree; may throw to stop. */
  readonly onTree?: (tree: number, trees: number) => void | Promise<void>;
}

/** A grown uplift forest. */
export interface GrownUpliftForest {
  /** Its score (forestScoresInto) is the predicted effect: treated minus untreated outcome. */
  readonly forest: Forest;
  /** Predicted effect for every training row by the trees that drew it for neither half; NaN where all drew it. */
  readonly outOfBag: Float64Array;
}

/** The rows of a tree: those that choose splits, and those that give effects. */
interface Halves {
  readonly structure: Uint32Array;
  readonly estimation: Uint32Array;
}

/** Returns a function that draws the halves of a tree, each with the same share of either arm. */
function halvesDrawer({ treated, weights }: ArmRows, rowShare: number) {
  const rows = Uint32Array.from(treated.keys()).filter(row => weights[row] > 0);
  const arms = [0, 1].map(arm => rows.filter(row => treated[row] === arm));
  return (rng: Rng): Halves => {
    const structure: number[] = [];
    const estimation: number[] = [];
    for (const arm of arms) {
      const half = Math.max(1, Math.floor((rowShare * arm.length) / 2));
      rng.shuffle(arm);
      structure.push(...arm.subarray(0, half));
      estimation.push(...arm.subarray(half, 2 * half));
    }
    return { structure: Uint32Array.from(structure).sort(), estimation: Uint32Array.from(estimation).sort() };
  };
}

interface OpenNode {
  readonly node: number;
  readonly depth: number;
  readonly structure: UpliftNode;
  readonly estimation: UpliftNode;
}

/** Returns a function that grows one honest tree. */
function honestTreeGrower(table: BinnedTable, arms: ArmRows, settings: UpliftForestSettings) {
  const { columnsPerNode, minArmWeight, maxDepth } = settings;
  const partition = partitionOf(table);
  const splitOn = upliftSplitter(table, arms, minArmWeight);
  const drawColumn = columnDrawer(table.columns);
  const nodeOf = (rows: Uint32Array, start: number, end: number): UpliftNode => ({
    rows,
    start,
    end,
    sums: armSumsOf(arms, rows, start, end),
  });
  const leafFor = ({ sums }: UpliftNode) => ({ value: effectOf(sums), cover: sums[0] + sums[2] });

  function findSplit(node: UpliftNode, rng: Rng): UpliftSplit | null {
    let split: UpliftSplit | null = null;
    for (let drawn = 0; drawn < table.columns; drawn++) {
      if (drawn >= columnsPerNode && split) break;
      split = splitOn(node, drawColumn(drawn, rng), split);
    }
    return split;
  }

  function divide(
    { rows, start, end }: UpliftNode,
    { rule }: UpliftSplit,
  ): readonly [UpliftNode, UpliftNode] {
    const middle = partition.divide(rows, [start, end], rule);
    return [nodeOf(rows, start, middle), nodeOf(rows, middle, end)];
  }

  function splitNode(open: OpenNode, forest: ForestBuilder, rng: Rng): readonly OpenNode[] {
    if (open.depth >= maxDepth || !hasArms(open.structure.sums, 2 * minArmWeight)) return [];
    const split = findSplit(open.structure, rng);
    if (!split) return [];
    const [left, right] = divide(open.estimation, split);
    // Their outcomes are not read here, so that they stay honest.
    if (!(hasArms(left.sums, minArmWeight) && hasArms(right.sums, minArmWeight))) return [];
    const [leftStructure, rightStructure] = divide(open.structure, split);
    const condition = { ...split.rule, threshold: thresholdOf(table, split.rule) };
    const node = forest.split(open.node, condition, [leafFor(left), leafFor(right)]);
    const depth = open.depth + 1;
    return [
      { node: node + 1, depth, structure: rightStructure, estimation: right },
      { node, depth, structure: leftStructure, estimation: left },
    ];
  }

  return ({ structure, estimation }: Halves, forest: ForestBuilder, rng: Rng): void => {
    const root = nodeOf(estimation, 0, estimation.length);
    const stack: OpenNode[] = [
      {
        node: forest.addTree(leafFor(root)),
        depth: 0,
        structure: nodeOf(structure, 0, structure.length),
        estimation: root,
      },
    ];
    for (let open = stack.pop(); open; open = stack.pop()) stack.push(...splitNode(open, forest, rng));
  };
}

function checkTask({ train, settings }: UpliftForestTask): void {
  const { rows, columns, values, treated, outcomes, weights } = train;
  const { trees, columnsPerNode, rowShare, minArmWeight } = settings;
  const armRows = (arm: number): number =>
    treated.reduce((count, own, row) => count + Number(own === arm && (weights?.[row] ?? 1) > 0), 0);
  const isTable =
    columns > 0 &&
    values.length === rows * columns &&
    treated.length === rows &&
    outcomes.length === rows &&
    outcomes.every(Number.isFinite) &&
    treated.every(own => own <= 1) &&
    areWeights(weights, rows);
  if (!(isTable && armRows(0) >= 2 && armRows(1) >= 2))
    throw new RangeError(
      'Expected finite outcomes, treatments 0 and 1 with at least 2 weighted rows of each, and weights ≥ 0; got ' +
        `${rows} × ${columns}, ${armRows(1)} treated and ${armRows(0)} untreated rows.`,
    );
  if (trees >= 1 && columnsPerNode >= 1 && rowShare > 0 && rowShare <= 1 && minArmWeight > 0) return;
  throw new RangeError(
    'Expected at least 1 tree and 1 column per node, a share of rows in (0, 1] and minArmWeight above 0; got ' +
      `${trees}, ${columnsPerNode}, ${rowShare} and ${minArmWeight}.`,
  );
}

/**
 * Grows an uplift forest; equal tasks give equal bytes. O(trees × rows × columns per node × depth).
 *
 * @throws {RangeError} for fewer than two rows of an arm, treatments other than 0 and 1, outcomes that are not finite, wrong
 *   weights or settings, or codes that are none
 */
export async function growUpliftForest(task: UpliftForestTask): Promise<GrownUpliftForest> {
  checkTask(task);
  const { train, settings, seed, onTree } = task;
  const { treated, outcomes, weights = new Float32Array(train.rows).fill(1) } = train;
  const table = binTable(train);
  const rng = createRng(seed);
  const drawHalves = halvesDrawer({ treated, outcomes, weights }, settings.rowShare);
  const growTree = honestTreeGrower(table, { treated, outcomes, weights }, settings);
  const builder = forestBuilder([0], table);
  const outOfBag = outOfBagOf(train);
  const draws = new Uint16Array(train.rows);
  for (let tree = 0; tree < settings.trees; tree++) {
    const halves = drawHalves(rng);
    growTree(halves, builder, rng);
    draws.fill(0);
    for (const half of [halves.structure, halves.estimation]) for (const row of half) draws[row] = 1;
    outOfBag.add(builder.build(tree, tree + 1), draws);
    await onTree?.(tree + 1, settings.trees);
  }
  return { forest: builder.build(0, settings.trees, 1 / settings.trees), outOfBag: outOfBag.means() };
}
