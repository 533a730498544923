// One regression tree on gradients and hessians, leaf by leaf (Chen & Guestrin 2016, "XGBoost"; Ke et al. 2017, "LightGBM"). With G and
// H the sums of gradients and hessians of a leaf's rows: a leaf adds -G / (H + λ) (eq. 5), and a split gains
// ½ [G_L² / (H_L + λ) + G_R² / (H_R + λ) - G² / (H + λ)] (eq. 7, γ = least gain). Rows with an unknown value go
// where they gain more (algorithm 3). The leaf that gains most is split next. Sums come from histograms; the larger
// child's is its parent's less the smaller's. O(rows × columns × depth / 2).
import type { BinnedTable } from './bins';
import type { ForestBuilder, Leaf, Question } from './forest';

/** How far a tree may grow. */
export interface TreeLimits {
  readonly leaves: number;
  /** Fewest hessians in a leaf, > 0. */
  readonly leastHessian: number;
  /** λ: what is added to the hessians of a leaf. */
  readonly l2: number;
  /** γ: fewer is no gain. */
  readonly leastGain: number;
  /** What a leaf's value is multiplied by (Friedman 2001, shrinkage). */
  readonly learningRate: number;
}

/** What a tree is grown on. */
export interface TreeTask {
  readonly table: BinnedTable;
  /** One a row of the table. */
  readonly gradients: Float32Array;
  /** One a row of the table, > 0. */
  readonly hessians: Float32Array;
  /** Rows that count. Reordered. */
  readonly rows: Uint32Array;
  /** Columns that may be asked of. */
  readonly columns: readonly number[];
}

