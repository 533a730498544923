import { logGamma } from '../numeric/logGamma';
import type { Sample } from './sample';

/** A model compared with the best one by one figure. */
export interface Comparison {
  /** Mean of this model minus mean of the best. */
  readonly difference: number;
  /** Two-sided, of the paired test, uncorrected. */
  readonly p: number;
  /** The same with Holm's correction for the number of comparisons. */
  readonly adjustedP: number;
}

/** Continued fraction of the incomplete beta function (Press et al., Numerical Recipes §6.4, Lentz's method). */
function betaFraction(a: number, b: number, x: number): number {
  const tiny = 1e-300;
  const guard = (value: number): number => (Math.abs(value) < tiny ? tiny : value);
  let c = 1;
  let d = 1 / guard(1 - ((a + b) * x) / (a + 1));
  let fraction = d;
  for (let m = 1; m <= 300; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / guard(1 + even * d);
    c = guard(1 + even / c);
    fraction *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / guard(1 + odd * d);
    c = guard(1 + odd / c);
    const step = d * c;
    fraction *= step;
    if (Math.abs(step - 1) < 1e-15) break;
  }
  return fraction;
}

/** Regularised incomplete beta function I_x(a, b). */
function incompleteBeta(a: number, b: number, x: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  const front = Math.exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log(1 - x));
  return x < (a + 1) / (a + b + 2)
    ? (front * betaFraction(a, b, x)) / a
    : 1 - (front * betaFraction(b, a, 1 - x)) / b;
}

/** P(|T| ≥ |t|) for Student's t distribution; degrees of freedom ≥ 1. */
export function studentTwoSided(t: number, degrees: number): number {
  return incompleteBeta(degrees / 2, 0.5, degrees / (degrees + t * t));
}

/** One figure of all units: value divided by weight. */
function columnOf({ names, values, weights, units }: Sample, name: string): Float64Array {
  const column = names.indexOf(name);
  const width = names.length;
  return Float64Array.from(units, (_, unit) => values[unit * width + column] / (weights?.[unit] ?? 1));
}

/** Paired two-sided t-test of the means over units. p is 1 when no unit differs. */
function pairedTest(
  mine: Float64Array,
  others: Float64Array,
): { readonly difference: number; readonly p: number } {
  const count = mine.length;
  const differences = mine.map((value, unit) => value - others[unit]);
  const difference = differences.reduce((sum, value) => sum + value, 0) / count;
  const squares = differences.reduce((sum, value) => sum + (value - difference) ** 2, 0);
  const error = Math.sqrt(squares / (count - 1) / count);
  if (!(error > 0)) return { difference, p: difference === 0 || count < 2 ? 1 : 0 };
  return { difference, p: studentTwoSided(difference / error, count - 1) };
}

/**
 * Holm's step-down correction (Holm 1979): multiplies the smallest p by the number of tests, the next by one less, and so
 * on; the results never decrease and are at most 1. Returns them in the order of `ps`.
 */
export function holm(ps: readonly number[]): number[] {
  const order = Array.from(ps.keys()).sort((a, b) => ps[a] - ps[b]);
  const adjusted = new Array<number>(ps.length);
  let least = 0;
  for (const [place, index] of order.entries()) {
    least = Math.max(least, Math.min(1, ps[index] * (ps.length - place)));
    adjusted[index] = least;
  }
  return adjusted;
}

/**
 * Compares every sample with the best one by paired t-tests over units, with Holm's correction. All samples have the same
 * units. Returns null for the best itself.
 *
 * @param best - index of the best
 * @throws {RangeError} when the units differ in number
 */
export function compareWithBest(
  samples: readonly Sample[],
  name: string,
  best: number,
): readonly (Comparison | null)[] {
  const columns = samples.map(sample => columnOf(sample, name));
  if (columns.some(column => column.length !== columns[best].length))
    throw new RangeError(
      'Expected samples of the same units; got different numbers. Evaluate the same users.',
    );
  const others = Array.from(samples.keys()).filter(index => index !== best);
  const tests = others.map(index => pairedTest(columns[index], columns[best]));
  const adjusted = holm(tests.map(test => test.p));
  const comparisons: (Comparison | null)[] = samples.map(() => null);
  for (const [place, index] of others.entries())
    comparisons[index] = { ...tests[place], adjustedP: adjusted[place] };
  return comparisons;
}
