import type { Rng } from '../numeric/rng';

/** Returns true with the given probability (0-1). */
export const chance = (rng: Rng, probability: number): boolean => rng.uniform() < probability;

/** A number in [low, high). */
export const between = (rng: Rng, low: number, high: number): number => low + (high - low) * rng.uniform();

/** One element of a non-empty list. */
export const pick = <T>(rng: Rng, list: readonly T[]): T => list[rng.int(list.length)] as T;

/** A log-normal deviate: median · e^(spread · standard normal). */
export const logNormal = (rng: Rng, median: number, spread: number): number =>
  median * Math.exp(spread * rng.gaussian());

/** An exponential deviate of mean 1. */
export const exponential = (rng: Rng): number => -Math.log(1 - rng.uniform());

/** A geometric deviate: 0, 1, 2 … with this mean, limited to `max`. */
export function geometric(rng: Rng, mean: number, max: number): number {
  const failures = Math.floor(Math.log(1 - rng.uniform()) / Math.log(mean / (1 + mean)));
  return Math.min(failures, max);
}

/** Running sums of weights (each ≥ 0), for {@link drawIndex}. */
export function cumulate(weights: ArrayLike<number>): Float64Array {
  const sums = new Float64Array(weights.length);
  let total = 0;
  for (let i = 0; i < weights.length; i++) {
    total += weights[i];
    sums[i] = total;
  }
  return sums;
}

/** Draws an index in proportion to its weight, by bisection of running sums; -1 when all weights are 0. */
export function drawIndex(rng: Rng, sums: Float64Array): number {
  const total = sums.length > 0 ? sums[sums.length - 1] : 0;
  if (!(total > 0)) return -1;
  const target = rng.uniform() * total;
  let low = 0;
  let high = sums.length - 1;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sums[middle] > target) high = middle;
    else low = middle + 1;
  }
  return low;
}
