import { cuped, stratifiedDifference } from '../../src/experiments/adjusted';
import { differenceOfMeans } from '../../src/experiments/effect';
import { momentsOf, pairMomentsOf } from '../../src/experiments/moments';
import { experimentsGolden } from '../support/experimentsGolden';

const { treated, control, ...golden } = experimentsGolden.cuped;
const [own, other] = [
  pairMomentsOf(treated.outcomes, treated.before),
  pairMomentsOf(control.outcomes, control.before),
];

describe('CUPED', () => {
  it('is the regression on one slope of both arms', () => {
    const found = cuped(own, other);
    expect(found.effect).toBeCloseTo(golden.effect, 12);
    expect(found.slope).toBeCloseTo(golden.slope, 12);
    expect(found.standardError).toBeCloseTo(golden.standardError, 12);
    expect(found.varianceRemoved).toBeCloseTo(golden.varianceRemoved, 12);
    expect(found.varianceRemoved).toBeGreaterThan(0.2);
  });

  it('is the difference of means where the covariate is constant', () => {
    const constant = (outcomes: readonly number[]) =>
      pairMomentsOf(
        outcomes,
        outcomes.map(() => 3),
      );
    const found = cuped(constant(treated.outcomes), constant(control.outcomes));
    expect(found).toMatchObject({
      ...differenceOfMeans(own.outcome, other.outcome),
      slope: 0,
      varianceRemoved: 0,
    });
  });
});

describe('strata', () => {
  const strataOf = (count: number) =>
    Array.from({ length: count }, (_, stratum) => {
      const of = (outcomes: readonly number[]) =>
        momentsOf(outcomes.filter((_, unit) => unit % count === stratum));
      return { treated: of(treated.outcomes), control: of(control.outcomes) };
    });

  it('give the regression with all interactions', () => {
    expect(stratifiedDifference(strataOf(3)).effect).toBeCloseTo(experimentsGolden.stratified.effect, 12);
  });

  it('that are one give the difference of means', () => {
    const found = stratifiedDifference(strataOf(1));
    const plain = differenceOfMeans(own.outcome, other.outcome);
    expect(found.effect).toBeCloseTo(plain.effect, 14);
    expect(found.standardError).toBeCloseTo(plain.standardError, 14);
  });

  it('of one unit per arm are refused', () => {
    expect(() => stratifiedDifference(strataOf(30))).toThrow(/Merge it/);
    expect(() => stratifiedDifference([])).toThrow(RangeError);
  });
});
