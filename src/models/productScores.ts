import { arrayOf } from '../artifact/arrayOf';
import type { Artifact, ArtifactHeader } from '../artifact/artifact';
import { productArrays, productsOf } from '../learning/productArrays';
import type { Vocabulary } from '../snapshot/vocabulary';
import { checkOut } from './checkOut';
import type { Scorer } from './model';

/** Returns an artifact with one score per product, the same for every shopper. */
export const scoresArtifact = (
  header: ArtifactHeader,
  products: Vocabulary,
  scores: Float32Array,
): Artifact => ({ header, arrays: new Map([...productArrays(products), ['scores', scores]]) });

/**
 * Returns a scorer that gives every shopper the scores of the artifact, with or without history.
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
 * Returns what one user's preference adds to a product's popularity: log₂(1 + w), negative for dislikes. A
 * view (weight 1) adds 1 and a purchase (5) adds 2.6, so no single user dominates a product.
 */
export const standingOf = (preference: number): number =>
  Math.sign(preference) * Math.log2(1 + Math.abs(preference));
