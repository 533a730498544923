import { alwaysValidWidth } from '../../src/experiments/confidenceSequence';
import { fixedHorizonWidth } from '../../src/experiments/effect';
import { experimentsGolden } from '../support/experimentsGolden';

describe('the always-valid width', () => {
  it.each(experimentsGolden.alwaysValid)('at $observed of $planned is where the mixture reaches 1/α', row => {
    expect(alwaysValidWidth(row)).toBeCloseTo(row.width, 8);
  });

  it('is above that of one reading at all times', () => {
    for (let observed = 1; observed < 1e6; observed *= 2)
      expect(alwaysValidWidth({ observed, planned: 1000 })).toBeGreaterThan(1.5 * fixedHorizonWidth());
  });

  it('gives about the narrowest interval at the planned time', () => {
    const width = (planned: number) => alwaysValidWidth({ observed: 1000, planned });
    for (const other of [100, 500, 2000, 10_000]) expect(width(1000)).toBeLessThan(width(other));
  });

  it('refuses readings before the first unit', () => {
    for (const observed of [0, -1, Number.NaN])
      expect(() => alwaysValidWidth({ observed, planned: 5 })).toThrow(RangeError);
    expect(() => alwaysValidWidth({ observed: 5, planned: 5 }, 1)).toThrow(RangeError);
  });
});
