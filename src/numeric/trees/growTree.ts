// Grows one regression tree on gradients and hessians, leaf-wise (Chen & Guestrin 2016, "XGBoost"; Ke et al. 2017,
// "LightGBM"). With G and H the sums of gradients and hessians of a leaf's rows:
//
//   value of a leaf   -G / (H + λ)                                                    (eq. 5)
//   gain of a split   ½ [G_L² / (H_L + λ) + G_R² / (H_R + λ) - G² / (H + λ)]           (eq. 7, γ = minimum gain)
//
// Rows with a missing value go to the side with the higher gain (algorithm 3). The leaf with the highest gain is split next.
// Sums are read from histograms; the larger child's histogram is its parent's minus the smaller child's.
// O(rows × columns × depth / 2).
import {
  bestSet,
  bestThreshold,
  type ColumnPlace,
  type NodeSums,
  type Split,
  type SplitLimits,
  thresholdOf,
} from './bestSplit';
import type { BinnedTable } from './bins';
import type { ForestBuilder, Leaf } from './forestBuilder';
import { type Partition, partitionOf } from './partition';

/** Limits and regularization of a tree. */
export interface TreeLimits extends SplitLimits {
  /** Maximum number of leaves. */
  readonly leaves: number;
  /** Factor of leaf values (shrinkage; Friedman 2001). */
  readonly learningRate: number;
}

/** The data that a tree is grown on. */
export interface TreeTask {
  readonly table: BinnedTable;
  /** One per row of the table. */
  readonly gradients: Float32Array;
  /** One per row of the table, > 0. */
  readonly hessians: Float32Array;
  /** Sampled rows; reordered in place. */
  readonly rows: Uint32Array;
  /** Sampled columns, on which nodes may split. */
  readonly columns: readonly number[];
}

interface OpenLeaf extends NodeSums {
  readonly node: number;
  readonly start: number;
  readonly end: number;
  readonly split: Split | null;
}

/** A leaf of a grown tree: the task's rows [start, end) are in it. */
export interface GrownLeaf {
  readonly start: number;
  readonly end: number;
  readonly value: number;
}

/** Grows trees on one table and reuses their buffers. */
export interface TreeGrower {
  /** Adds a tree to the forest and returns its leaves. */
  grow(task: TreeTask, forest: ForestBuilder): readonly GrownLeaf[];
}

/** Rows with their gradients and hessians in the order of a leaf, and the histogram they are summed into. */
interface Summing {
  readonly bins: Uint8Array;
  readonly rows: Uint32Array;
  readonly ordered: readonly [Float32Array, Float32Array];
  readonly range: readonly [number, number];
  readonly out: Float64Array;
}

/** Sums rows by the bins of a column; its bins begin at `first`, its pairs in the histogram at `offset`. */
function sumColumn({ bins, rows, ordered, range, out }: Summing, first: number, offset: number): void {
  const [gradients, hessians] = ordered;
  for (let place = range[0]; place < range[1]; place++) {
    const cell = offset + 2 * bins[first + rows[place]];
    out[cell] += gradients[place];
    out[cell + 1] += hessians[place];
  }
}

/** {@link sumColumn} for four columns at less than half the cost: gradient and hessian of a row are read once. */
function sumFourColumns(
  { bins, rows, ordered, range, out }: Summing,
  [first0, first1, first2, first3]: readonly number[],
  [offset0, offset1, offset2, offset3]: readonly number[],
): void {
  const [gradients, hessians] = ordered;
  for (let place = range[0]; place < range[1]; place++) {
    const row = rows[place];
    const gradient = gradients[place];
    const hessian = hessians[place];
    const cell0 = offset0 + 2 * bins[first0 + row];
    const cell1 = offset1 + 2 * bins[first1 + row];
    const cell2 = offset2 + 2 * bins[first2 + row];
    const cell3 = offset3 + 2 * bins[first3 + row];
    out[cell0] += gradient;
    out[cell0 + 1] += hessian;
    out[cell1] += gradient;
    out[cell1 + 1] += hessian;
    out[cell2] += gradient;
    out[cell2 + 1] += hessian;
    out[cell3] += gradient;
    out[cell3 + 1] += hessian;
  }
}

/** Sums gradients and hessians of the rows [start, end) into a histogram of (gradient, hessian) pairs, column by column. */
function histogramInto(
  { table, gradients, hessians, rows, columns }: TreeTask,
  range: readonly [number, number],
  { places, ordered }: TrainingState,
  out: Float64Array,
): void {
  const [orderedGradients, orderedHessians] = ordered;
  const { bins, rows: tableRows } = table;
  out.fill(0);
  // Gathered once, so that every column reads them sequentially.
  for (let place = range[0]; place < range[1]; place++) {
    orderedGradients[place] = gradients[rows[place]];
    orderedHessians[place] = hessians[rows[place]];
  }
  const summing: Summing = { bins, rows, ordered, range, out };
  const firsts = columns.map(column => column * tableRows);
  const starts = columns.map(column => places[column].offset);
  let done = 0;
  for (; done + 4 <= columns.length; done += 4)
    sumFourColumns(summing, firsts.slice(done, done + 4), starts.slice(done, done + 4));
  for (; done < columns.length; done++) sumColumn(summing, firsts[done], starts[done]);
}

