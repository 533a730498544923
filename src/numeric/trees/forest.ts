/**
 * Trees whose leaves are summed. Nodes of all trees lie one after the other; the right child of a node is the one after its left. Made of
 * arrays alone, so that an artifact can hold it and an explanation walk it.
 */
export interface Forest {
  /** Values of a prediction: tree t adds to value t mod outputs. */
  readonly outputs: number;
  /** Columns a row must have. */
  readonly columns: number;
  /** What a row has before any tree, [outputs]. */
  readonly base: Float32Array;
  /** First node of every tree; a multiple of `outputs` of them. */
  readonly roots: Uint32Array;
  /** Column a node asks of; -1 in a leaf. One a node, as are the following. */
  readonly column: Int32Array;
  /** A value up to and including it goes left. */
  readonly threshold: Float32Array;
  /** 1 where NaN goes left. */
  readonly unknownLeft: Uint8Array;
  /** Left child of a node that asks; 0 in a leaf. */
  readonly left: Uint32Array;
  /** What a leaf adds; in a node that asks, what it would add were it a leaf. */
  readonly value: Float32Array;
  /** Sum of the hessians of the rows that came by in training: how much a node weighs. */
  readonly cover: Float32Array;
}

/** The leaf of a tree in which a row ends: O(depth). */
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
 * Adds to `out` what the trees say of one row.
 *
 * @param values - the row is values [start, start + columns); NaN: not known
 * @param out - its outputs are out [at, at + outputs)
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
 * The forest's sums for one row: log-odds of class 1 (one output) or logits of all classes.
 *
 * @param values - the row is values [start, start + columns); NaN: not known
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

/** What a node asks. */
export interface Question {
  readonly column: number;
  readonly threshold: number;
  readonly unknownLeft: boolean;
}

/** A leaf to be. */
export interface Leaf {
  readonly value: number;
  readonly cover: number;
}

/** Takes nodes one by one. */
export interface ForestBuilder {
  readonly trees: number;
  /** Begins a tree with a leaf, and answers its node. */
  addTree(leaf: Leaf): number;
  /** Makes a leaf ask, and answers its left child; both children are leaves. */
  split(node: number, question: Question, leaves: readonly [Leaf, Leaf]): number;
  /** The trees [first, end) as a forest. */
  build(first: number, end: number): Forest;
}

interface Node extends Leaf, Question {
  readonly left: number;
}

/** A builder of a forest in which every row begins with `base`. */
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
    split(node, question, [leftLeaf, rightLeaf]) {
      const left = addLeaf(leftLeaf);
      addLeaf(rightLeaf);
      nodes[node] = { ...nodes[node], ...question, left };
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
