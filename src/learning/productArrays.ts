import { arrayOf } from '../artifact/arrayOf';
import type { Artifact, ArtifactArray } from '../artifact/artifact';
import { vocabularyFromArrays, vocabularyToArrays } from '../artifact/vocabularyArrays';
import { type Vocabulary, vocabularyOf } from '../snapshot/vocabulary';

/** A vocabulary of products as entries of an artifact's arrays. */
export function productArrays(products: Vocabulary): readonly (readonly [string, ArtifactArray])[] {
  const { bytes, offsets } = vocabularyToArrays(products);
  return [
    ['productIdBytes', bytes],
    ['productIdOffsets', offsets],
  ];
}

/**
 * The products of an artifact, from what {@link productArrays} put there.
 *
 * @throws {GatewayError} ARTIFACT_DAMAGED
 */
export function productsOf(artifact: Artifact): Vocabulary {
  const bytes = arrayOf(artifact, 'productIdBytes', Uint8Array, null);
  const offsets = arrayOf(artifact, 'productIdOffsets', Uint32Array, null);
  return vocabularyOf(vocabularyFromArrays(bytes, offsets));
}
