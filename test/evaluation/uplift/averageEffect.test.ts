import { averageEffectOf } from '../../../src/evaluation/uplift/averageEffect';
import { drawKnownEffect } from '../../support/knownEffect';

describe('the average effect', () => {
  it('is in its interval where it is known; the least detectable one is that of 2.8 standard errors', () => {
    const { rows, effect } = drawKnownEffect(20_000, { seed: 8, share: 0.8 });
    const truth = effect.reduce((sum, value) => sum + value, 0) / effect.length;
    const average = averageEffectOf(rows);
    expect(average.low).toBeLessThan(truth);
    expect(average.high).toBeGreaterThan(truth);
    expect(average.effect).toBeCloseTo(average.treatedRate - average.controlRate, 12);
    expect(average.lift).toBeCloseTo(average.treatedRate / average.controlRate - 1, 12);
    // 1.96 + .84 standard errors are detectable, 1.96 make half the interval.
    expect((2 * average.detectable) / (average.high - average.low)).toBeCloseTo(2.8016 / 1.96, 3);
  });
});
