import { createRng } from '../../../src/numeric/rng';
import { binTable } from '../../../src/numeric/trees/bins';
import { forestBuilder } from '../../../src/numeric/trees/forestBuilder';
import { type TreeLimits, treeGrower } from '../../../src/numeric/trees/growTree';

const limits: TreeLimits = { leaves: 6, minHessian: 1.5, l2: 0.5, minGain: 0, learningRate: 1 };

interface Rows {
  readonly values: readonly (readonly number[])[];
  readonly gradients: readonly number[];
  readonly hessians: readonly number[];
}

const add = (rows: readonly number[], numbers: readonly number[]) =>
  rows.reduce((sum, row) => sum + numbers[row], 0);

/** The best split of some rows: every column and value, missing values on either side. O(rows²). */
function bestSplitOf({ values, gradients, hessians }: Rows, rows: readonly number[]) {
  const score = (own: readonly number[]) => add(own, gradients) ** 2 / (add(own, hessians) + limits.l2);
  let best = { gain: 0, left: rows, right: rows };
  for (const column of values[0].keys()) {
    for (const threshold of rows.map(row => values[row][column]).filter(value => !Number.isNaN(value))) {
      for (const isUnknownLeft of [false, true]) {
        const isLeft = (row: number) =>
          values[row][column] <= threshold || (isUnknownLeft && Number.isNaN(values[row][column]));
        const [left, right] = [rows.filter(isLeft), rows.filter(row => !isLeft(row))];
        if ([left, right].some(own => add(own, hessians) < limits.minHessian)) continue;
        const gain = (score(left) + score(right) - score(rows)) / 2;
        if (gain > best.gain + 1e-9) best = { gain, left, right };
      }
    }
  }
  return best;
}

/** The leaves of a tree grown without bins and histograms, best leaf first. */
function leavesOf(data: Rows): (readonly number[])[] {
  const leaves = [{ rows: data.gradients.map((_, row) => row) as readonly number[] }];
  while (leaves.length < limits.leaves) {
    const splits = leaves.map(({ rows }) => bestSplitOf(data, rows));
    const gains = splits.map(({ gain }) => gain);
    const best = gains.indexOf(Math.max(...gains));
    if (gains[best] <= 0) break;
    leaves.splice(best, 1, { rows: splits[best].left }, { rows: splits[best].right });
  }
  return leaves.map(({ rows }) => rows);
}

function randomRows(count: number, seed: number): Rows {
  const rng = createRng(seed);
  const values = Array.from({ length: count }, () =>
    [0, 1, 2].map(() => (rng.uniform() < 0.15 ? Number.NaN : rng.int(12))),
  );
  // Float32 numbers of few bits, so that sums are exact in every order.
  const gradients = Array.from({ length: count }, () => rng.int(64) / 16 - 2);
  const hessians = Array.from({ length: count }, () => (1 + rng.int(8)) / 8);
  return { values, gradients, hessians };
}

/** The value of every row in the tree of the grower. */
function grownValues(data: Rows): Float64Array {
  const count = data.values.length;
  const table = binTable({ rows: count, columns: 3, values: Float32Array.from(data.values.flat()) });
  const rows = Uint32Array.from({ length: count }, (_, row) => row);
  const grower = treeGrower(table, limits);
  for (let row = 0; row < count; row++) grower.pairs.set([data.gradients[row], data.hessians[row]], 2 * row);
  const values = new Float64Array(count);
  const grown = grower.grow({ rows, columns: [0, 1, 2] }, forestBuilder([0], table));
  for (const { start, end, value } of grown.leaves)
    for (const row of grown.rows.subarray(start, end)) values[row] = value;
  return values;
}

describe('treeGrower', () => {
  it('grows the tree that a search over all rows and values grows', () => {
    for (let seed = 1; seed <= 25; seed++) {
      const data = randomRows(60, seed);
      const values = grownValues(data);
      for (const own of leavesOf(data)) {
        const expected = -add(own, data.gradients) / (add(own, data.hessians) + limits.l2);
        for (const row of own) expect(values[row]).toBeCloseTo(expected, 5);
      }
    }
  });
});
