import { createRng } from '../../src/numeric/rng';

describe('createRng', () => {
  it('gives one stream per seed', () => {
    const draw = (seed: number) => {
      const rng = createRng(seed);
      return Array.from({ length: 20 }, () => rng.uniform());
    };
    expect(draw(42)).toEqual(draw(42));
    expect(draw(42)).not.toEqual(draw(43));
    expect(draw(2 ** 40)).not.toEqual(draw(0));
  });

  it('draws uniform numbers with the mean and variance of the distribution', () => {
    const rng = createRng(1);
    const drawn = Float64Array.from({ length: 100_000 }, () => rng.uniform());
    const mean = drawn.reduce((sum, x) => sum + x, 0) / drawn.length;
    const variance = drawn.reduce((sum, x) => sum + (x - mean) ** 2, 0) / drawn.length;
    // Five standard errors: 5·sqrt(1/12/1e5) = .0046; of the variance 5·sqrt(1/180/1e5) = .0012.
    expect(Math.abs(mean - 0.5)).toBeLessThan(0.0046);
    expect(Math.abs(variance - 1 / 12)).toBeLessThan(0.0012);
    expect(Math.min(...drawn.subarray(0, 1000))).toBeGreaterThanOrEqual(0);
    expect(Math.max(...drawn.subarray(0, 1000))).toBeLessThan(1);
  });

  it('draws normal numbers with the first four moments of the distribution', () => {
    const rng = createRng(2);
    const drawn = Float64Array.from({ length: 100_000 }, () => rng.gaussian());
    const moment = (power: number) => drawn.reduce((sum, x) => sum + x ** power, 0) / drawn.length;
    // Five standard errors of each moment at n = 1e5.
    expect(Math.abs(moment(1))).toBeLessThan(0.016);
    expect(Math.abs(moment(2) - 1)).toBeLessThan(0.023);
    expect(Math.abs(moment(3))).toBeLessThan(0.062);
    expect(Math.abs(moment(4) - 3)).toBeLessThan(0.156);
  });

  it('draws every integer below the bound equally often', () => {
    const rng = createRng(3);
    const counts = new Array<number>(7).fill(0);
    for (let draw = 0; draw < 70_000; draw++) counts[rng.int(7)]++;
    // Chi-square with 6 degrees of freedom exceeds 22.5 once in a thousand.
    const chiSquare = counts.reduce((sum, count) => sum + (count - 10_000) ** 2 / 10_000, 0);
    expect(chiSquare).toBeLessThan(22.5);
  });

  it('shuffles into every permutation equally often', () => {
    const rng = createRng(4);
    const counts = new Map<string, number>();
    for (let draw = 0; draw < 24_000; draw++) {
      const order = rng.shuffle([0, 1, 2, 3]).join('');
      counts.set(order, (counts.get(order) ?? 0) + 1);
    }
    expect(counts.size).toBe(24);
    // Chi-square with 23 degrees of freedom exceeds 49.7 once in a thousand.
    const chiSquare = [...counts.values()].reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0);
    expect(chiSquare).toBeLessThan(49.7);
  });

  it.each([0, -1, 1.5, Number.NaN, 2 ** 33])('rejects the bound %p', bound => {
    expect(() => createRng(1).int(bound)).toThrow(RangeError);
  });

  it('rejects a seed that is not an integer', () => {
    expect(() => createRng(0.5)).toThrow(RangeError);
  });
});
