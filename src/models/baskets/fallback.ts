// What completes a cart when little was bought together: with the back-off as prior (backoff.ts), for each product a of the cart
//
//   s'_ab = (n_a · s_ab + θ · ŝ · q_a(b)) / (n_a + θ)          n_a: baskets with a
//
// s_ab of train.ts is a share of baskets times (N / n_b)^β; ŝ = N^β · Σ n_b^(1-β) / Σ n_b is the mean of that factor over baskets, so
// that both have one scale.

import type { Backoff, WeighedBackoff } from '../backoff';
import type { BasketsConfig } from './train';

/**
 * @param counts - n_a of every product
 * @param baskets - N
 */
export function fallbackOf(
  backoff: Backoff,
  counts: Float64Array,
  baskets: number,
  { liftExponent, backoffStrength }: Pick<BasketsConfig, 'liftExponent' | 'backoffStrength'>,
): WeighedBackoff {
  let [total, discounted] = [0, 0];
  for (const count of counts) {
    if (count === 0) continue;
    total += count;
    discounted += count ** (1 - liftExponent);
  }
  const scale = total > 0 ? (baskets ** liftExponent * discounted) / total : 1;
  const trusts = Float32Array.from(counts, count =>
    backoffStrength > 0 ? count / (count + backoffStrength) : 1,
  );
  return { backoff, trusts, masses: trusts.map(trust => scale * (1 - trust)) };
}
