/**
 * An ensemble of regression trees whose leaf values are summed. The nodes of all trees are concatenated, and the right
 * child of a node follows its left child. Plain arrays, so that artifacts can store it and explanations can traverse it.
 */
export interface Forest {
  /** Numbers per prediction: tree t adds to output t mod outputs. */
  readonly outputs: number;
  /** Columns a row must have. */
  readonly columns: number;
  /** Scores before the first tree, [outputs]. */
  readonly base: Float32Array;
  /** First node of every tree; their number is a multiple of `outputs`. */
  readonly roots: Uint32Array;
  /** Column that a node splits on; -1 for a leaf. One entry per node, as in the arrays below. */
  readonly column: Int32Array;
  /** Values ≤ threshold go left. */
  readonly threshold: Float32Array;
  /** 1 where NaN goes left. */
  readonly unknownLeft: Uint8Array;
  /** Left child; 0 for a leaf. */
  readonly left: Uint32Array;
  /** The value that a leaf adds; for an inner node, the value it would have as a leaf. */
  readonly value: Float32Array;
  /** Cover: sum of the hessians of the training rows that reached the node. */
  readonly cover: Float32Array;
}

/** Returns the leaf that a row reaches in a tree. O(depth). */
function leafOf(forest: Forest, root: number, values: Float32Array, start: number): number {
  const { column, threshold, unknownLeft, left } = forest;
  let node = root;
  while (column[node] >= 0) {
    const value = values[start + column[node]];
    const goesLeft = value <= threshold[node] || (unknownLeft[node] === 1 && Number.isNaN(value));
    node = left[node] + (goesLeft ? 0 : 1);
  }
  return node;
}

/**
 * Adds the outputs of all trees for one row.
 *
 * @param values - the row is values [start, start + columns); NaN: missing
 * @param out - the row's outputs are out [at, at + outputs)
 */
export function addTreesInto(
  forest: Forest,
  values: Float32Array,
  start: number,
  out: Float64Array,
  at: number,
): void {
  const { outputs, roots, value } = forest;
  for (let tree = 0; tree < roots.length; tree++)
    out[at + (tree % outputs)] += value[leafOf(forest, roots[tree], values, start)];
}

/**
 * Writes the forest's scores of one row: log-odds of class 1 (one output), or logits of all classes.
 *
 * @param values - the row is values [start, start + columns); NaN: missing
 * @param out - [outputs]
 */
export function forestScoresInto(
  forest: Forest,
  values: Float32Array,
  start: number,
  out: Float64Array,
): void {
  for (let output = 0; output < forest.outputs; output++) out[output] = forest.base[output];
  addTreesInto(forest, values, start, out, 0);
}

/** The condition of an inner node: rows that fulfil it go left. */
export interface SplitCondition {
  readonly column: number;
  readonly threshold: number;
  readonly unknownLeft: boolean;
}

/** The numbers of a leaf. */
export interface Leaf {
  readonly value: number;
  readonly cover: number;
}

/** Builds a forest node by node. */
export interface ForestBuilder {
  readonly trees: number;
  /** Adds a tree of a single leaf and returns its node. */
  addTree(leaf: Leaf): number;
  /** Turns a leaf into an inner node with two leaves and returns the left one. */
  split(node: number, condition: SplitCondition, leaves: readonly [Leaf, Leaf]): number;
  /** Returns the trees [first, end) as a forest. */
  build(first: number, end: number): Forest;
}

interface Node extends Leaf, SplitCondition {
  readonly left: number;
}

/** Creates a builder of a forest whose scores start at `base`. */
export function forestBuilder(base: readonly number[], columns: number): ForestBuilder {
  const nodes: Node[] = [];
  const roots: number[] = [];
  const addLeaf = (leaf: Leaf): number =>
    nodes.push({ ...leaf, column: -1, threshold: 0, unknownLeft: false, left: 0 }) - 1;
  return {
    get trees() {
      return roots.length;
    },
    addTree(leaf) {
      roots.push(addLeaf(leaf));
      return roots[roots.length - 1];
    },
    split(node, condition, [leftLeaf, rightLeaf]) {
      const left = addLeaf(leftLeaf);
      addLeaf(rightLeaf);
      nodes[node] = { ...nodes[node], ...condition, left };
      return left;
    },
    build(first, end) {
      const start = roots[first] ?? nodes.length;
      const kept = nodes.slice(start, roots[end] ?? nodes.length);
      return {
        outputs: base.length,
        columns,
        base: Float32Array.from(base),
        roots: Uint32Array.from(roots.slice(first, end), root => root - start),
        column: Int32Array.from(kept, node => node.column),
        threshold: Float32Array.from(kept, node => node.threshold),
        unknownLeft: Uint8Array.from(kept, node => Number(node.unknownLeft)),
        left: Uint32Array.from(kept, node => (node.column < 0 ? 0 : node.left - start)),
        value: Float32Array.from(kept, node => node.value),
        cover: Float32Array.from(kept, node => node.cover),
      };
    },
  };
}
