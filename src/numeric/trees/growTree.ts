// Grows one regression tree on gradients and hessians, leaf-wise (Chen & Guestrin 2016, "XGBoost"; Ke et al. 2017,
// "LightGBM"). With G and H the sums of gradients and hessians of a leaf's rows:
//
//   value of a leaf   -G / (H + λ)                                                    (eq. 5)
//   gain of a split   ½ [G_L² / (H_L + λ) + G_R² / (H_R + λ) - G² / (H + λ)]           (eq. 7, γ = minimum gain)
//
// Rows with a missing value go to the side with the higher gain (algorithm 3). The leaf with the highest gain is split next.
// Sums are read from histograms; the larger child's histogram is its parent's minus the smaller child's.
// O(rows × columns × depth / 2).
import type { BinnedTable } from './bins';
import type { ForestBuilder, Leaf, SplitCondition } from './forest';

/** Limits and regularization of a tree. */
export interface TreeLimits {
  /** Maximum number of leaves. */
  readonly leaves: number;
  /** Minimum sum of hessians in a leaf, > 0. */
  readonly minHessian: number;
  /** λ: added to the sum of hessians of a leaf. */
  readonly l2: number;
  /** γ: minimum gain of a split. */
  readonly minGain: number;
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

interface Split {
  readonly gain: number;
  readonly column: number;
  /** Known values of bins ≤ bin go left. */
  readonly bin: number;
  readonly unknownLeft: boolean;
  /** Sums of the left child. */
  readonly gradient: number;
  readonly hessian: number;
}

interface OpenLeaf {
  readonly node: number;
  readonly start: number;
  readonly end: number;
  readonly gradient: number;
  readonly hessian: number;
  readonly histogram: Float64Array;
  readonly split: Split | null;
}

/** Grows trees on one table and reuses their buffers. */
export interface TreeGrower {
  /** Adds a tree to the forest. */
  grow(task: TreeTask, forest: ForestBuilder): void;
}

/** G² / (H + λ). */
const structureScore = (gradient: number, hessian: number, l2: number): number =>
  (gradient * gradient) / (hessian + l2);

/** Returns the best split of one column if it is better than `best`, else `best`. */
function bestSplitOfColumn(
  leaf: Pick<OpenLeaf, 'gradient' | 'hessian' | 'histogram'>,
  place: { readonly column: number; readonly offset: number; readonly bins: number },
  limits: TreeLimits,
  best: Split | null,
): Split | null {
  const { gradient, hessian, histogram } = leaf;
  const { minHessian, l2, minGain } = limits;
  const { column, offset, bins } = place;
  const whole = structureScore(gradient, hessian, l2);
  const [unknownGradient, unknownHessian] = [histogram[offset], histogram[offset + 1]];
  let found = best;
  let bestGain = best?.gain ?? minGain;
  let [knownGradient, knownHessian] = [0, 0];
  for (let bin = 1; bin < bins; bin++) {
    knownGradient += histogram[offset + 2 * bin];
    knownHessian += histogram[offset + 2 * bin + 1];
    for (let unknownLeft = 0; unknownLeft < (unknownHessian > 0 ? 2 : 1); unknownLeft++) {
      const leftGradient = knownGradient + unknownLeft * unknownGradient;
      const leftHessian = knownHessian + unknownLeft * unknownHessian;
      const rightHessian = hessian - leftHessian;
      if (leftHessian < minHessian || rightHessian < minHessian) continue;
      const right = structureScore(gradient - leftGradient, rightHessian, l2);
      const gain = (structureScore(leftGradient, leftHessian, l2) + right - whole) / 2;
      if (!(gain > bestGain)) continue;
      bestGain = gain;
      const isLeft = unknownLeft === 1;
      found = { gain, column, bin, unknownLeft: isLeft, gradient: leftGradient, hessian: leftHessian };
    }
  }
  return found;
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
  { offsets, ordered }: TrainingState,
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
  const starts = columns.map(column => offsets[column]);
  let done = 0;
  for (; done + 4 <= columns.length; done += 4)
    sumFourColumns(summing, firsts.slice(done, done + 4), starts.slice(done, done + 4));
  for (; done < columns.length; done++) sumColumn(summing, firsts[done], starts[done]);
}

/** Stable partition of the rows [start, end): those that go left come first. @returns where the others begin */
function partition(
  { table, rows }: TreeTask,
  [start, end]: readonly [number, number],
  { column, bin, unknownLeft }: Split,
  spare: Uint32Array,
): number {
  const first = column * table.rows;
  let middle = start;
  let others = 0;
  for (let place = start; place < end; place++) {
    const row = rows[place];
    const own = table.bins[first + row];
    if (own === 0 ? unknownLeft : own <= bin) rows[middle++] = row;
    else spare[others++] = row;
  }
  rows.set(spare.subarray(0, others), middle);
  return middle;
}

/** Largest float32: above all values, and finite, so that an artifact can store it. */
const highest = 3.4028234663852886e38;
/** The highest value that goes left; after the last edge all known values do. */
const thresholdOf = ({ edges }: BinnedTable, { column, bin }: Split): number =>
  edges[column][bin - 1] ?? highest;

/** Start of each column's pairs in a histogram, then the histogram's length. */
function histogramOffsets({ edges }: BinnedTable): Uint32Array {
  const offsets = new Uint32Array(edges.length + 1);
  for (const [column, { length }] of edges.entries())
    offsets[column + 1] = offsets[column] + 2 * (length + 2);
  return offsets;
}

/** Buffers shared by the trees of one table. */
interface TrainingState {
  readonly limits: TreeLimits;
  /** Start of each column's pairs in a histogram. */
  readonly offsets: Uint32Array;
  /** One per leaf. */
  readonly histograms: readonly Float64Array[];
  /** Gradients and hessians in the order of a leaf's rows; one per row. */
  readonly ordered: readonly [Float32Array, Float32Array];
  /** Scratch for partition; one per row. */
  readonly spare: Uint32Array;
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
  let split: Split | null = null;
  for (const column of task.columns) {
    const offset = state.offsets[column];
    const bins = (state.offsets[column + 1] - offset) / 2;
    split = bestSplitOfColumn(leaf, { column, offset, bins }, state.limits, split);
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
function splitLeaf(growth: Growth, leaf: OpenLeaf, split: Split, free: Float64Array): [OpenLeaf, OpenLeaf] {
  const { task, forest, state } = growth;
  const { start, end, histogram } = leaf;
  const middle = partition(task, [start, end], split, state.spare);
  const { gradient, hessian, column, unknownLeft } = split;
  const left = { start, end: middle, gradient, hessian };
  const right = { start: middle, end, gradient: leaf.gradient - gradient, hessian: leaf.hessian - hessian };
  const condition: SplitCondition = { column, threshold: thresholdOf(task.table, split), unknownLeft };
  const node = forest.split(leaf.node, condition, [
    leafFor(left.gradient, left.hessian, state.limits),
    leafFor(right.gradient, right.hessian, state.limits),
  ]);
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

function growTree(growth: Growth): void {
  const { limits, histograms } = growth.state;
  const leaves: OpenLeaf[] = [rootOf(growth)];
  while (leaves.length < limits.leaves) {
    let best = 0;
    for (let index = 1; index < leaves.length; index++)
      if ((leaves[index].split?.gain ?? 0) > (leaves[best].split?.gain ?? 0)) best = index;
    const { split } = leaves[best];
    if (!split) return;
    const [left, right] = splitLeaf(growth, leaves[best], split, histograms[leaves.length]);
    leaves[best] = left;
    leaves.push(right);
  }
}

/** Creates a grower of trees on one table. Scratch per row and one histogram per leaf are reused between trees. */
export function treeGrower(table: BinnedTable, limits: TreeLimits): TreeGrower {
  const offsets = histogramOffsets(table);
  const state: TrainingState = {
    limits,
    offsets,
    histograms: Array.from({ length: limits.leaves }, () => new Float64Array(offsets[table.columns])),
    ordered: [new Float32Array(table.rows), new Float32Array(table.rows)],
    spare: new Uint32Array(table.rows),
  };
  return { grow: (task, forest) => growTree({ task, forest, state }) };
}
