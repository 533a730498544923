// The confidence n_i / (n_i + κ) of train.ts leaves κ / (n_i + κ): Dirichlet smoothing with the back-off as prior (backoff.ts) gives that
// much to what follows the category of i. With strength θ it is θ / (n_i + κ), so that θ = κ is plain Dirichlet smoothing.

import type { Backoff } from '../backoff';
import type { MarkovConfig } from './train';

/** What follows the category of a product. */
export interface MarkovFallback {
  readonly backoff: Backoff;
  /** θ / (n_i + κ), [products]. ≥ 0. */
  readonly masses: Float32Array;
}

/** @param evidence - n_i of every product */
export function fallbackOf(
  backoff: Backoff,
  evidence: Float64Array,
  { shrinkage, backoffStrength }: Pick<MarkovConfig, 'shrinkage' | 'backoffStrength'>,
): MarkovFallback {
  // Without shrinkage a single transition counts fully; a product without any has the mass of one.
  const masses = Float32Array.from(evidence, count => backoffStrength / Math.max(1, count + shrinkage));
  return { backoff, masses };
}
