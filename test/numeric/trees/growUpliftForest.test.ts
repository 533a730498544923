import { createRng } from '../../../src/numeric/rng';
import { binTable } from '../../../src/numeric/trees/bins';
import { type Forest, forestScoresInto, isWellFormed } from '../../../src/numeric/trees/forest';
import {
  growUpliftForest,
  type TreatedTable,
  type UpliftForestSettings,
} from '../../../src/numeric/trees/growUpliftForest';
import { type ArmRows, armSumsOf, effectOf, upliftSplitter } from '../../../src/numeric/trees/upliftSplit';

const settings: UpliftForestSettings = {
  trees: 60,
  columnsPerNode: 3,
  rowShare: 0.6,
  minArmWeight: 25,
  maxDepth: 8,
};

/** The effect: .4 where column 0 is above .5, -.2 for categories 2 and 5 of column 2 below that, else 0. */
const trueEffect = (values: Float32Array): number => {
  if (values[0] > 0.5) return 0.4;
  return values[2] === 2 || values[2] === 5 ? -0.2 : 0;
};

/** A shop whose outcomes depend on column 1, which has nothing to do with the effect. */
function experiment(rows: number, seed: number, scale = 1): TreatedTable {
  const rng = createRng(seed);
  const values = new Float32Array(3 * rows);
  const treated = new Uint8Array(rows);
  const outcomes = new Float32Array(rows);
  for (let row = 0; row < rows; row++) {
    const own = values.subarray(3 * row, 3 * row + 3);
    own.set([rng.uniform(), rng.uniform(), rng.int(6)]);
    treated[row] = rng.int(2);
    const chance = 0.2 + 0.4 * own[1] + treated[row] * scale * trueEffect(own);
    outcomes[row] = Number(rng.uniform() < chance);
  }
  return { rows, columns: 3, values, treated, outcomes, categorical: new Set([2]) };
}

function effectsOf(forest: Forest, { rows, values }: TreatedTable): number[] {
  const out = new Float64Array(1);
  return Array.from({ length: rows }, (_, row) => {
    forestScoresInto(forest, values, 3 * row, out);
    return out[0];
  });
}

const meanOf = (numbers: readonly number[]): number =>
  numbers.reduce((sum, own) => sum + own, 0) / numbers.length;

const grow = (train: TreatedTable, own: Partial<UpliftForestSettings> = {}, seed = 1) =>
  growUpliftForest({ train, settings: { ...settings, ...own }, seed });

