import { normalQuantile, normalTail } from '../../src/numeric/normal';
import { experimentsGolden } from '../support/experimentsGolden';

describe('the normal distribution', () => {
  it.each(experimentsGolden.normalQuantile)('has the quantile of scipy at $p', ({ p, z }) => {
    expect(normalQuantile(p)).toBeCloseTo(z, 10);
  });

  it('has a tail that the quantile inverts', () => {
    for (const z of [-6, -1.5, 0, 0.01, 2, 5]) expect(normalQuantile(1 - normalTail(z))).toBeCloseTo(z, 6);
  });

  it('ends at infinity and refuses other numbers', () => {
    expect([normalQuantile(0), normalQuantile(1)]).toEqual([
      Number.NEGATIVE_INFINITY,
      Number.POSITIVE_INFINITY,
    ]);
    for (const p of [-0.1, 1.1, Number.NaN]) expect(() => normalQuantile(p)).toThrow(RangeError);
  });
});
