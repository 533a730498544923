import { normalQuantile } from '../numeric/normal';
import { fixedHorizonWidth } from './effect';

/** An experiment to plan. */
export interface Design {
  /** Variance of the outcome of a unit. */
  readonly treatedVariance: number;
  readonly controlVariance: number;
  /** Share of units that are treated, between 0 and 1. */
  readonly treatedShare: number;
  /** Probability of an interval without 0 when the effect is as stated; 0.8 by default. */
  readonly power?: number;
  /** Standard errors on either side of the estimate; 1.96 by default. `alwaysValidWidth` plans for daily readings. */
  readonly width?: number;
}

const defaultPower = 0.8;

/** Squared standard error of the effect, times the units of both arms. */
const spreadOf = ({ treatedVariance, controlVariance, treatedShare }: Design): number =>
  treatedVariance / treatedShare + controlVariance / (1 - treatedShare);

/** Standard errors that the effect must be away from 0. */
const distanceOf = ({ power = defaultPower, width = fixedHorizonWidth() }: Design): number =>
  width + normalQuantile(power);

/**
 * Returns the units of both arms that an effect needs to be found, rounded up (Cohen 1988; the normal approximation of the
 * test of two means with unequal variances).
 *
 * @throws {RangeError} when the effect is 0, which no number of units finds
 */
export function unitsForEffect(effect: number, design: Design): number {
  if (!(Math.abs(effect) > 0)) throw new RangeError(`Expected an effect other than 0; got ${effect}.`);
  return Math.ceil((distanceOf(design) ** 2 * spreadOf(design)) / effect ** 2);
}

/** Returns the least effect that so many units of both arms find with the power stated. */
export const detectableEffect = (units: number, design: Design): number =>
  distanceOf(design) * Math.sqrt(spreadOf(design) / units);

/**
 * Returns the units of both arms that a lift of a conversion rate needs to be found, rounded up.
 *
 * @param rate - of the control, between 0 and 1
 * @param lift - relative: 0.1 is 10 percent more
 * @throws {RangeError} when rate or raised rate is not between 0 and 1, or the lift is 0
 */
export function unitsForLift(
  rate: number,
  lift: number,
  design: Omit<Design, 'treatedVariance' | 'controlVariance'>,
): number {
  const raised = rate * (1 + lift);
  if (!(rate > 0 && rate < 1 && raised > 0 && raised < 1))
    throw new RangeError(`Expected rates between 0 and 1; got ${rate} and, with the lift, ${raised}.`);
  return unitsForEffect(raised - rate, {
    ...design,
    treatedVariance: raised * (1 - raised),
    controlVariance: rate * (1 - rate),
  });
}
