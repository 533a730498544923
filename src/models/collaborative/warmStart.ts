import { arrayOf } from '../../artifact/arrayOf';
import type { Artifact } from '../../artifact/artifact';
import { productsOf } from '../../learning/productArrays';
import type { Vocabulary } from '../../snapshot/vocabulary';
import type { CollaborativeConfig } from './settings';

/** Settings that determine the scale of factors; if one differs, the previous factors are not reused. */
const decisive = ['rank', 'regularization', 'regularizationExponent'] as const;

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
  if (previous === undefined || decisive.some(name => previous.header.config[name] !== config[name]))
    return null;
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
