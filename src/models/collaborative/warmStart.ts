import { arrayOf } from '../../artifact/arrayOf';
import type { Artifact } from '../../artifact/artifact';
import { productsOf } from '../../learning/productArrays';
import type { Vocabulary } from '../../snapshot/vocabulary';
import type { CollaborativeConfig } from './settings';

/** Settings that determine the scale of factors; if one differs, the previous factors are not reused. */
const decisive = ['rank', 'regularization', 'regularizationExponent'] as const;

/** Returns whether two flat regularisations are about equal: one that is `auto` follows the mean weight of the data. */
const isNear = (a: number, b: number): boolean => Math.abs(a - b) <= 0.5 * Math.max(a, b);

/** Returns whether factors of the previous training have about the scale of those of this one. */
function isAlike({ header }: Artifact, config: CollaborativeConfig): boolean {
  // Artifacts of earlier versions have no flat regularisation.
  const flat = header.config['flatRegularization'] ?? 0;
  if (typeof flat !== 'number' || !isNear(flat, config.flatRegularization)) return false;
  return decisive.every(name => header.config[name] === config[name]);
}

/**
 * Returns the previous factors of this snapshot's products, [products × rank]; zeros for a product that was
 * absent or that no user liked. Null when there is nothing to start from: no artifact, or one with other
 * settings.
 *
 * @throws {GatewayError} ARTIFACT_DAMAGED
 */
export function warmStartOf(
  previous: Artifact | undefined,
  products: Vocabulary,
  config: CollaborativeConfig,
): Float32Array | null {
  if (previous === undefined || !isAlike(previous, config)) return null;
  const known = productsOf(previous);
  const { rank } = config;
  const factors = arrayOf(previous, 'productFactors', Float32Array, known.size * rank);
  const start = new Float32Array(products.size * rank);
  for (let row = 0; row < products.size; row++) {
    const from = known.rowOf(products.idOf(row));
    if (from >= 0) start.set(factors.subarray(from * rank, (from + 1) * rank), row * rank);
  }
  return start;
}
