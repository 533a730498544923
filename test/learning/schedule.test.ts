import { cosineDecay, linearDecay, withWarmUp } from '../../src/learning/schedule';

describe('schedules', () => {
  it('fall from the rate to its final share', () => {
    for (const decay of [linearDecay, cosineDecay]) {
      expect(decay(2)(0, 1)).toBe(2);
      expect(decay(2)(1, 9)).toBeCloseTo(0, 12);
      expect(decay(2, 0.1)(0.5, 5)).toBeCloseTo(1.1, 12);
      expect(decay(2, 0.1)(1, 9)).toBeCloseTo(0.2, 12);
    }
    expect(linearDecay(1)(0.25, 3)).toBe(0.75);
    expect(cosineDecay(1)(0.25, 3)).toBeCloseTo(0.5 + Math.SQRT2 / 4, 12);
  });

  it('rise first, over the given steps or a tenth of training, whichever is longer', () => {
    const schedule = withWarmUp(() => 1, 10);
    expect(schedule(0, 1)).toBeCloseTo(0.01, 12);
    expect(schedule(0.05, 3)).toBeCloseTo(0.3, 12);
    expect(schedule(0.05, 30)).toBeCloseTo(0.5, 12);
    expect(schedule(0.5, 4)).toBeCloseTo(0.4, 12);
    expect(schedule(0.5, 400)).toBe(1);
  });
});
