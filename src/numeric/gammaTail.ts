import { logGamma } from './logGamma';

const maxTerms = 10_000;
const tolerance = 1e-16;

/** Lower part P(a, x) by its series, for x < a + 1 (Press et al., Numerical Recipes §6.2, eq. 6.2.5). */
function lowerSeries(a: number, x: number, front: number): number {
  let term = 1 / a;
  let sum = term;
  for (let n = 1; n < maxTerms && term > sum * tolerance; n++) {
    term *= x / (a + n);
    sum += term;
  }
  return sum * front;
}

/** Upper part Q(a, x) by its continued fraction, for x ≥ a + 1 (eq. 6.2.7, Lentz's method). */
function upperFraction(a: number, x: number, front: number): number {
  const tiny = 1e-300;
  let b = x + 1 - a;
  let c = 1 / tiny;
  let d = 1 / b;
  let fraction = d;
  for (let n = 1; n < maxTerms; n++) {
    const numerator = -n * (n - a);
    b += 2;
    d = 1 / (numerator * d + b || tiny);
    c = b + numerator / c || tiny;
    fraction *= d * c;
    if (Math.abs(d * c - 1) < tolerance) break;
  }
  return fraction * front;
}

/**
 * Returns the regularised upper incomplete gamma function Q(a, x) = Γ(a, x) / Γ(a). A chi-square variable with k degrees
 * of freedom exceeds s with probability Q(k / 2, s / 2).
 *
 * @param a - ≥ 0.5
 * @param x - ≥ 0
 */
export function gammaTail(a: number, x: number): number {
  if (x <= 0) return 1;
  const front = Math.exp(a * Math.log(x) - x - logGamma(a));
  return x < a + 1 ? 1 - lowerSeries(a, x, front) : upperFraction(a, x, front);
}
