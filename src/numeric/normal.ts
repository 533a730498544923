import { gammaTail } from './gammaTail';

/** Returns the probability that a standard normal variable exceeds `z`. */
export function normalTail(z: number): number {
  const half = gammaTail(0.5, (z * z) / 2) / 2;
  return z >= 0 ? half : 1 - half;
}

/** Newton steps after which the error is rounding: the start is right to three decimals, and each step squares the error. */
const steps = 4;

/**
 * Returns the z that a standard normal variable stays below with probability `p`; ±Infinity at 0 and 1. The start is
 * Abramowitz & Stegun 1964, 26.2.23; Newton's method on {@link normalTail} corrects it.
 *
 * @throws {RangeError} unless 0 ≤ p ≤ 1
 */
export function normalQuantile(p: number): number {
  if (!(p >= 0 && p <= 1)) throw new RangeError(`Expected a probability from 0 to 1; got ${p}.`);
  if (p > 0.5) return -normalQuantile(1 - p);
  if (p === 0) return Number.NEGATIVE_INFINITY;
  const t = Math.sqrt(-2 * Math.log(p));
  const top = 2.515517 + t * (0.802853 + t * 0.010328);
  const bottom = 1 + t * (1.432788 + t * (0.189269 + t * 0.001308));
  let z = t - top / bottom;
  for (let step = 0; step < steps; step++) {
    const density = Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);
    z += (normalTail(z) - p) / density;
  }
  return -z;
}
