// Minimal cost-complexity pruning (Breiman, Friedman, Olshen & Stone 1984, chapter 3.3: weakest links). With R the squared
// error per row, the weakest link is the inner node t with the lowest [R(t) - R(subtree of t)] / (leaves of the subtree - 1).
import type { CategorySets, Forest } from './forest';

/** When to stop pruning. */
export interface PruneLimits {
  /** Decrease of squared error per row (Brier score) that every leaf beyond the first has to bring, ≥ 0. */
  readonly costComplexity: number;
  /** Weakest links are also pruned while there are more leaves. */
  readonly maxLeaves: number;
}

/** Sums over the subtree of every node. */
interface Subtrees {
  readonly leaves: Int32Array;
  /** Decrease of squared error, summed over rows: leaves have means, so that it is a difference of cover × value². */
  readonly decrease: Float64Array;
  readonly parent: Int32Array;
}

function subtreesOf({ column, left, value, cover }: Forest): Subtrees {
  const nodes = column.length;
  const leaves = new Int32Array(nodes).fill(1);
  const decrease = new Float64Array(nodes);
  const parent = new Int32Array(nodes).fill(-1);
  const square = (node: number): number => cover[node] * value[node] * value[node];
  for (let node = nodes - 1; node >= 0; node--) {
    if (column[node] < 0) continue;
    const [first, second] = [left[node], left[node] + 1];
    parent[first] = node;
    parent[second] = node;
    leaves[node] = leaves[first] + leaves[second];
    decrease[node] = decrease[first] + decrease[second] + square(first) + square(second) - square(node);
  }
  return { leaves, decrease, parent };
}

/** Returns the inner node whose leaves bring least, the uppermost of equals; -1 where the root is a leaf. */
function weakestLink({ leaves, decrease }: Subtrees): number {
  let weakest = -1;
  let lowest = Number.POSITIVE_INFINITY;
  for (let node = 0; node < leaves.length; node++) {
    if (leaves[node] < 2) continue;
    const own = decrease[node] / (leaves[node] - 1);
    if (own >= lowest) continue;
    lowest = own;
    weakest = node;
  }
  return weakest;
}

/** Turns an inner node into a leaf. Nodes below it keep no leaves, so that they are not found again. */
function collapse({ leaves, decrease, parent }: Subtrees, { column, left }: Forest, node: number): void {
  const [lostLeaves, lostDecrease] = [leaves[node] - 1, decrease[node]];
  for (let above = node; above >= 0; above = parent[above]) {
    leaves[above] -= lostLeaves;
    decrease[above] -= lostDecrease;
  }
  const below = [left[node], left[node] + 1];
  for (let child = below.pop(); child !== undefined; child = below.pop()) {
    if (leaves[child] === 0) continue;
    leaves[child] = 0;
    if (column[child] >= 0) below.push(left[child], left[child] + 1);
  }
}

/** Copies the sets of the nodes that are kept and still have one. */
function keepSets(
  sets: CategorySets,
  kept: readonly number[],
  isInner: (node: number) => boolean,
): CategorySets {
  const own = kept.map(node =>
    isInner(node) ? sets.sets.subarray(sets.setStarts[node], sets.setStarts[node + 1]) : [],
  );
  const setStarts = new Uint32Array(kept.length + 1);
  for (const [place, { length }] of own.entries()) setStarts[place + 1] = setStarts[place] + length;
  return { ...sets, setStarts, sets: Uint32Array.from(own.flatMap(words => [...words])) };
}

/**
 * Prunes a forest of one tree whose values are means of its rows. O(nodes × pruned nodes).
 */
export function pruneTree(tree: Forest, { costComplexity, maxLeaves }: PruneLimits): Forest {
  const subtrees = subtreesOf(tree);
  const { leaves, decrease } = subtrees;
  const rows = tree.cover[0];
  for (let node = weakestLink(subtrees); node >= 0; node = weakestLink(subtrees)) {
    const isWorthwhile = decrease[node] / (leaves[node] - 1) > costComplexity * rows;
    if (isWorthwhile && leaves[0] <= maxLeaves) break;
    collapse(subtrees, tree, node);
  }
  const kept = [...leaves.keys()].filter(node => leaves[node] > 0);
  const places = new Map(kept.map((node, place) => [node, place]));
  const isInner = (node: number): boolean => leaves[node] > 1;
  return {
    ...tree,
    column: Int32Array.from(kept, node => (isInner(node) ? tree.column[node] : -1)),
    threshold: Float32Array.from(kept, node => (isInner(node) ? tree.threshold[node] : 0)),
    unknownLeft: Uint8Array.from(kept, node => (isInner(node) ? tree.unknownLeft[node] : 0)),
    left: Uint32Array.from(kept, node => (isInner(node) ? (places.get(tree.left[node]) ?? 0) : 0)),
    value: Float32Array.from(kept, node => tree.value[node]),
    cover: Float32Array.from(kept, node => tree.cover[node]),
    ...(tree.categories && { categories: keepSets(tree.categories, kept, isInner) }),
  };
}
