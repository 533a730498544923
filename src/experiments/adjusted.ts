import { differenceOfMeans, type Effect } from './effect';
import type { Moments, PairMoments } from './moments';

/** An effect whose variance a covariate from before the experiment has reduced. */
export interface AdjustedEffect extends Effect {
  /** θ: change of the outcome per unit of the covariate; 0 when the covariate is constant. */
  readonly slope: number;
  /** Share of the variance that the covariate removed, below 1; negative when it added some by chance. */
  readonly varianceRemoved: number;
}

/** Sum over arms of (n - 1)·statistic. */
const pooled = (arms: readonly PairMoments[], statistic: (arm: PairMoments) => number): number =>
  arms.reduce((sum, arm) => sum + (arm.outcome.count - 1) * statistic(arm), 0);

/** Moments of outcome - θ·covariate. */
const residualOf = ({ outcome, covariate, covariance }: PairMoments, slope: number): Moments => ({
  count: outcome.count,
  mean: outcome.mean - slope * covariate.mean,
  variance: outcome.variance - 2 * slope * covariance + slope * slope * covariate.variance,
});

/**
 * Returns the difference of means adjusted by a covariate from before the experiment (CUPED; Deng, Xu, Kohavi & Walker
 * 2013), with θ = covariance / variance pooled within the arms. The covariate must not be affected by the treatment.
 *
 * @param treated - `covariate`: as in the shopper's purchases before the campaign
 */
export function cuped(treated: PairMoments, control: PairMoments): AdjustedEffect {
  const arms = [treated, control];
  const spread = pooled(arms, arm => arm.covariate.variance);
  const slope = spread > 0 ? pooled(arms, arm => arm.covariance) / spread : 0;
  const adjusted = differenceOfMeans(residualOf(treated, slope), residualOf(control, slope));
  const plain = differenceOfMeans(treated.outcome, control.outcome);
  return { ...adjusted, slope, varianceRemoved: 1 - (adjusted.standardError / plain.standardError) ** 2 };
}

/** The arms of one stratum: units that were alike before the experiment. */
export interface Stratum {
  readonly treated: Moments;
  readonly control: Moments;
}

/**
 * Returns the effect as the mean of the effects in strata, weighted by their units (post-stratification; Miratrix, Sekhon &
 * Yu 2013). It equals the regression on strata with all interactions.
 *
 * @throws {RangeError} when a stratum has fewer than two units in an arm: merge it with another
 */
export function stratifiedDifference(strata: readonly Stratum[]): Effect {
  const thin = strata.findIndex(({ treated, control }) => Math.min(treated.count, control.count) < 2);
  if (thin >= 0 || strata.length === 0)
    throw new RangeError(`Expected strata of two units per arm; got fewer in stratum ${thin}. Merge it.`);
  const units = strata.reduce((sum, { treated, control }) => sum + treated.count + control.count, 0);
  let [effect, variance] = [0, 0];
  for (const { treated, control } of strata) {
    const share = (treated.count + control.count) / units;
    const own = differenceOfMeans(treated, control);
    effect += share * own.effect;
    variance += (share * own.standardError) ** 2;
  }
  return { effect, standardError: Math.sqrt(variance) };
}
