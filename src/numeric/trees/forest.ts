import type { BinnedTable } from './bins';

/**
 * Splits on categories. A node sends a set of bins left; the bin of a code is looked up per column. Bin 0 stands for
 * missing values and for codes that training did not have.
 */
export interface CategorySets {
  /** Where the codes of every column begin in `codeBins`, [columns + 1]. A column of numbers has none. */
  readonly codeStarts: Uint32Array;
  /** The bin of every code. */
  readonly codeBins: Uint8Array;
  /** Where the set of every node begins in `sets`, [nodes + 1]. A leaf or a node of a column of numbers has none. */
  readonly setStarts: Uint32Array;
  /** Bit b mod 32 of word b / 32 of a set is 1 where bin b goes left; bins beyond its words go right. */
  readonly sets: Uint32Array;
}

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
  /** Values ≤ threshold go left. 0 where the node has a set of categories. */
  readonly threshold: Float32Array;
  /** 1 where NaN goes left. */
  readonly unknownLeft: Uint8Array;
  /** Left child; 0 for a leaf. */
  readonly left: Uint32Array;
  /** The value that a leaf adds; for an inner node, the value it would have as a leaf. */
  readonly value: Float32Array;
  /** Cover: sum of the hessians of the training rows that reached the node. */
  readonly cover: Float32Array;
  /** Absent where no column is categorical. */
  readonly categories?: CategorySets;
}

/** Returns whether a code goes left at a node that has a set of categories. */
function isCodeLeft(categories: CategorySets, node: number, column: number, code: number): boolean {
  const { codeStarts, codeBins, setStarts, sets } = categories;
  const first = codeStarts[column];
  const isKnown = code >= 0 && code < codeStarts[column + 1] - first && Number.isInteger(code);
  const bin = isKnown ? codeBins[first + code] : 0;
  const word = setStarts[node] + (bin >>> 5);
  return word < setStarts[node + 1] && ((sets[word] >>> (bin & 31)) & 1) === 1;
}

/** Returns whether a value goes left at an inner node; explanations follow rows with it. */
export function isValueLeft(forest: Forest, node: number, value: number): boolean {
  const { column, threshold, unknownLeft, categories } = forest;
  if (categories && categories.setStarts[node + 1] > categories.setStarts[node])
    return isCodeLeft(categories, node, column[node], value);
  return value <= threshold[node] || (unknownLeft[node] === 1 && Number.isNaN(value));
}

/** Returns the leaf that a row reaches in a tree. O(depth). */
function leafOf(forest: Forest, root: number, values: Float32Array, start: number): number {
  const { column, left } = forest;
  let node = root;
  while (column[node] >= 0)
    node = left[node] + (isValueLeft(forest, node, values[start + column[node]]) ? 0 : 1);
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
 * Writes the forest's scores of one row: log-odds of class 1 (one output), or logits of all classes, of a boosted forest;
 * the prediction itself of a forest of averaged trees.
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

/** Returns whether the sets of categories fit the nodes: every set and every bin of a code is inside its array. */
function areSetsWellFormed(
  { columns, column }: Forest,
  { codeStarts, codeBins, setStarts, sets }: CategorySets,
) {
  const ascends = (starts: Uint32Array, length: number): boolean =>
    starts[0] === 0 &&
    starts[starts.length - 1] === length &&
    starts.every((start, place) => place === 0 || start >= starts[place - 1]);
  return (
    codeStarts.length === columns + 1 &&
    setStarts.length === column.length + 1 &&
    ascends(codeStarts, codeBins.length) &&
    ascends(setStarts, sets.length)
  );
}

/** Returns whether every inner node has later nodes as children and every root is a node: a descent then ends at a leaf. */
export function isWellFormed(forest: Forest): boolean {
  const { outputs, columns, roots, column, left, categories } = forest;
  const nodes = column.length;
  const isNode = (node: number): boolean =>
    column[node] < 0 || (column[node] < columns && left[node] > node && left[node] + 1 < nodes);
  return (
    outputs > 0 &&
    roots.length % outputs === 0 &&
    roots.every(root => root < nodes) &&
    column.every((_, node) => isNode(node)) &&
    (!categories || areSetsWellFormed(forest, categories))
  );
}

/** Returns where the codes of every column begin, and the bins of all codes. */
export function codesOf({
  codeBins,
}: Pick<BinnedTable, 'codeBins'>): Pick<CategorySets, 'codeStarts' | 'codeBins'> {
  const codeStarts = new Uint32Array(codeBins.length + 1);
  for (const [column, bins] of codeBins.entries())
    codeStarts[column + 1] = codeStarts[column] + (bins?.length ?? 0);
  return { codeStarts, codeBins: Uint8Array.from(codeBins.flatMap(bins => [...(bins ?? [])])) };
}
