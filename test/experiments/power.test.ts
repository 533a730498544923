import { detectableEffect, unitsForEffect, unitsForLift } from '../../src/experiments/power';
import { experimentsGolden } from '../support/experimentsGolden';

describe('the size of an experiment', () => {
  it('is that of statsmodels for equal variances', () => {
    const { effect, sd, units } = experimentsGolden.power;
    const design = { treatedVariance: sd * sd, controlVariance: sd * sd, treatedShare: 0.5 };
    expect(unitsForEffect(effect, design)).toBe(units);
    expect(detectableEffect(units, design)).toBeCloseTo(effect, 2);
  });

  it.each(experimentsGolden.unitsForLift)(
    'is $units for a lift of $lift on $rate',
    ({ rate, lift, treatedShare, units }) => {
      expect(unitsForLift(rate, lift, { treatedShare })).toBe(units);
    },
  );

  it('grows with the power and with the width of the interval', () => {
    const plain = unitsForLift(0.1, 0.1, { treatedShare: 0.5 });
    expect(unitsForLift(0.1, 0.1, { treatedShare: 0.5, power: 0.9 })).toBeGreaterThan(plain);
    expect(unitsForLift(0.1, 0.1, { treatedShare: 0.5, width: 3 })).toBeGreaterThan(plain);
  });

  it('is refused without an effect, and for rates that cannot be', () => {
    expect(() => unitsForLift(0.1, 0, { treatedShare: 0.5 })).toThrow(/other than 0/);
    expect(() => unitsForLift(0.6, 0.9, { treatedShare: 0.5 })).toThrow(RangeError);
    expect(() => unitsForLift(0, 0.9, { treatedShare: 0.5 })).toThrow(RangeError);
  });
});
