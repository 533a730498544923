import { normalQuantile, normalTail } from '../numeric/normal';
import type { Moments } from './moments';

/** An estimated effect. */
export interface Effect {
  /** In units of the outcome: treated minus control. */
  readonly effect: number;
  /** Standard deviation of the estimate. */
  readonly standardError: number;
}

/** Bounds of an interval. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** Confidence of intervals unless stated. */
const defaultConfidence = 0.95;

/** @throws {RangeError} unless 0 < confidence < 1 */
export function errorRateOf(confidence: number): number {
  if (confidence > 0 && confidence < 1) return 1 - confidence;
  throw new RangeError(`Expected a confidence between 0 and 1; got ${confidence}.`);
}

/**
 * Returns the standard errors on either side of an estimate that make an interval for one reading at a time that was fixed
 * in advance: 1.96 at 95 %. An interval of this width that is read repeatedly misses the truth more often.
 *
 * @throws {RangeError} unless 0 < confidence < 1
 */
export const fixedHorizonWidth = (confidence = defaultConfidence): number =>
  normalQuantile(1 - errorRateOf(confidence) / 2);

/** Returns effect ± width × standard error. @param width - {@link fixedHorizonWidth} or `alwaysValidWidth` */
export const intervalOf = ({ effect, standardError }: Effect, width: number): Interval => ({
  low: effect - width * standardError,
  high: effect + width * standardError,
});

/** Returns the two-sided p-value of no effect, read once; NaN when the standard error is NaN. */
export const pValueOf = ({ effect, standardError }: Effect): number =>
  2 * normalTail(Math.abs(effect) / standardError);

/** Returns the variance of the mean of an arm. */
export const varianceOfMean = ({ variance, count }: Moments): number => variance / count;

/**
 * Returns the difference of the means of two arms, treated minus control, with unequal variances (Welch 1947, without
 * correction for small arms). With outcomes of 0 and 1 it is the difference of two proportions.
 */
export const differenceOfMeans = (treated: Moments, control: Moments): Effect => ({
  effect: treated.mean - control.mean,
  standardError: Math.sqrt(varianceOfMean(treated) + varianceOfMean(control)),
});

/** Wilson's score interval of one proportion (Wilson 1927). */
function scoreInterval({ mean, count }: Moments, width: number): Interval {
  const square = width * width;
  const centre = (mean + square / (2 * count)) / (1 + square / count);
  const half =
    (width / (1 + square / count)) * Math.sqrt((mean * (1 - mean)) / count + square / (4 * count * count));
  return { low: centre - half, high: centre + half };
}

/**
 * Returns an interval of the difference of two proportions that holds for few units and few successes, where
 * {@link intervalOf} is too narrow (Newcombe 1998, method 10: from Wilson's intervals of both arms).
 */
export function differenceOfProportionsInterval(treated: Moments, control: Moments, width: number): Interval {
  const [own, other] = [scoreInterval(treated, width), scoreInterval(control, width)];
  const difference = treated.mean - control.mean;
  return {
    low: difference - Math.hypot(treated.mean - own.low, other.high - control.mean),
    high: difference + Math.hypot(own.high - treated.mean, control.mean - other.low),
  };
}
