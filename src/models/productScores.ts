import { arrayOf } from '../artifact/arrayOf';
import type { Artifact, ArtifactHeader } from '../artifact/artifact';
import { productArrays, productsOf } from '../learning/productArrays';
import type { Vocabulary } from '../snapshot/vocabulary';
import { checkOut } from './checkOut';
import type { Scorer } from './model';

/** An artifact that is one score a product, the same for everybody. */
export const scoresArtifact = (
  header: ArtifactHeader,
  products: Vocabulary,
  scores: Float32Array,
): Artifact => ({ header, arrays: new Map([...productArrays(products), ['scores', scores]]) });

/**
 * A scorer that gives everybody the scores of the artifact, history or none.
 *
 * @throws {GatewayError} ARTIFACT_DAMAGED
 */
export function loadScores(artifact: Artifact): Scorer {
  const products = productsOf(artifact);
  const scores = arrayOf(artifact, 'scores', Float32Array, products.size);
  return {
    products,
    scoreInto(histories, out) {
      checkOut({ products }, histories.length, out);
      for (let index = 0; index < histories.length; index++) out.set(scores, index * products.size);
    },
  };
}

/**
 * What one user's preference adds to a product's standing: log₂(1 + w), mirrored for dislike. A view (weight 1) adds
 * 1 and a purchase (5) 2.6; no single user can carry a product.
 */
export const standingOf = (preference: number): number =>
  Math.sign(preference) * Math.log2(1 + Math.abs(preference));
