// Similarities as the conditional probabilities that they are up to a factor, with the back-off as their prior (backoff.ts):
//
//   s_ij = N_i^(1-α) · (ĉ_ij + θ · q_i(j)) / (N_i + θ)         ĉ_ij = c_ij · n_ij/(n_ij + λ) · (N_j / N̄)^-β
//
// N̄^β is chosen so that Σ N_j · (N_j / N̄)^-β = Σ N_j. With θ = 0 it is the similarity of train.ts times N̄^β. A list is therefore made
// of the similarities times N_i / (N_i + θ), and of mass N_i^(1-α) · θ / (N_i + θ) · N̄^-β for what follows the category of i.

import type { Backoff, WeighedBackoff } from '../backoff';
import type { ItemNeighboursConfig } from './train';

/** Returns N̄^β; 1 where nobody liked anything. */
function scaleOf(evidence: Float64Array, targetExponent: number): number {
  let [total, discounted] = [0, 0];
  for (const own of evidence) {
    if (!(own > 0)) continue;
    total += own;
    discounted += own ** (1 - targetExponent);
  }
  return discounted > 0 ? total / discounted : 1;
}

/** @param evidence - N_i of every product; one that nobody liked counts as liked once, so that its category speaks for it */
export function fallbackOf(
  backoff: Backoff,
  evidence: Float64Array,
  {
    sourceExponent,
    targetExponent,
    backoffStrength,
  }: Pick<ItemNeighboursConfig, 'sourceExponent' | 'targetExponent' | 'backoffStrength'>,
): WeighedBackoff {
  const scale = scaleOf(evidence, targetExponent);
  const trusts = new Float32Array(evidence.length);
  const masses = new Float32Array(evidence.length);
  for (const [product, count] of evidence.entries()) {
    const own = Math.max(1, count);
    trusts[product] = own / (own + backoffStrength);
    masses[product] = (own ** (1 - sourceExponent) * (1 - trusts[product])) / scale;
  }
  return { backoff, trusts, masses };
}
