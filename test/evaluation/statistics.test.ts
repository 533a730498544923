import fc from 'fast-check';
import { beyondAccuracy, giniOf, miscalibration, noveltyOf } from '../../src/evaluation/beyondAccuracy';
import { bootstrapIntervals, type Sample } from '../../src/evaluation/sample';
import { compareWithBest, holm, studentTwoSided } from '../../src/evaluation/significance';
import { drawSetting, drawSettings } from '../../src/evaluation/tuning';
import type { Setting } from '../../src/learning/settings';
import { createRng } from '../../src/numeric/rng';
import { snapshotFromPairs } from '../../src/snapshot/fromPairs';

const sampleOf = (values: readonly number[], weights?: readonly number[]): Sample => ({
  names: ['x'],
  values: Float64Array.from(values),
  units: Uint32Array.from(values.keys()),
  ...(weights && { weights: Float64Array.from(weights) }),
});

describe('bootstrapIntervals', () => {
  it('come near mean ± 1.96 σ/√n of many units', () => {
    const rng = createRng(1);
    const values = Array.from({ length: 2000 }, () => rng.gaussian());
    const mean = values.reduce((sum, value) => sum + value, 0) / 2000;
    const { low, high } = bootstrapIntervals(sampleOf(values), { seed: 3 })['x'];
    expect(low).toBeCloseTo(mean - 1.96 / Math.sqrt(2000), 2);
    expect(high).toBeCloseTo(mean + 1.96 / Math.sqrt(2000), 2);
  });

  it('lie within the values, have no width where all are alike, and follow from the seed', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -5, max: 5, noNaN: true }), { minLength: 1, maxLength: 30 }),
        values => {
          const options = { seed: 2, resamples: 50 };
          const { low, high } = bootstrapIntervals(sampleOf(values), options)['x'];
          expect(low).toBeLessThanOrEqual(high);
          expect(low).toBeGreaterThanOrEqual(Math.min(...values) - 1e-9);
          expect(high).toBeLessThanOrEqual(Math.max(...values) + 1e-9);
          expect(bootstrapIntervals(sampleOf(values), options)['x']).toEqual({ low, high });
        },
      ),
      { seed: 1, numRuns: 100 },
    );
    expect(bootstrapIntervals(sampleOf([2, 2, 2]), { seed: 1 })['x']).toEqual({ low: 2, high: 2 });
  });

  it('weigh units: sums over weights', () => {
    expect(bootstrapIntervals(sampleOf([6, 9], [2, 3]), { seed: 1 })['x']).toEqual({ low: 3, high: 3 });
  });
});

describe('paired significance', () => {
  it.each([
    // Tables of Student's t.
    [2.262157, 9, 0.05],
    [12.7062, 1, 0.05],
    [1.959964, 1e7, 0.05],
    [0, 5, 1],
    [-2.575829, 1e7, 0.01],
  ])('t = %d with %d degrees of freedom has p %d', (t, degrees, p) => {
    expect(studentTwoSided(t, degrees)).toBeCloseTo(p, 5);
  });

  it('corrects as Holm does', () => {
    expect(holm([0.01, 0.04, 0.03])).toEqual([0.03, 0.06, 0.06]);
    expect(holm([0.6, 0.7])).toEqual([1, 1]);
    expect(holm([])).toEqual([]);
  });

  it('holds every model against the best over the same units', () => {
    // Differences -1, -2, -3: mean -2, error 1/√3, t = -3.4641 with 2 degrees: p = 0.0742.
    const [best, worse, same] = [sampleOf([4, 6, 8]), sampleOf([3, 4, 5]), sampleOf([4, 6, 8])];
    const [none, first, second] = compareWithBest([best, worse, same], 'x', 0);
    expect(none).toBeNull();
    expect(first).toMatchObject({ difference: -2, p: expect.closeTo(0.0742, 4) });
    expect(first?.adjustedP).toBeCloseTo(2 * 0.07418, 4);
    expect(second).toEqual({ difference: 0, p: 1, adjustedP: 1 });
    expect(() => compareWithBest([best, sampleOf([1])], 'x', 0)).toThrow(RangeError);
  });

  it('never adjusts below p, nor above 1, and keeps the order', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 12 }), ps => {
        const adjusted = holm(ps);
        for (const [index, p] of ps.entries()) {
          expect(adjusted[index]).toBeGreaterThanOrEqual(p);
          expect(adjusted[index]).toBeLessThanOrEqual(1);
          for (const [other, q] of ps.entries())
            if (p < q) expect(adjusted[index]).toBeLessThanOrEqual(adjusted[other]);
        }
      }),
      { seed: 2, numRuns: 200 },
    );
  });
});