/** Returns where the pairs of each column are in a histogram. */
function columnPlaces({ binCounts }: BinnedTable): ColumnPlace[] {
  let offset = 0;
  return binCounts.map((bins, column) => {
    const place = { column, offset, bins };
    offset += 2 * bins;
    return place;
  });
}

/** Buffers shared by the trees of one table. */
interface TrainingState {
  readonly limits: TreeLimits;
  /** By column. */
  readonly places: readonly ColumnPlace[];
  /** One per leaf. */
  readonly histograms: readonly Float64Array[];
  /** Gradients and hessians in the order of a leaf's rows; one per row. */
  readonly ordered: readonly [Float32Array, Float32Array];
  readonly partition: Partition;
}

/** A tree that is being grown. */
interface Growth {
  readonly task: TreeTask;
  readonly forest: ForestBuilder;
  readonly state: TrainingState;
}

const leafFor = (gradient: number, hessian: number, { learningRate, l2 }: TreeLimits): Leaf => ({
  value: (-learningRate * gradient) / (hessian + l2),
  cover: hessian,
});

/** Adds to a leaf its best split. */
function withBestSplit({ task, state }: Growth, leaf: Omit<OpenLeaf, 'split'>): OpenLeaf {
  const { limits, places } = state;
  let split: Split | null = null;
  if (leaf.hessian < 2 * limits.minHessian) return { ...leaf, split };
  for (const column of task.columns) {
    const best = task.table.codeBins[column] ? bestSet : bestThreshold;
    split = best(leaf, places[column], limits, split);
  }
  return { ...leaf, split };
}

function rootOf(growth: Growth): OpenLeaf {
  const { task, forest, state } = growth;
  let [gradient, hessian] = [0, 0];
  for (const row of task.rows) {
    gradient += task.gradients[row];
    hessian += task.hessians[row];
  }
  const node = forest.addTree(leafFor(gradient, hessian, state.limits));
  const [histogram] = state.histograms;
  const end = task.rows.length;
  histogramInto(task, [0, end], state, histogram);
  return withBestSplit(growth, { node, start: 0, end, gradient, hessian, histogram });
}

/** Splits a leaf; `free` becomes the histogram of the smaller child, the leaf's own that of the larger. */
function splitLeaf(
  growth: Growth,
  leaf: OpenLeaf,
  split: Split,
  free: Float64Array | null,
): [OpenLeaf, OpenLeaf] {
  const { task, forest, state } = growth;
  const { start, end, histogram } = leaf;
  const middle = state.partition.divide(task.rows, [start, end], split);
  const { gradient, hessian } = split;
  const left = { start, end: middle, gradient, hessian };
  const right = { start: middle, end, gradient: leaf.gradient - gradient, hessian: leaf.hessian - hessian };
  const condition = { ...split, threshold: thresholdOf(task.table, split) };
  const node = forest.split(leaf.node, condition, [
    leafFor(left.gradient, left.hessian, state.limits),
    leafFor(right.gradient, right.hessian, state.limits),
  ]);
  // The last leaves of a tree are not split, so that their sums are not needed.
  if (!free)
    return [
      { ...left, node, histogram, split: null },
      { ...right, node: node + 1, histogram, split: null },
    ];
  const isLeftSmaller = middle - start <= end - middle;
  const smaller = isLeftSmaller ? left : right;
  histogramInto(task, [smaller.start, smaller.end], state, free);
  for (let cell = 0; cell < histogram.length; cell++) histogram[cell] -= free[cell];
  const [leftSums, rightSums] = isLeftSmaller ? [free, histogram] : [histogram, free];
  return [
    withBestSplit(growth, { ...left, node, histogram: leftSums }),
    withBestSplit(growth, { ...right, node: node + 1, histogram: rightSums }),
  ];
}

function growLeaves(growth: Growth): OpenLeaf[] {
  const { limits, histograms } = growth.state;
  const leaves: OpenLeaf[] = [rootOf(growth)];
  while (leaves.length < limits.leaves) {
    let best = 0;
    for (let index = 1; index < leaves.length; index++)
      if ((leaves[index].split?.gain ?? 0) > (leaves[best].split?.gain ?? 0)) best = index;
    const { split } = leaves[best];
    if (!split) return leaves;
    const free = leaves.length + 1 < limits.leaves ? histograms[leaves.length] : null;
    const [left, right] = splitLeaf(growth, leaves[best], split, free);
    leaves[best] = left;
    leaves.push(right);
  }
  return leaves;
}

/** Creates a grower of trees on one table. Scratch per row and one histogram per leaf are reused between trees. */
export function treeGrower(table: BinnedTable, limits: TreeLimits): TreeGrower {
  const cells = 2 * table.binCounts.reduce((sum, bins) => sum + bins, 0);
  const state: TrainingState = {
    limits,
    places: columnPlaces(table),
    histograms: Array.from({ length: Math.max(1, limits.leaves - 1) }, () => new Float64Array(cells)),
    ordered: [new Float32Array(table.rows), new Float32Array(table.rows)],
    partition: partitionOf(table),
  };
  return {
    grow: (task, forest) =>
      growLeaves({ task, forest, state }).map(({ start, end, gradient, hessian }) => ({
        start,
        end,
        value: Math.fround(leafFor(gradient, hessian, limits).value),
      })),
  };
}
