import fc from 'fast-check';
import { bootstrapIntervals, type Sample } from '../../src/evaluation/sample';
import { createRng } from '../../src/numeric/rng';

const sampleOf = (values: readonly number[], weights?: readonly number[]): Sample => ({
  names: ['x'],
  values: Float64Array.from(values),
  units: Uint32Array.from(values.keys()),
  ...(weights && { weights: Float64Array.from(weights) }),
});

describe('bootstrapIntervals', () => {
  it('are close to mean ± 1.96 σ/√n for many units', () => {
    const rng = createRng(1);
    const values = Array.from({ length: 2000 }, () => rng.gaussian());
    const mean = values.reduce((sum, value) => sum + value, 0) / 2000;
    const { low, high } = bootstrapIntervals(sampleOf(values), { seed: 3 })['x'];
    expect(low).toBeCloseTo(mean - 1.96 / Math.sqrt(2000), 2);
    expect(high).toBeCloseTo(mean + 1.96 / Math.sqrt(2000), 2);
  });

  it('lie within the values, have no width for equal values, and depend only on the seed', () => {
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

  it('weight the units', () => {
    expect(bootstrapIntervals(sampleOf([6, 9], [2, 3]), { seed: 1 })['x']).toEqual({ low: 3, high: 3 });
  });
});
