import { fixedHorizonWidth } from '../../src/experiments/effect';
import { momentsOf, momentsOfCounts, pairMomentsOf } from '../../src/experiments/moments';
import { costPerConversion, differenceOfRatios, liftOf } from '../../src/experiments/ratio';
import { experimentsGolden } from '../support/experimentsGolden';

const width = fixedHorizonWidth();

describe('the lift', () => {
  it('has the interval of Fieller', () => {
    const { lift } = experimentsGolden;
    const found = liftOf(momentsOfCounts(...lift.treated), momentsOfCounts(...lift.control), width);
    for (const key of ['ratio', 'low', 'high'] as const) expect(found[key]).toBeCloseTo(lift[key], 9);
  });

  it('is without bounds when the control may have no conversions', () => {
    const found = liftOf(momentsOfCounts(9, 100), momentsOfCounts(1, 100), width);
    expect([found.low, found.high]).toEqual([Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]);
    expect(liftOf(momentsOfCounts(9, 100), momentsOfCounts(0, 100), width).ratio).toBeNaN();
  });
});

describe('the cost per incremental conversion', () => {
  it('has the interval of Fieller', () => {
    const { conversions, costs, control, ...golden } = experimentsGolden.costPerConversion;
    const found = costPerConversion(pairMomentsOf(conversions, costs), momentsOf(control), width);
    for (const key of ['ratio', 'low', 'high'] as const) expect(found[key]).toBeCloseTo(golden[key], 7);
  });

  const costOf = (successes: number, controls: number) => {
    const outcomes = Array.from({ length: 1000 }, (_, unit) => Number(unit < successes));
    const costs = outcomes.map((_, unit) => 9 + (unit % 3));
    return costPerConversion(pairMomentsOf(outcomes, costs), momentsOfCounts(controls, 1000), width);
  };

  it('has no upper bound where the effect may be 0, and a lower bound still', () => {
    const { ratio, low, high } = costOf(60, 50);
    expect(ratio).toBeCloseTo(1000, -1);
    // The most favourable effect in its interval is about .01 + 1.96 · .0102.
    expect(low).toBeCloseTo(10 / 0.03, -2);
    expect(high).toBe(Number.POSITIVE_INFINITY);
  });

  it('is infinite where the estimated effect is 0 or below', () => {
    expect(costOf(50, 50).ratio).toBe(Number.POSITIVE_INFINITY);
    expect(costOf(10, 100)).toEqual({
      ratio: Number.POSITIVE_INFINITY,
      low: Number.POSITIVE_INFINITY,
      high: Number.POSITIVE_INFINITY,
    });
  });
});

describe('a ratio of sums', () => {
  it('has the standard error of the delta method', () => {
    const { cuped, ratioMetric } = experimentsGolden;
    const { effect, standardError } = differenceOfRatios(
      pairMomentsOf(cuped.treated.outcomes, cuped.treated.before),
      pairMomentsOf(cuped.control.outcomes, cuped.control.before),
    );
    expect(effect).toBeCloseTo(ratioMetric.effect, 12);
    expect(standardError).toBeCloseTo(ratioMetric.standardError, 12);
  });
});
