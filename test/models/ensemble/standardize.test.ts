import fc from 'fast-check';
import { createStandardizer } from '../../../src/models/ensemble/standardize';

const standardize = (scores: Float32Array, met: readonly number[] = []): boolean =>
  createStandardizer(scores.length).standardize(scores, met);

const meanOf = (values: Float32Array): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

describe('standardize', () => {
  it('gives mean 0 and deviation 1 to the 200 best, and keeps the order', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: 2, maxLength: 400 }),
        values => {
          const scores = Float32Array.from(values);
          fc.pre(new Set(Float32Array.from(scores).sort().subarray(-200)).size > 1);
          expect(standardize(scores)).toBe(true);
          const best = Float32Array.from(scores).sort().subarray(-200);
          expect(meanOf(best)).toBeCloseTo(0, 4);
          expect(meanOf(best.map(score => score ** 2))).toBeCloseTo(1, 3);
          for (let i = 1; i < values.length; i++)
            expect(Math.sign(scores[i] - scores[i - 1])).toBe(Math.sign(values[i] - values[i - 1]));
        },
      ),
      { seed: 1 },
    );
  });

  it('excludes products of the history from the measure, but scores them', () => {
    const scores = Float32Array.of(1, 1000, 3);
    expect(standardize(scores, [1])).toBe(true);
    expect([...scores]).toEqual([-1, 998, 1]);
  });

  it('gives products without a score the mean of all', () => {
    const scores = Float32Array.of(1, Number.NaN, 3);
    expect(standardize(scores)).toBe(true);
    expect([...scores]).toEqual([-1, 0, 1]);
  });

  it('refuses a row in which only products of the history have scores', () => {
    const scores = Float32Array.of(Number.NaN, 2);
    expect(standardize(scores, [1])).toBe(false);
    expect([...scores]).toEqual([Number.NaN, 2]);
  });

  it('keeps no state from one shopper to the next', () => {
    const { standardize: again } = createStandardizer(3);
    expect(again(Float32Array.of(1, 2, 3), [0, 2])).toBe(true);
    const scores = Float32Array.of(1, 2, 3);
    expect(again(scores, [])).toBe(true);
    expect(meanOf(scores)).toBeCloseTo(0, 6);
  });
});
