import { gammaTail } from '../numeric/gammaTail';
import { logGamma } from '../numeric/logGamma';

/** Units that were counted in the arms, and the shares with which they were assigned. */
export interface ArmCounts {
  readonly counts: readonly number[];
  /** Above 0, sum 1. */
  readonly shares: readonly number[];
}

/** Prior observations that say the shares are as intended: the test looks for deviations of about 1 / √this. */
const defaultConcentration = 1000;

/** @throws {RangeError} unless there is one share above 0 per count */
function checkCounts({ counts, shares }: ArmCounts): void {
  const isRight =
    counts.length === shares.length && shares.every(share => share > 0) && counts.every(count => count >= 0);
  if (isRight) return;
  throw new RangeError(
    `Expected one share above 0 per arm; got ${shares.join(', ')} of ${counts.join(', ')}.`,
  );
}

/** ln B(a), the normaliser of the Dirichlet distribution. */
const logBeta = (a: readonly number[]): number =>
  a.reduce((sum, value) => sum + logGamma(value), 0) - logGamma(a.reduce((sum, value) => sum + value, 0));

/**
 * Returns a p-value of the intended shares that may be read at any time (Lindon & Malek 2022, "Anytime-valid inference for
 * multinomial count data"): the inverse of the Bayes factor of a Dirichlet prior around the shares against the
 * shares themselves. Below α at any reading, units are missing from an arm, or counted twice, and effects cannot be trusted.
 *
 * @param concentration - of the prior, times the shares; ≥ 0.5 per arm
 * @throws {RangeError} unless there is one share above 0 per count
 */
export function sequentialSampleRatio(arms: ArmCounts, concentration = defaultConcentration): number {
  checkCounts(arms);
  const { counts, shares } = arms;
  const prior = shares.map(share => share * concentration);
  const posterior = prior.map((value, arm) => value + counts[arm]);
  const expected = counts.reduce((sum, count, arm) => sum + count * Math.log(shares[arm]), 0);
  const logFactor = logBeta(posterior) - logBeta(prior) - expected;
  return Math.min(1, Math.exp(-logFactor));
}

/**
 * Returns the p-value of Pearson's chi-square test of the intended shares (Pearson 1900), to be read once; 1 without units.
 *
 * @throws {RangeError} unless there is one share above 0 per count
 */
export function chiSquareSampleRatio(arms: ArmCounts): number {
  checkCounts(arms);
  const { counts, shares } = arms;
  const units = counts.reduce((sum, count) => sum + count, 0);
  if (units === 0) return 1;
  const statistic = counts.reduce(
    (sum, count, arm) => sum + (count - units * shares[arm]) ** 2 / (units * shares[arm]),
    0,
  );
  return gammaTail((counts.length - 1) / 2, statistic / 2);
}