describe('growUpliftForest', () => {
  const train = experiment(6000, 1);
  const held = experiment(2000, 2);

  it('recovers an effect that depends on a number and on categories', async () => {
    const { forest, outOfBag } = await grow(train);
    expect(isWellFormed(forest)).toBe(true);
    const predicted = effectsOf(forest, held);
    const truth = predicted.map((_, row) => trueEffect(held.values.subarray(3 * row, 3 * row + 3)));
    for (const effect of [0.4, 0, -0.2]) {
      const own = predicted.filter((_, row) => truth[row] === effect);
      expect(Math.abs(meanOf(own) - effect)).toBeLessThan(0.08);
    }
    const unseen = [...outOfBag.entries()].filter(([, own]) => !Number.isNaN(own));
    expect(unseen.length).toBeGreaterThan(5900);
    const errors = unseen.map(
      ([row, own]) => (own - trueEffect(train.values.subarray(3 * row, 3 * row + 3))) ** 2,
    );
    expect(Math.sqrt(meanOf(errors))).toBeLessThan(0.1);
  });

  it('is honest: no outcome that gives effects chooses splits', async () => {
    const small = experiment(400, 3);
    const one = { trees: 1, rowShare: 1, minArmWeight: 10, columnsPerNode: 3 };
    const { forest } = await grow(small, one);
    const structureOf = ({ column, threshold, categories }: Forest) => ({ column, threshold, categories });
    const changes = { effects: 0, splits: 0 };
    for (let row = 0; row < 80; row++) {
      const outcomes = small.outcomes.slice();
      outcomes[row] = 50;
      const other = (await grow({ ...small, outcomes }, one)).forest;
      // The value of the root is the effect in the half that gives effects, so that it changes for rows of that half.
      if (other.value[0] === forest.value[0]) {
        changes.splits += Number(other.column.join() !== forest.column.join());
        continue;
      }
      changes.effects++;
      expect(structureOf(other)).toEqual(structureOf(forest));
    }
    expect(changes.effects).toBeGreaterThan(25);
    expect(changes.splits).toBeGreaterThan(10);
  });

  it('gives inner nodes the effect and the cover of their children', async () => {
    const { forest } = await grow(train, { trees: 1, rowShare: 1 });
    expect(forest.column.length).toBeGreaterThan(4);
    for (const [node, column] of forest.column.entries()) {
      if (column < 0) continue;
      const [left, right] = [forest.left[node], forest.left[node] + 1];
      expect(forest.cover[left] + forest.cover[right]).toBeCloseTo(forest.cover[node], 3);
    }
  });

  it('has the same bytes for the same seed, and different bytes for another', async () => {
    const few = { trees: 3 };
    const [first, again, other] = [await grow(train, few), await grow(train, few), await grow(train, few, 2)];
    expect(again).toEqual(first);
    expect(other.forest.value).not.toEqual(first.forest.value);
  });

  it('stops when onTree throws', async () => {
    const onTree = (tree: number): void => {
      if (tree === 2) throw new Error('enough');
    };
    await expect(growUpliftForest({ train, settings, seed: 1, onTree })).rejects.toThrow('enough');
  });

  it.each<[string, Partial<TreatedTable>, Partial<UpliftForestSettings>]>([
    ['one arm', { treated: new Uint8Array(6000) }, {}],
    ['outcomes that are not finite', { outcomes: new Float32Array(6000).fill(Number.NaN) }, {}],
    ['empty arms in leaves', {}, { minArmWeight: 0 }],
    ['no columns per node', {}, { columnsPerNode: 0 }],
  ])('rejects %s', async (_name, table, own) => {
    await expect(grow({ ...train, ...table }, own)).rejects.toThrow(RangeError);
  });
});

describe('upliftSplitter', () => {
  /** Gain of a split of rows by its definition. */
  function gainOf(arms: ArmRows, left: readonly number[], right: readonly number[], least: number): number {
    const [one, other] = [left, right].map(own => armSumsOf(arms, Uint32Array.from(own), 0, own.length));
    if ([one, other].some(sums => sums[0] < least || sums[2] < least)) return 0;
    const [first, second] = [one, other].map(sums => (sums[0] * sums[2]) / (sums[0] + sums[2]));
    return ((effectOf(one) - effectOf(other)) ** 2 * first * second) / (first + second);
  }

  it('finds the best of all thresholds, missing values on either side', () => {
    for (let seed = 1; seed <= 30; seed++) {
      const rng = createRng(seed);
      const values = Float32Array.from({ length: 80 }, () =>
        rng.uniform() < 0.2 ? Number.NaN : rng.int(10),
      );
      const arms: ArmRows = {
        treated: values.map(() => rng.int(2)) as unknown as Uint8Array,
        outcomes: values.map(() => rng.int(3)),
        weights: values.map(() => 1 + rng.int(2)),
      };
      const all = Array.from({ length: 80 }, (_, row) => row);
      const gains = Array.from({ length: 10 }, (_, threshold) =>
        [true, false].map(isUnknownLeft => {
          const isLeft = (row: number) =>
            Number.isNaN(values[row]) ? isUnknownLeft : values[row] <= threshold;
          return gainOf(
            arms,
            all.filter(isLeft),
            all.filter(row => !isLeft(row)),
            4,
          );
        }),
      ).flat();
      const rows = Uint32Array.from(all);
      const node = { rows, start: 0, end: 80, sums: armSumsOf(arms, rows, 0, 80) };
      const split = upliftSplitter(binTable({ rows: 80, columns: 1, values }), arms, 4)(node, 0, null);
      expect(split?.gain ?? 0).toBeCloseTo(Math.max(...gains), 6);
    }
  });
});
