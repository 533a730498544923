/** Count, mean and variance of one number per unit. */
export interface Moments {
  readonly count: number;
  /** NaN without units. */
  readonly mean: number;
  /** Unbiased; NaN below two units. */
  readonly variance: number;
}

/** Moments of two numbers per unit. */
export interface PairMoments {
  readonly outcome: Moments;
  readonly covariate: Moments;
  /** Unbiased; NaN below two units. */
  readonly covariance: number;
}

/** Σ (a - mean a)·(b - mean b) / (n - 1). */
function covarianceOf(a: ArrayLike<number>, b: ArrayLike<number>, means: readonly [number, number]): number {
  let sum = 0;
  for (let unit = 0; unit < a.length; unit++) sum += (a[unit] - means[0]) * (b[unit] - means[1]);
  return a.length < 2 ? Number.NaN : sum / (a.length - 1);
}

/** Returns the moments of one number per unit. */
export function momentsOf(values: ArrayLike<number>): Moments {
  let sum = 0;
  for (let unit = 0; unit < values.length; unit++) sum += values[unit];
  const mean = sum / values.length;
  return { count: values.length, mean, variance: covarianceOf(values, values, [mean, mean]) };
}

/**
 * Returns the moments of an outcome of 0 or 1 from its counts.
 *
 * @throws {RangeError} unless 0 ≤ successes ≤ count
 */
export function momentsOfCounts(successes: number, count: number): Moments {
  if (!(successes >= 0 && successes <= count))
    throw new RangeError(`Expected 0 to ${count} successes; got ${successes}.`);
  const mean = successes / count;
  return { count, mean, variance: count < 2 ? Number.NaN : (mean * (1 - mean) * count) / (count - 1) };
}

/** Returns the moments of pairs. @throws {RangeError} when the lengths differ */
export function pairMomentsOf(outcomes: ArrayLike<number>, covariates: ArrayLike<number>): PairMoments {
  if (outcomes.length !== covariates.length)
    throw new RangeError(
      `Expected one covariate per outcome; got ${covariates.length} of ${outcomes.length}.`,
    );
  const [outcome, covariate] = [momentsOf(outcomes), momentsOf(covariates)];
  const covariance = covarianceOf(outcomes, covariates, [outcome.mean, covariate.mean]);
  return { outcome, covariate, covariance };
}