describe('beyond accuracy, by hand', () => {
  it('novelty is the mean of −log₂ of the share of users', () => {
    // Met by 4 and 1 of 8, and by nobody (counts as one): 1, 3 and 3 bits.
    expect(noveltyOf(Int32Array.of(0, 1, 2, -1), Uint32Array.of(4, 1, 0), 8)).toBeCloseTo(7 / 3, 12);
  });

  it('Gini is 0 when all are listed alike, 1 − 1/n when only one is', () => {
    expect(giniOf(Int32Array.of(0, 1, 2, 3), 4)).toBeCloseTo(0, 12);
    expect(giniOf(Int32Array.of(2, 2, 2, -1), 4)).toBeCloseTo(0.75, 12);
    // Counts 0, 1, 3: G = 2·(2·1 + 3·3)/(3·4) − 4/3.
    expect(giniOf(Int32Array.of(1, 2, 2, 2), 3)).toBeCloseTo(22 / 12 - 4 / 3, 12);
  });

  it('miscalibration is KL with a hundredth of the history mixed in', () => {
    const [p, q] = [Float64Array.of(0.7, 0.3), Float64Array.of(1, 0)];
    const wanted = 0.7 * Math.log(0.7 / 0.997) + 0.3 * Math.log(0.3 / 0.003);
    expect(miscalibration(p, q)).toBeCloseTo(wanted, 12);
    expect(miscalibration(p, p)).toBeCloseTo(0, 12);
  });

  it('takes lists, histories and categories together', async () => {
    const train = await snapshotFromPairs({
      userIds: ['u', 'v'],
      productIds: ['a', 'b', 'c'],
      user: Uint32Array.of(0, 1, 1),
      product: Uint32Array.of(0, 0, 1),
    });
    const lists = new Int32Array(40).fill(-1);
    lists.set([1, 2], 0);
    lists.set([2], 20);
    const categories = { count: 2, ofProduct: [[0], [0, 1], [1]] };
    const histories = [[0], [0, 1]];
    const result = beyondAccuracy(train, lists, list => histories[list], categories);
    expect(result.novelty).toBeCloseTo(1, 12);
    // First: p = (1, 0), q = (¼, ¾); second: p = (¾, ¼), q = (0, 1).
    const first = Math.log(1 / (0.99 * 0.25 + 0.01));
    const second = 0.75 * Math.log(0.75 / 0.0075) + 0.25 * Math.log(0.25 / (0.99 + 0.0025));
    expect(result.miscalibration).toBeCloseTo((first + second) / 2, 12);
    expect(beyondAccuracy(train, lists, () => [], undefined).miscalibration).toBeNull();
  });

  it('KL is never negative, and Gini within [0, 1)', () => {
    const shares = fc.array(fc.nat(9), { minLength: 4, maxLength: 4 }).map(counts => {
      const total = counts.reduce((sum, count) => sum + count + 1, 0);
      return Float64Array.from(counts, count => (count + 1) / total);
    });
    fc.assert(
      fc.property(shares, shares, fc.array(fc.nat(9), { minLength: 1, maxLength: 50 }), (p, q, rows) => {
        expect(miscalibration(p, q)).toBeGreaterThan(-1e-12);
        const gini = giniOf(Int32Array.from(rows), 10);
        expect(gini).toBeGreaterThan(-1e-12);
        expect(gini).toBeLessThan(1);
      }),
      { seed: 3, numRuns: 200 },
    );
  });
});

describe('drawSettings', () => {
  const setting = (more: Partial<Setting>): Setting => ({
    meaning: '',
    default: 1,
    minimum: 0,
    maximum: 10,
    isInteger: false,
    ...more,
  });

  it('stays within limits and keeps whole numbers whole, whatever the setting', () => {
    const any = fc.record({
      default: fc.integer({ min: -5, max: 500 }),
      below: fc.nat(400),
      above: fc.integer({ min: 1, max: 5000 }),
      isInteger: fc.boolean(),
      seed: fc.nat(1000),
    });
    fc.assert(
      fc.property(any, ({ default: value, below, above, isInteger, seed }) => {
        const [minimum, maximum] = [value - below, value + above];
        const drawn = drawSetting(createRng(seed), setting({ default: value, minimum, maximum, isInteger }));
        expect(drawn).toBeGreaterThanOrEqual(minimum);
        expect(drawn).toBeLessThanOrEqual(maximum);
        if (isInteger) expect(Number.isInteger(drawn)).toBe(true);
      }),
      { seed: 4, numRuns: 300 },
    );
  });

  it('draws wide ranges by their logarithm, and takes the range a setting names', () => {
    const rng = createRng(5);
    const wide = setting({ default: 0.01, minimum: 1e-6, maximum: 100 });
    const below = Array.from({ length: 1000 }, () => drawSetting(rng, wide)).filter(
      value => value < 0.01,
    ).length;
    expect(below / 1000).toBeCloseTo(0.5, 1);
    const named = setting({ tune: { low: 2, high: 3, scale: 'linear' } });
    for (let draw = 0; draw < 50; draw++) {
      const value = drawSetting(rng, named);
      expect(value >= 2 && value <= 3).toBe(true);
    }
  });

  it('leaves fixed settings as they are and follows from the seed', () => {
    const settings = { a: setting({}), b: setting({ isInteger: true, default: 0, maximum: 1 }) };
    const drawn = drawSettings(createRng(6), settings, { a: 4 });
    expect(drawn['a']).toBe(4);
    expect([0, 1]).toContain(drawn['b']);
    expect(drawSettings(createRng(6), settings, { a: 4 })).toEqual(drawn);
  });
});