interface Split {
  readonly gain: number;
  readonly column: number;
  /** Bins up to and including it go left, the unknown apart. */
  readonly bin: number;
  readonly unknownLeft: boolean;
  /** Of the left child. */
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

/** Grows trees on one table; keeps what they can share. */
export interface TreeGrower {
  /** Adds a tree to the forest. */
  grow(task: TreeTask, forest: ForestBuilder): void;
}

/** G² / (H + λ). */
const structureScore = (gradient: number, hessian: number, l2: number): number =>
  (gradient * gradient) / (hessian + l2);

/** The best place to cut one column, better than `best`; `best` where there is none. */
function bestOfColumn(
  leaf: Pick<OpenLeaf, 'gradient' | 'hessian' | 'histogram'>,
  place: { readonly column: number; readonly offset: number; readonly bins: number },
  limits: TreeLimits,
  best: Split | null,
): Split | null {
  const { gradient, hessian, histogram } = leaf;
  const { leastHessian, l2, leastGain } = limits;
  const { column, offset, bins } = place;
  const whole = structureScore(gradient, hessian, l2);
  const [unknownGradient, unknownHessian] = [histogram[offset], histogram[offset + 1]];
  let found = best;
  let least = best?.gain ?? leastGain;
  let [knownGradient, knownHessian] = [0, 0];
  for (let bin = 1; bin < bins; bin++) {
    knownGradient += histogram[offset + 2 * bin];
    knownHessian += histogram[offset + 2 * bin + 1];
    for (let unknownLeft = 0; unknownLeft < (unknownHessian > 0 ? 2 : 1); unknownLeft++) {
      const leftGradient = knownGradient + unknownLeft * unknownGradient;
      const leftHessian = knownHessian + unknownLeft * unknownHessian;
      const rightHessian = hessian - leftHessian;
      if (leftHessian < leastHessian || rightHessian < leastHessian) continue;
      const right = structureScore(gradient - leftGradient, rightHessian, l2);
      const gain = (structureScore(leftGradient, leftHessian, l2) + right - whole) / 2;
      if (!(gain > least)) continue;
      least = gain;
      const isLeft = unknownLeft === 1;
      found = { gain, column, bin, unknownLeft: isLeft, gradient: leftGradient, hessian: leftHessian };
    }
  }
  return found;
}

/** Rows with their gradients and hessians in the order of a leaf, and where they are summed. */
interface Summing {
  readonly bins: Uint8Array;
  readonly rows: Uint32Array;
  readonly ordered: readonly [Float32Array, Float32Array];
  readonly range: readonly [number, number];
  readonly out: Float64Array;
}

/** Sums rows by the bins of a column: those of the column begin at `first`, its pairs at `offset`. */
function sumColumn({ bins, rows, ordered, range, out }: Summing, first: number, offset: number): void {
  const [gradients, hessians] = ordered;
  for (let place = range[0]; place < range[1]; place++) {
    const cell = offset + 2 * bins[first + rows[place]];
    out[cell] += gradients[place];
    out[cell + 1] += hessians[place];
  }
}

/** {@link sumColumn} of four columns at once, which costs less than half: what a row has is read once. */
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

/** Sums gradients and hessians of the rows [start, end) into a histogram: pairs, columns one after the other. */
function histogramInto(
  { table, gradients, hessians, rows, columns }: TreeTask,
  range: readonly [number, number],
  { offsets, ordered }: TrainingState,
  out: Float64Array,
): void {
  const [orderedGradients, orderedHessians] = ordered;
  const { bins, rows: tableRows } = table;
  out.fill(0);
  // Gathered once, so that every column reads them in a row.
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

/** Puts rows that go left before the others, both in their order; answers where the others begin. */
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

/** Above all values: finite, so that an artifact may hold it. */
const highest = 3.4028234663852886e38;
/** The highest value that goes left: all that are known, after the last edge. */
const thresholdOf = ({ edges }: BinnedTable, { column, bin }: Split): number =>
  edges[column][bin - 1] ?? highest;

/** Where each column's pairs begin in a histogram; the last is their number. */
function histogramOffsets({ edges }: BinnedTable): Uint32Array {
  const offsets = new Uint32Array(edges.length + 1);
  for (const [column, { length }] of edges.entries())
    offsets[column + 1] = offsets[column] + 2 * (length + 2);
  return offsets;
}

/** What trees grown on one table share. */
interface TrainingState {
  readonly limits: TreeLimits;
  /** Where each column's pairs begin in a histogram. */
  readonly offsets: Uint32Array;
  /** One a leaf. */
  readonly histograms: readonly Float64Array[];
  /** One a row: gradients and hessians in the order of a leaf's rows. */
  readonly ordered: readonly [Float32Array, Float32Array];
  /** One a row. */
  readonly spare: Uint32Array;
}

/** A tree while it grows. */
interface Growth {
  readonly task: TreeTask;
  readonly forest: ForestBuilder;
  readonly shop: TrainingState;
}

const leafFor = (gradient: number, hessian: number, { learningRate, l2 }: TreeLimits): Leaf => ({
  value: (-learningRate * gradient) / (hessian + l2),
  cover: hessian,
});

/** The leaf with the best way to split it. */
function opened({ task, shop }: Growth, leaf: Omit<OpenLeaf, 'split'>): OpenLeaf {
  let split: Split | null = null;
  for (const column of task.columns) {
    const offset = shop.offsets[column];
    const bins = (shop.offsets[column + 1] - offset) / 2;
    split = bestOfColumn(leaf, { column, offset, bins }, shop.limits, split);
  }
  return { ...leaf, split };
}

function rootOf(growth: Growth): OpenLeaf {
  const { task, forest, shop } = growth;
  let [gradient, hessian] = [0, 0];
  for (const row of task.rows) {
    gradient += task.gradients[row];
    hessian += task.hessians[row];
  }
  const node = forest.addTree(leafFor(gradient, hessian, shop.limits));
  const [histogram] = shop.histograms;
  const end = task.rows.length;
  histogramInto(task, [0, end], shop, histogram);
  return opened(growth, { node, start: 0, end, gradient, hessian, histogram });
}

/** Splits a leaf in two; `free` becomes the smaller child's histogram, the leaf's own the larger's. */
function divide(growth: Growth, leaf: OpenLeaf, split: Split, free: Float64Array): [OpenLeaf, OpenLeaf] {
  const { task, forest, shop } = growth;
  const { start, end, histogram } = leaf;
  const middle = partition(task, [start, end], split, shop.spare);
  const { gradient, hessian, column, unknownLeft } = split;
  const left = { start, end: middle, gradient, hessian };
  const right = { start: middle, end, gradient: leaf.gradient - gradient, hessian: leaf.hessian - hessian };
  const question: Question = { column, threshold: thresholdOf(task.table, split), unknownLeft };
  const node = forest.split(leaf.node, question, [
    leafFor(left.gradient, left.hessian, shop.limits),
    leafFor(right.gradient, right.hessian, shop.limits),
  ]);
  const isLeftSmaller = middle - start <= end - middle;
  const smaller = isLeftSmaller ? left : right;
  histogramInto(task, [smaller.start, smaller.end], shop, free);
  for (let cell = 0; cell < histogram.length; cell++) histogram[cell] -= free[cell];
  const [leftSums, rightSums] = isLeftSmaller ? [free, histogram] : [histogram, free];
  return [
    opened(growth, { ...left, node, histogram: leftSums }),
    opened(growth, { ...right, node: node + 1, histogram: rightSums }),
  ];
}

function growOne(growth: Growth): void {
  const { limits, histograms } = growth.shop;
  const leaves: OpenLeaf[] = [rootOf(growth)];
  while (leaves.length < limits.leaves) {
    let best = 0;
    for (let index = 1; index < leaves.length; index++)
      if ((leaves[index].split?.gain ?? 0) > (leaves[best].split?.gain ?? 0)) best = index;
    const { split } = leaves[best];
    if (!split) return;
    const [left, right] = divide(growth, leaves[best], split, histograms[leaves.length]);
    leaves[best] = left;
    leaves.push(right);
  }
}

/** A grower of trees on a table: scratch for that many rows, and a histogram a leaf, are kept between trees. */
export function treeGrower(table: BinnedTable, limits: TreeLimits): TreeGrower {
  const offsets = histogramOffsets(table);
  const shop: TrainingState = {
    limits,
    offsets,
    histograms: Array.from({ length: limits.leaves }, () => new Float64Array(offsets[table.columns])),
    ordered: [new Float32Array(table.rows), new Float32Array(table.rows)],
    spare: new Uint32Array(table.rows),
  };
  return { grow: (task, forest) => growOne({ task, forest, shop }) };
}
