import type { BinnedTable } from './bins';
import { type CategorySets, codesOf, type Forest } from './forest';

/** The condition of an inner node: rows that fulfil it go left. */
export interface SplitCondition {
  readonly column: number;
  readonly threshold: number;
  readonly unknownLeft: boolean;
  /** The bins that go left, as bits; null for a column of numbers. */
  readonly set: Uint32Array | null;
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
  /** Returns the trees [first, end) as a forest whose values are multiplied by `factor` (1 by default). */
  build(first: number, end: number, factor?: number): Forest;
}

/** The arrays of a forest per node, with room for more nodes. */
const allocateNodes = (capacity: number) => ({
  column: new Int32Array(capacity).fill(-1),
  threshold: new Float32Array(capacity),
  unknownLeft: new Uint8Array(capacity),
  left: new Uint32Array(capacity),
  value: new Float32Array(capacity),
  cover: new Float32Array(capacity),
  /** Where the set of a node begins among all sets. */
  set: new Uint32Array(capacity),
});
type Nodes = ReturnType<typeof allocateNodes>;

function widen(nodes: Nodes): Nodes {
  const wider = allocateNodes(2 * nodes.column.length);
  wider.column.set(nodes.column);
  wider.threshold.set(nodes.threshold);
  wider.unknownLeft.set(nodes.unknownLeft);
  wider.left.set(nodes.left);
  wider.value.set(nodes.value);
  wider.cover.set(nodes.cover);
  wider.set.set(nodes.set);
  return wider;
}

/** Words of a set of the bins of each column; 0 for a column of numbers. */
const setLengthsOf = ({ codeBins, binCounts }: Binning): number[] =>
  codeBins.map((bins, column) => (bins ? Math.ceil(binCounts[column] / 32) : 0));

/** Concatenates the sets of the nodes [start, end) in their order. */
function concatenateSets(
  nodes: Nodes,
  [start, end]: readonly [number, number],
  setLengths: readonly number[],
  all: Uint32Array,
): Pick<CategorySets, 'setStarts' | 'sets'> {
  const lengthOf = (node: number): number => (nodes.column[node] < 0 ? 0 : setLengths[nodes.column[node]]);
  const setStarts = new Uint32Array(end - start + 1);
  for (let node = start; node < end; node++)
    setStarts[node - start + 1] = setStarts[node - start] + lengthOf(node);
  const sets = new Uint32Array(setStarts[end - start]);
  for (let node = start; node < end; node++)
    for (let word = 0; word < lengthOf(node); word++)
      sets[setStarts[node - start] + word] = all[nodes.set[node] + word];
  return { setStarts, sets };
}

/** Creates a growing list of sets, one after the other. */
function createSetList() {
  let all = new Uint32Array(1024);
  let end = 0;
  return {
    all: () => all,
    /** Returns where the set begins. */
    add(set: Uint32Array): number {
      if (end + set.length > all.length) {
        const wider = new Uint32Array(2 * all.length);
        wider.set(all);
        all = wider;
      }
      all.set(set, end);
      end += set.length;
      return end - set.length;
    },
  };
}

/** What a builder has to know of the table. */
type Binning = Pick<BinnedTable, 'columns' | 'codeBins' | 'binCounts'>;

/** Creates a builder of a forest whose scores start at `base`. */
export function forestBuilder(base: readonly number[], binning: Binning): ForestBuilder {
  const { columns, codeBins } = binning;
  const setLengths = setLengthsOf(binning);
  const codes = codeBins.some(bins => bins !== null) ? codesOf({ codeBins }) : null;
  const roots: number[] = [];
  let nodes = allocateNodes(1024);
  let count = 0;
  const sets = createSetList();
  const addLeaf = ({ value, cover }: Leaf): number => {
    if (count === nodes.column.length) nodes = widen(nodes);
    nodes.value[count] = value;
    nodes.cover[count] = cover;
    return count++;
  };
  return {
    get trees() {
      return roots.length;
    },
    addTree(leaf) {
      roots.push(addLeaf(leaf));
      return roots[roots.length - 1];
    },
    split(node, { column, threshold, unknownLeft, set }, [leftLeaf, rightLeaf]) {
      const left = addLeaf(leftLeaf);
      addLeaf(rightLeaf);
      nodes.column[node] = column;
      nodes.threshold[node] = threshold;
      nodes.unknownLeft[node] = Number(unknownLeft);
      nodes.left[node] = left;
      if (set) nodes.set[node] = sets.add(set.subarray(0, setLengths[column]));
      return left;
    },
    build(first, end, factor = 1) {
      const start = roots[first] ?? count;
      const stop = roots[end] ?? count;
      const { column, threshold, unknownLeft, left, value, cover } = nodes;
      return {
        outputs: base.length,
        columns,
        base: Float32Array.from(base),
        roots: Uint32Array.from(roots.slice(first, end), root => root - start),
        column: column.slice(start, stop),
        threshold: threshold.slice(start, stop),
        unknownLeft: unknownLeft.slice(start, stop),
        left: left.slice(start, stop).map((child, node) => (column[start + node] < 0 ? 0 : child - start)),
        value: value.slice(start, stop).map(own => own * factor),
        cover: cover.slice(start, stop),
        ...(codes && {
          categories: { ...codes, ...concatenateSets(nodes, [start, stop], setLengths, sets.all()) },
        }),
      };
    },
  };
}
