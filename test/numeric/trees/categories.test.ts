import { createRng } from '../../../src/numeric/rng';
import { type BoostSettings, boostTrees, type LabelledTable } from '../../../src/numeric/trees/boostTrees';
import { type Forest, forestScoresInto, isValueLeft, isWellFormed } from '../../../src/numeric/trees/forest';

const settings: BoostSettings = {
  rounds: 20,
  learningRate: 0.3,
  leaves: 8,
  minHessian: 1,
  l2: 1,
  minGain: 0,
  rowShare: 1,
  columnShare: 1,
  patience: 20,
};

/** Column 0 has 40 codes, whose parity is the label up to noise; column 1 is a number without information. */
function parityTable(
  rows: number,
  seed: number,
): LabelledTable & { readonly categorical: ReadonlySet<number> } {
  const rng = createRng(seed);
  const values = new Float32Array(2 * rows);
  const labels = new Uint8Array(rows);
  for (let row = 0; row < rows; row++) {
    const code = rng.int(40);
    values[2 * row] = rng.uniform() < 0.1 ? Number.NaN : code;
    values[2 * row + 1] = rng.uniform();
    labels[row] = rng.uniform() < 0.1 ? rng.int(2) : code % 2;
  }
  return { rows, columns: 2, values, labels, categorical: new Set([0]) };
}

const scoreOf = (forest: Forest, values: Float32Array): number => {
  const out = new Float64Array(1);
  forestScoresInto(forest, values, 0, out);
  return out[0];
};

function accuracy(forest: Forest, { rows, values, labels }: LabelledTable): number {
  let right = 0;
  for (let row = 0; row < rows; row++)
    right += Number(Number(scoreOf(forest, values.subarray(2 * row)) > 0) === labels[row]);
  return right / rows;
}

describe('a boosted forest with a categorical column', () => {
  const train = parityTable(3000, 1);
  const held = parityTable(1000, 2);
  const grow = async (rounds: number, table = train) =>
    (await boostTrees({ train: table, classes: 2, settings: { ...settings, rounds }, seed: 1 })).forest;

  it('separates in one tree what a number would need 40 thresholds for', async () => {
    const { categorical, ...asNumbers } = train;
    expect(accuracy(await grow(1), held)).toBeGreaterThan(0.88);
    expect(accuracy(await grow(1, { ...asNumbers, categorical: new Set() }), held)).toBeLessThan(0.75);
  });

  it('is well-formed, with sets at nodes of the categorical column only', async () => {
    const forest = await grow(20);
    expect(isWellFormed(forest)).toBe(true);
    const { setStarts } = forest.categories ?? { setStarts: new Uint32Array(0) };
    for (const [node, column] of forest.column.entries())
      expect(setStarts[node + 1] > setStarts[node]).toBe(column === 0);
  });

  it('sends codes that training did not have, and what is no code, where missing values go', async () => {
    const forest = await grow(20);
    for (const strange of [40, 1000, -1, 0.5, Number.POSITIVE_INFINITY]) {
      for (const [node, column] of forest.column.entries())
        if (column === 0)
          expect(isValueLeft(forest, node, strange)).toBe(isValueLeft(forest, node, Number.NaN));
      expect(scoreOf(forest, Float32Array.of(strange, 0.5))).toBe(
        scoreOf(forest, Float32Array.of(Number.NaN, 0.5)),
      );
    }
  });

  it('predicts for training rows by a descent what growth added to them', async () => {
    // Without a validation table, losses are not computed: validate on the training rows, whose scores are a descent.
    const validated = await boostTrees({ train, validation: train, classes: 2, settings, seed: 1 });
    const { forest } = validated;
    let loss = 0;
    for (let row = 0; row < train.rows; row++) {
      const score = scoreOf(forest, train.values.subarray(2 * row));
      loss += Math.log1p(Math.exp(train.labels[row] === 1 ? -score : score)) / train.rows;
    }
    expect(validated.losses.at(-1)).toBeCloseTo(loss, 9);
    // Every node of the last tree has the value that the rows in it would have: growth used the same scores.
    const cover = forest.roots.map(root => forest.cover[root]);
    expect(cover.at(-1)).toBeLessThan(cover[0]);
  });

  it('does not depend on how categories are numbered', async () => {
    const codes = createRng(3).shuffle(Array.from({ length: 40 }, (_, code) => code));
    const renamed = train.values.map((value, cell) => (cell % 2 === 0 ? (codes[value] ?? value) : value));
    const [plain, other] = [await grow(10), await grow(10, { ...train, values: renamed })];
    for (let row = 0; row < train.rows; row++)
      expect(scoreOf(other, renamed.subarray(2 * row))).toBeCloseTo(
        scoreOf(plain, train.values.subarray(2 * row)),
        6,
      );
  });
});

describe('row weights', () => {
  /** Every row as often as its weight. */
  function repeated(table: LabelledTable, weights: Float32Array): LabelledTable {
    const rows = [...weights.entries()].flatMap(([row, weight]) => new Array<number>(weight).fill(row));
    const values = Float32Array.from(rows.flatMap(row => [...table.values.subarray(2 * row, 2 * row + 2)]));
    const labels = Uint8Array.from(rows, row => table.labels[row]);
    return { ...table, rows: rows.length, values, labels };
  }

  it('count like rows that occur as often', async () => {
    const table = parityTable(600, 4);
    const rng = createRng(5);
    const weights = Float32Array.from({ length: 600 }, () => rng.int(4));
    // Bins are cut at quantiles of rows, without weights: the column of numbers has few distinct values.
    for (let row = 0; row < 600; row++) table.values[2 * row + 1] = Math.floor(8 * table.values[2 * row + 1]);
    const weighted = await boostTrees({ train: { ...table, weights }, classes: 2, settings, seed: 1 });
    const copied = await boostTrees({ train: repeated(table, weights), classes: 2, settings, seed: 1 });
    for (let row = 0; row < table.rows; row++)
      if (weights[row] > 0)
        expect(scoreOf(weighted.forest, table.values.subarray(2 * row))).toBeCloseTo(
          scoreOf(copied.forest, table.values.subarray(2 * row)),
          4,
        );
  });

  it('weigh the validation loss', async () => {
    const table = parityTable(300, 6);
    const weights = Float32Array.from({ length: 300 }, (_, row) => row % 3);
    const of = async (validation: LabelledTable) =>
      (await boostTrees({ train: table, validation, classes: 2, settings, seed: 1 })).losses;
    const [weighted, copied] = [await of({ ...table, weights }), await of(repeated(table, weights))];
    for (const [round, loss] of weighted.entries()) expect(loss).toBeCloseTo(copied[round], 9);
  });

  it.each([
    ['negative', Float32Array.of(-1, 1)],
    ['all 0', Float32Array.of(0, 0)],
    ['of another number', Float32Array.of(1)],
  ])('are rejected when they are %s', async (_name, weights) => {
    const train = {
      rows: 2,
      columns: 1,
      values: Float32Array.of(1, 2),
      labels: Uint8Array.of(0, 1),
      weights,
    };
    await expect(boostTrees({ train, classes: 2, settings, seed: 1 })).rejects.toThrow(RangeError);
  });
});
