// Grows one tree whose leaves hold the weighted mean of labels 0 and 1: the share of class 1 (CART; Breiman, Friedman,
// Olshen & Stone 1984). With gradients -w·y and hessians w, the gain of bestSplit.ts is half the decrease of squared error,
// which is a quarter of that of Gini impurity. Nodes are split depth-first. Each draws its columns anew and sums one of them
// at a time, so that memory does not grow with leaves. O(rows × columns per node × depth).
import type { Rng } from '../rng';
import {
  bestSet,
  bestThreshold,
  type CategoryLimits,
  type Split,
  type SplitLimits,
  thresholdOf,
} from './bestSplit';
import { type BinnedTable, maxBins } from './bins';
import { columnDrawer } from './drawColumn';
import type { ForestBuilder } from './forestBuilder';
import { partitionOf } from './partition';

/** Limits of a tree of means. */
export interface MeanTreeLimits {
  /** Minimum sum of weights in a leaf, > 0. */
  readonly minLeafWeight: number;
  /** Splits between the root and a leaf at most. */
  readonly maxDepth: number;
  /** Columns drawn per node; more are drawn while none of them can be split. */
  readonly columnsPerNode: number;
}

/** The rows that a tree is grown on. */
export interface MeanTreeTask {
  /** 0 or 1; one per row of the table. */
  readonly labels: Uint8Array;
  /** One per row of the table. */
  readonly weights: Float32Array;
  /** Rows with weights above 0; reordered in place. */
  readonly rows: Uint32Array;
  /** Draws columns. */
  readonly rng: Rng;
}

interface OpenNode {
  readonly node: number;
  readonly start: number;
  readonly end: number;
  readonly depth: number;
  /** Sums of -w·y and of w. */
  readonly gradient: number;
  readonly hessian: number;
}

/** Of two classes the best set is a prefix of the sorted categories, without regularization. */
const exactSets: CategoryLimits = { l2: 0, smoothing: 0, minHessian: 0, oneAgainstRest: 0 };
/** Sums that differ by less than this share of a node's weight are equal. */
const tolerance = 1e-9;

/** Sums the rows of a node by the bins of one column. */
interface ColumnSums {
  /** Pairs (gradient, hessian) per bin of the last column, or per bin that occurs. */
  readonly histogram: Float64Array;
  /** Reads the rows [start, end) once for all columns. */
  gather(task: MeanTreeTask, start: number, end: number): void;
  /** Sums all bins of a column. */
  sum(task: MeanTreeTask, node: OpenNode, column: number): void;
  /** Sums the bins of a column that occur: bin 0, then others ascending. @returns how many */
  sumPresent(task: MeanTreeTask, node: OpenNode, column: number): number;
  /** The bin at each place of the last `sumPresent`. */
  readonly present: Uint8Array;
}

function columnSumsOf({ bins, rows: tableRows, binCounts }: BinnedTable): ColumnSums {
  const histogram = new Float64Array(2 * maxBins);
  const sparse = new Float64Array(2 * maxBins);
  const present = new Uint8Array(maxBins + 1);
  const marks = new Uint32Array(maxBins / 32);
  const gradients = new Float32Array(tableRows);
  const hessians = new Float32Array(tableRows);
  function sumInto(out: Float64Array, rows: Uint32Array, { start, end }: OpenNode, column: number): void {
    const first = column * tableRows;
    for (let place = start; place < end; place++) {
      const cell = 2 * bins[first + rows[place]];
      out[cell] += gradients[place];
      out[cell + 1] += hessians[place];
    }
  }
  /** Moves the sums of a bin to the next place, and leaves 0. */
  function compact(bin: number, place: number): void {
    histogram[2 * place] = sparse[2 * bin];
    histogram[2 * place + 1] = sparse[2 * bin + 1];
    sparse[2 * bin] = 0;
    sparse[2 * bin + 1] = 0;
    present[place] = bin;
  }
  return {
    histogram,
    present,
    gather({ labels, weights, rows }, start, end) {
      for (let place = start; place < end; place++) {
        const weight = weights[rows[place]];
        hessians[place] = weight;
        gradients[place] = labels[rows[place]] === 1 ? -weight : 0;
      }
    },
    sum({ rows }, node, column) {
      histogram.fill(0, 0, 2 * binCounts[column]);
      sumInto(histogram, rows, node, column);
    },
    sumPresent({ rows }, node, column) {
      const first = column * tableRows;
      sumInto(sparse, rows, node, column);
      for (let place = node.start; place < node.end; place++) {
        const bin = bins[first + rows[place]];
        marks[bin >>> 5] |= 1 << (bin & 31);
      }
      marks[0] &= ~1;
      compact(0, 0);
      let places = 1;
      for (let word = 0; word < marks.length; word++) {
        for (let left = marks[word]; left !== 0; left &= left - 1)
          compact(32 * word + 31 - Math.clz32(left & -left), places++);
        marks[word] = 0;
      }
      return places;
    },
  };
}

