import { createRng } from '../../../src/numeric/rng';
import {
  type BoostSettings,
  boostTrees,
  forestProbabilitiesInto,
  type LabelledTable,
} from '../../../src/numeric/trees/boostTrees';
import { addTreesInto, type Forest, forestScoresInto } from '../../../src/numeric/trees/forest';
import { golden } from './golden';

const settings: BoostSettings = {
  rounds: 5,
  learningRate: 0.3,
  leaves: 4,
  minHessian: 1e-3,
  l2: 1,
  minGain: 0,
  rowShare: 1,
  columnShare: 1,
  patience: 5,
};

type Rows = readonly (readonly (number | null)[])[];

const tableOf = (rows: Rows, labels: readonly number[]): LabelledTable => ({
  rows: rows.length,
  columns: rows[0].length,
  values: Float32Array.from(rows.flat(), value => value ?? Number.NaN),
  labels: Uint8Array.from(labels),
});

function sharesOf(forest: Forest, { rows, columns, values }: Omit<LabelledTable, 'labels'>, classes: number) {
  return Array.from({ length: rows }, (_, row) => {
    const shares = new Float64Array(classes);
    forestProbabilitiesInto(forest, values, row * columns, shares);
    return [...shares];
  });
}

/** A checkerboard of two columns, with two columns of noise: no single column is informative. */
function checkerboard(rows: number, seed: number, shuffled = false): LabelledTable {
  const rng = createRng(seed);
  const values = Float32Array.from({ length: rows * 4 }, () => rng.uniform() * 4);
  const labels = Uint8Array.from(
    { length: rows },
    (_, row) => (Math.floor(values[row * 4]) + Math.floor(values[row * 4 + 1])) % 2,
  );
  return { rows, columns: 4, values, labels: shuffled ? rng.shuffle(labels) : labels };
}

const wider: BoostSettings = {
  ...settings,
  rounds: 60,
  leaves: 16,
  minHessian: 2,
  rowShare: 0.7,
  patience: 20,
};

function accuracy(forest: Forest, table: LabelledTable): number {
  const shares = sharesOf(forest, table, 2);
  return shares.filter((share, row) => Number(share[1] > 0.5) === table.labels[row]).length / table.rows;
}

describe('boostTrees', () => {
  it.each([
    ['two', 2, golden.two, golden.sharesOfTwo],
    ['three', 3, golden.three, golden.sharesOfThree],
  ] as const)('gives the shares of scikit-learn for %s classes', async (_name, classes, labels, expected) => {
    const train = tableOf(golden.rows, labels);
    const { forest } = await boostTrees({ train, classes, settings, seed: 1 });
    const asked = sharesOf(forest, tableOf(golden.asked, []), classes);
    const distances = asked.flatMap((shares, row) =>
      shares.map((share, k) => Math.abs(share - expected[row][k])),
    );
    // Both compute gradients in float32 but sum in a different order.
    expect(Math.max(...distances)).toBeLessThan(2e-5);
  });

  it('learns a checkerboard, in which no single column is informative', async () => {
    const train = checkerboard(2000, 1);
    const { forest } = await boostTrees({ train, classes: 2, settings: wider, seed: 1 });
    expect(accuracy(forest, checkerboard(1000, 2))).toBeGreaterThan(0.93);
  });

  it('stops early on pure noise and predicts the class frequencies', async () => {
    const train = checkerboard(2000, 1, true);
    const validation = checkerboard(1000, 2);
    const { forest, rounds, losses } = await boostTrees({
      train,
      validation,
      classes: 2,
      settings: wider,
      seed: 1,
    });
    expect(accuracy(forest, checkerboard(1000, 3))).toBeLessThan(0.56);
    expect(rounds).toBeLessThan(10);
    expect(Math.min(...losses)).toBeGreaterThan(0.68);
  });
});

describe('a boosted forest', () => {
  it('has the same bytes for the same seed, and different bytes for another', async () => {
    const train = checkerboard(300, 1);
    const of = async (seed: number) =>
      (await boostTrees({ train, classes: 2, settings: wider, seed })).forest;
    const [first, again, other] = [await of(1), await of(1), await of(2)];
    expect(again).toEqual(first);
    expect(other.value).not.toEqual(first.value);
  });

  it('never increases the training loss from round to round', async () => {
    const train = checkerboard(400, 4);
    const whole = { ...wider, rowShare: 1, patience: 60 };
    const { losses } = await boostTrees({ train, validation: train, classes: 2, settings: whole, seed: 1 });
    for (const [round, loss] of losses.entries())
      if (round > 0) expect(loss).toBeLessThanOrEqual(losses[round - 1]);
  });

  it('is invariant to monotonic rescaling of a column', async () => {
    const train = checkerboard(400, 5);
    const scaled = { ...train, values: train.values.map(value => Math.exp(value)) };
    const of = async (table: LabelledTable) =>
      sharesOf((await boostTrees({ train: table, classes: 2, settings: wider, seed: 1 })).forest, table, 2);
    const [plain, exponential] = [await of(train), await of(scaled)];
    expect(exponential.flat()).toEqual(plain.flat());
  });

  it('splits known from missing values where only that is informative', async () => {
    const rng = createRng(6);
    const known = Uint8Array.from({ length: 400 }, () => rng.int(2));
    const values = Float32Array.from(known, flag => (flag === 1 ? rng.uniform() : Number.NaN));
    const train = { rows: 400, columns: 1, values, labels: known };
    const { forest } = await boostTrees({ train, classes: 2, settings, seed: 1 });
    expect(accuracy(forest, train)).toBe(1);
  });

  it('gives every node the cover of its children, and stores children after their parent', async () => {
    const { forest } = await boostTrees({
      train: checkerboard(500, 7),
      classes: 2,
      settings: wider,
      seed: 1,
    });
    for (const [node, column] of forest.column.entries()) {
      if (column < 0) continue;
      const left = forest.left[node];
      expect(left).toBeGreaterThan(node);
      expect(forest.cover[left] + forest.cover[left + 1]).toBeCloseTo(forest.cover[node], 3);
    }
  });

  it('adds its trees to its base scores', async () => {
    const train = checkerboard(200, 8);
    const { forest } = await boostTrees({ train, classes: 2, settings, seed: 1 });
    const [whole, trees] = [new Float64Array(1), new Float64Array(1)];
    forestScoresInto(forest, train.values, 0, whole);
    addTreesInto(forest, train.values, 0, trees, 0);
    expect(whole[0]).toBeCloseTo(forest.base[0] + trees[0], 12);
  });

  it('stops when onRound throws', async () => {
    const onRound = (round: number): void => {
      if (round === 2) throw new Error('enough');
    };
    const task = { train: checkerboard(100, 9), classes: 2, settings, seed: 1, onRound };
    await expect(boostTrees(task)).rejects.toThrow('enough');
  });

  it('rejects labels that are not a class', async () => {
    const train = tableOf([[1], [2]], [0, 2]);
    await expect(boostTrees({ train, classes: 2, settings, seed: 1 })).rejects.toThrow(RangeError);
  });
});
