// Grows one regression tree on gradients and hessians, leaf-wise (Chen & Guestrin 2016, "XGBoost"; Ke et al. 2017,
// "LightGBM"). With G and H the sums of gradients and hessians of a leaf's rows:
//
//   value of a leaf   -G / (H + λ)                                                    (eq. 5)
//   gain of a split   ½ [G_L² / (H_L + λ) + G_R² / (H_R + λ) - G² / (H + λ)]           (eq. 7, γ = minimum gain)
//
// Rows with a missing value go to the side with the higher gain (algorithm 3). The leaf with the highest gain is split next.
// Sums are read from histograms; the larger child's histogram is its parent's minus the smaller child's.
// O(rows × columns × depth / 2).

import { type BinSumsJob, binSumsJobLength, writeBinSumsJob } from '../binSums';
import { createArena } from '../wasm/arena';
import type { Kernels } from '../wasm/kernels';
import { kernelsOver } from '../wasm/kernelsOver';
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

/** What a tree is grown on. */
export interface TreeTask {
  /** Sampled rows. */
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

/** A leaf of a grown tree: the rows [start, end) of the tree are in it. */
interface GrownLeaf {
  readonly start: number;
  readonly end: number;
  readonly value: number;
}

/** The leaves of a grown tree, and the sampled rows in their order; valid until the next tree is grown. */
export interface GrownTree {
  readonly rows: Uint32Array;
  readonly leaves: readonly GrownLeaf[];
}

/** Grows trees on one table and reuses their buffers. */
export interface TreeGrower {
  /** (gradient, hessian) by row of the table, hessians ≥ 0; written by the caller. */
  readonly pairs: Float32Array;
  /** Adds a tree to the forest. */
  grow(task: TreeTask, forest: ForestBuilder): GrownTree;
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

/** Buffers shared by the trees of one table, in one memory, so that kernels can read them. */
interface TrainingState {
  readonly table: BinnedTable;
  readonly limits: TreeLimits;
  /** By column. */
  readonly places: readonly ColumnPlace[];
  /** One per leaf that can be split. */
  readonly histograms: readonly Float64Array[];
  readonly job: BinSumsJob;
  /** The written job. */
  readonly words: Uint32Array;
  /** Address of the bins of column 0; those of other columns follow. */
  readonly firstBins: number;
  readonly partition: Partition;
  readonly kernels: Kernels;
}

/** A tree that is being grown. */
interface Growth {
  readonly rows: Uint32Array;
  readonly columns: readonly number[];
  readonly forest: ForestBuilder;
  readonly state: TrainingState;
}

/** Sums the rows [start, end) into a histogram of (gradient, hessian) pairs. */
function histogramInto(
  { words, kernels }: TrainingState,
  start: number,
  end: number,
  out: Float64Array,
): void {
  out.fill(0);
  kernels.sumBins(words.byteOffset, start, end, out.byteOffset);
}

const leafFor = (gradient: number, hessian: number, { learningRate, l2 }: TreeLimits): Leaf => ({
  value: (-learningRate * gradient) / (hessian + l2),
  cover: hessian,
});

/** Adds to a leaf its best split. */
function withBestSplit({ columns, state }: Growth, leaf: Omit<OpenLeaf, 'split'>): OpenLeaf {
  const { limits, places, table } = state;
  let split: Split | null = null;
  if (leaf.hessian < 2 * limits.minHessian) return { ...leaf, split };
  for (const column of columns) {
    const best = table.codeBins[column] ? bestSet : bestThreshold;
    split = best(leaf, places[column], limits, split);
  }
  return { ...leaf, split };
}

function rootOf(growth: Growth): OpenLeaf {
  const { rows, forest, state } = growth;
  const { pairs } = state.job;
  let [gradient, hessian] = [0, 0];
  for (const row of rows) {
    gradient += pairs[2 * row];
    hessian += pairs[2 * row + 1];
  }
  const node = forest.addTree(leafFor(gradient, hessian, state.limits));
  const [histogram] = state.histograms;
  const end = rows.length;
  histogramInto(state, 0, end, histogram);
  return withBestSplit(growth, { node, start: 0, end, gradient, hessian, histogram });
}

/** Splits a leaf; `free` becomes the histogram of the smaller child, the leaf's own that of the larger. */
function splitLeaf(
  growth: Growth,
  leaf: OpenLeaf,
  split: Split,
  free: Float64Array | null,
): [OpenLeaf, OpenLeaf] {
  const { rows, forest, state } = growth;
  const { start, end, histogram } = leaf;
  const middle = state.partition.divide(rows, [start, end], split);
  const { gradient, hessian } = split;
  const left = { start, end: middle, gradient, hessian };
  const right = { start: middle, end, gradient: leaf.gradient - gradient, hessian: leaf.hessian - hessian };
  const condition = { ...split, threshold: thresholdOf(state.table, split) };
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
  histogramInto(state, smaller.start, smaller.end, free);
  state.kernels.subtractPairs(histogram.byteOffset, free.byteOffset, histogram.length / 2);
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

function createState(table: BinnedTable, limits: TreeLimits): TrainingState {
  const arena = createArena();
  const cells = 2 * table.binCounts.reduce((sum, bins) => sum + bins, 0);
  const bins = arena.uint8(table.bins.length);
  bins.set(table.bins);
  return {
    table: { ...table, bins },
    limits,
    places: columnPlaces(table),
    histograms: Array.from({ length: Math.max(1, limits.leaves - 1) }, () => arena.float64(cells)),
    job: {
      rows: arena.uint32(table.rows),
      pairs: arena.float32(2 * table.rows),
      ordered: arena.float32(2 * table.rows),
      columns: arena.uint32(2 * table.columns),
    },
    words: arena.uint32(binSumsJobLength),
    firstBins: bins.byteOffset,
    partition: partitionOf({ ...table, bins }),
    kernels: kernelsOver(arena.memory),
  };
}

/** Creates a grower of trees on one table. Scratch per row and one histogram per leaf are reused between trees. */
export function treeGrower(table: BinnedTable, limits: TreeLimits): TreeGrower {
  const state = createState(table, limits);
  const { job, places, firstBins, words } = state;
  return {
    pairs: job.pairs,
    grow({ rows: sample, columns }, forest) {
      const rows = job.rows.subarray(0, sample.length);
      rows.set(sample);
      const listed = job.columns.subarray(0, 2 * columns.length);
      for (const [place, column] of columns.entries())
        listed.set([firstBins + column * table.rows, 8 * places[column].offset], 2 * place);
      writeBinSumsJob({ ...job, columns: listed }, words);
      const leaves = growLeaves({ rows, columns, forest, state });
      return {
        rows,
        leaves: leaves.map(({ start, end, gradient, hessian }) => ({
          start,
          end,
          value: Math.fround(leafFor(gradient, hessian, limits).value),
        })),
      };
    },
  };
}
