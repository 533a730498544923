import {
  differenceOfMeans,
  differenceOfProportionsInterval,
  fixedHorizonWidth,
  intervalOf,
  pValueOf,
} from '../../src/experiments/effect';
import { momentsOf, momentsOfCounts, pairMomentsOf } from '../../src/experiments/moments';
import { experimentsGolden } from '../support/experimentsGolden';

const width = fixedHorizonWidth();

describe('moments', () => {
  it('of counts are those of the outcomes', () => {
    const counted = momentsOfCounts(3, 8);
    const listed = momentsOf([1, 0, 0, 1, 0, 0, 1, 0]);
    expect(counted.mean).toBe(listed.mean);
    expect(counted.variance).toBeCloseTo(listed.variance, 14);
  });

  it('of too few units are NaN, and impossible counts are refused', () => {
    expect(momentsOf([]).mean).toBeNaN();
    expect(momentsOf([1]).variance).toBeNaN();
    expect(momentsOfCounts(1, 1).variance).toBeNaN();
    expect(() => momentsOfCounts(3, 2)).toThrow(RangeError);
    expect(() => pairMomentsOf([1, 2], [1])).toThrow(RangeError);
  });
});

describe('effects', () => {
  it('on means are those of statsmodels', () => {
    const { arms, differenceOfMeans: golden } = experimentsGolden;
    const effect = differenceOfMeans(momentsOf(arms.treated), momentsOf(arms.control));
    expect(effect.effect).toBeCloseTo(golden.effect, 12);
    expect(intervalOf(effect, width).low).toBeCloseTo(golden.low, 10);
    expect(intervalOf(effect, width).high).toBeCloseTo(golden.high, 10);
    expect(pValueOf(effect)).toBeCloseTo(golden.p, 10);
  });

  it('on proportions have the interval of Newcombe', () => {
    const { newcombe } = experimentsGolden;
    const { low, high } = differenceOfProportionsInterval(
      momentsOfCounts(...newcombe.treated),
      momentsOfCounts(...newcombe.control),
      width,
    );
    expect(low).toBeCloseTo(newcombe.low, 10);
    expect(high).toBeCloseTo(newcombe.high, 10);
  });

  it('without successes have an interval, too, which the plain one has not', () => {
    const [treated, control] = [momentsOfCounts(0, 30), momentsOfCounts(0, 40)];
    const plain = intervalOf(differenceOfMeans(treated, control), width);
    expect(plain.high - plain.low).toBe(0);
    const { low, high } = differenceOfProportionsInterval(treated, control, width);
    expect(low).toBeLessThan(-0.05);
    expect(high).toBeGreaterThan(0.05);
  });

  it('are refused at a confidence of 0 or 1', () => {
    for (const confidence of [0, 1, Number.NaN])
      expect(() => fixedHorizonWidth(confidence)).toThrow(RangeError);
  });
});