/** Returns a function that finds the best split of a node among the columns that it draws. */
function splitFinder(table: BinnedTable, limits: MeanTreeLimits) {
  const sums = columnSumsOf(table);
  const { histogram } = sums;
  const splitLimits: SplitLimits = {
    minHessian: limits.minLeafWeight,
    l2: 0,
    minGain: 0,
    categories: exactSets,
  };
  const drawColumn = columnDrawer(table.columns);
  // All columns are tried in their order, so that equal splits are resolved in the same way in every node.
  const isDrawing = limits.columnsPerNode < table.columns;
  function splitOf(task: MeanTreeTask, node: OpenNode, column: number, best: Split | null): Split | null {
    const { gradient, hessian } = node;
    const nodeSums = { gradient, hessian, histogram };
    const bins = table.binCounts[column];
    const isSparse = node.end - node.start < bins / 2 && !table.codeBins[column];
    if (isSparse) {
      const places = sums.sumPresent(task, node, column);
      const split = bestThreshold(nodeSums, { column, offset: 0, bins: places }, splitLimits, best);
      return split && split !== best ? { ...split, bin: sums.present[split.bin] } : split;
    }
    sums.sum(task, node, column);
    const search = table.codeBins[column] ? bestSet : bestThreshold;
    return search(nodeSums, { column, offset: 0, bins }, splitLimits, best);
  }
  return (task: MeanTreeTask, node: OpenNode): Split | null => {
    sums.gather(task, node.start, node.end);
    let split: Split | null = null;
    for (let drawn = 0; drawn < table.columns; drawn++) {
      if (drawn >= limits.columnsPerNode && split) break;
      split = splitOf(task, node, isDrawing ? drawColumn(drawn, task.rng) : drawn, split);
    }
    return split;
  };
}

function rootSums({ labels, weights, rows }: MeanTreeTask): { gradient: number; hessian: number } {
  let [gradient, hessian] = [0, 0];
  for (const row of rows) {
    hessian += weights[row];
    if (labels[row] === 1) gradient -= weights[row];
  }
  return { gradient, hessian };
}

/** Grows trees of means on one table and reuses their scratch. */
export interface MeanTreeGrower {
  /** Adds a tree to the forest; the value of a node is the share of class 1, its cover the sum of weights. */
  grow(task: MeanTreeTask, forest: ForestBuilder): void;
}

/** Creates a grower of trees of means on one table. */
export function meanTreeGrower(table: BinnedTable, limits: MeanTreeLimits): MeanTreeGrower {
  const partition = partitionOf(table);
  const findSplit = splitFinder(table, limits);
  const leafFor = ({ gradient, hessian }: { gradient: number; hessian: number }) => ({
    value: gradient === 0 ? 0 : -gradient / hessian,
    cover: hessian,
  });
  const isFinal = ({ gradient, hessian, depth }: OpenNode): boolean =>
    depth >= limits.maxDepth ||
    hessian < 2 * limits.minLeafWeight ||
    -gradient <= tolerance * hessian ||
    hessian + gradient <= tolerance * hessian;
  function splitNode(task: MeanTreeTask, forest: ForestBuilder, open: OpenNode): readonly OpenNode[] {
    if (isFinal(open)) return [];
    const split = findSplit(task, open);
    if (!split) return [];
    const { column, set, unknownLeft, gradient, hessian } = split;
    const { start, end } = open;
    const rest = { gradient: open.gradient - gradient, hessian: open.hessian - hessian };
    const condition = { column, set, unknownLeft, threshold: thresholdOf(table, split) };
    const node = forest.split(open.node, condition, [leafFor(split), leafFor(rest)]);
    const middle = partition.divide(task.rows, [start, end], split);
    const depth = open.depth + 1;
    // Every node is written out: spread objects took half the time of a forest.
    return [
      { node: node + 1, start: middle, end, depth, gradient: rest.gradient, hessian: rest.hessian },
      { node, start, end: middle, depth, gradient, hessian },
    ];
  }
  return {
    grow(task, forest) {
      const sums = rootSums(task);
      const stack: OpenNode[] = [
        { ...sums, node: forest.addTree(leafFor(sums)), start: 0, end: task.rows.length, depth: 0 },
      ];
      for (let open = stack.pop(); open; open = stack.pop())
        for (const child of splitNode(task, forest, open)) stack.push(child);
    },
  };
}
