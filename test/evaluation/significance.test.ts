import fc from 'fast-check';
import type { Sample } from '../../src/evaluation/sample';
import { compareWithBest, holm, studentTwoSided } from '../../src/evaluation/significance';

const sampleOf = (values: readonly number[]): Sample => ({
  names: ['x'],
  values: Float64Array.from(values),
  units: Uint32Array.from(values.keys()),
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

  it('applies the correction of Holm', () => {
    expect(holm([0.01, 0.04, 0.03])).toEqual([0.03, 0.06, 0.06]);
    expect(holm([0.6, 0.7])).toEqual([1, 1]);
    expect(holm([])).toEqual([]);
  });

  it('compares every model with the best over the same units', () => {
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
