import { type Effect, type Interval, varianceOfMean } from './effect';
import type { Moments, PairMoments } from './moments';

/** A ratio with an interval. */
export interface RatioEstimate extends Interval {
  /** NaN when the denominator is 0. */
  readonly ratio: number;
}

/** Two means whose ratio is asked for, with their variances and their covariance. */
interface RatioOfMeans {
  readonly numerator: Effect;
  readonly denominator: Effect;
  readonly covariance: number;
}

/**
 * Bounds of a ratio by Fieller's theorem (Fieller 1954): all θ for which numerator - θ·denominator is within `width` standard
 * errors of 0. Where the denominator may be 0 the set is unbounded: all numbers outside (low, high) or all numbers; then
 * `isBounded` is false.
 */
function fiellerBounds(
  { numerator, denominator, covariance }: RatioOfMeans,
  width: number,
): Interval & { readonly isBounded: boolean } {
  const square = width * width;
  const a = denominator.effect ** 2 - square * denominator.standardError ** 2;
  const half = numerator.effect * denominator.effect - square * covariance;
  const c = numerator.effect ** 2 - square * numerator.standardError ** 2;
  const discriminant = half * half - a * c;
  if (discriminant < 0 || a === 0)
    return { low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY, isBounded: false };
  const root = Math.sqrt(discriminant);
  const [first, second] = [(half - root) / a, (half + root) / a];
  return { low: Math.min(first, second), high: Math.max(first, second), isBounded: a > 0 };
}

const meanOf = (moments: Moments): Effect => ({
  effect: moments.mean,
  standardError: Math.sqrt(varianceOfMean(moments)),
});

/**
 * Returns the lift: mean of treated / mean of control - 1, by Fieller's theorem. 0.1 is 10 percent. The bounds are infinite
 * when the mean of the control may be 0.
 */
export function liftOf(treated: Moments, control: Moments, width: number): RatioEstimate {
  const [numerator, denominator] = [meanOf(treated), meanOf(control)];
  const ratio = control.mean === 0 ? Number.NaN : treated.mean / control.mean - 1;
  const { low, high, isBounded } = fiellerBounds({ numerator, denominator, covariance: 0 }, width);
  return isBounded
    ? { ratio, low: low - 1, high: high - 1 }
    : { ratio, low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY };
}

/**
 * Returns the cost per incremental conversion: mean cost of treated units / effect on the conversion of a treated unit, by
 * Fieller's theorem. `high` is Infinity when there may be no effect at all; `ratio` is Infinity when the estimate is not
 * above 0.
 *
 * @param treated - `outcome`: conversions, `covariate`: costs
 * @param control - conversions
 */
export function costPerConversion(treated: PairMoments, control: Moments, width: number): RatioEstimate {
  const { outcome, covariate, covariance } = treated;
  const effect = outcome.mean - control.mean;
  const standardError = Math.sqrt(varianceOfMean(outcome) + varianceOfMean(control));
  const { low, high, isBounded } = fiellerBounds(
    {
      numerator: meanOf(covariate),
      denominator: { effect, standardError },
      covariance: covariance / outcome.count,
    },
    width,
  );
  if (isBounded && effect > 0) return { ratio: covariate.mean / effect, low, high };
  // Every cost from the greater root upwards fits, and a cost without limit: an effect of 0 or below.
  const least = isBounded ? Number.POSITIVE_INFINITY : Math.max(0, Number.isFinite(high) ? high : 0);
  return {
    ratio: effect > 0 ? covariate.mean / effect : Number.POSITIVE_INFINITY,
    low: least,
    high: Number.POSITIVE_INFINITY,
  };
}

/** Ratio of two means of one arm, with its variance by the delta method. */
function ratioOfArm({ outcome, covariate, covariance }: PairMoments): { ratio: number; variance: number } {
  const ratio = outcome.mean / covariate.mean;
  const spread = outcome.variance - 2 * ratio * covariance + ratio * ratio * covariate.variance;
  return { ratio, variance: spread / (outcome.count * covariate.mean ** 2) };
}

/**
 * Returns the effect on a metric that is a ratio of two sums over units, as in clicks per contact, by the delta method (Deng,
 * Knoblich & Lu 2018). Units are those that were assigned.
 *
 * @param treated - `outcome`: numerators, `covariate`: denominators per unit
 */
export function differenceOfRatios(treated: PairMoments, control: PairMoments): Effect {
  const [own, other] = [ratioOfArm(treated), ratioOfArm(control)];
  return { effect: own.ratio - other.ratio, standardError: Math.sqrt(own.variance + other.variance) };
}
