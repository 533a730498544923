import { arrayOf } from '../../artifact/arrayOf';
import type { Artifact, ArtifactArray } from '../../artifact/artifact';
import { vocabularyFromArrays, vocabularyToArrays } from '../../artifact/vocabularyArrays';
import { GatewayError } from '../../domain/errors';
import { productArrays, productsOf } from '../../learning/productArrays';
import type { Vocabulary } from '../../snapshot/vocabulary';
import { termTableOf } from '../../text/termTable';
import { type LearnedTags, maxTagsPerItem } from './learned';
import type { InterestTag } from './reading';

/** Returns the error for an artifact whose arrays do not fit together. */
export const damagedTags = (expected: string): GatewayError =>
  new GatewayError(
    'ARTIFACT_DAMAGED',
    `Expected ${expected} in the interest-tags artifact; got others. Train the tags again.`,
    { expected },
  );

/** Returns what was learned as arrays of an artifact. */
export function tagArrays(learned: LearnedTags, products: Vocabulary): ReadonlyMap<string, ArtifactArray> {
  const { tags, leaves, terms, vectors } = learned;
  const words = vocabularyToArrays({ size: terms.size, idOf: row => terms.terms[row] });
  return new Map<string, ArtifactArray>([
    ...productArrays(products),
    ['sizes', Uint32Array.of(tags.length, leaves, vectors.rank, terms.documents)],
    ['tags', new TextEncoder().encode(JSON.stringify(tags))],
    ['termBytes', words.bytes],
    ['termOffsets', words.offsets],
    ['termFrequencies', terms.documentFrequency],
    ['termTags', learned.termTags],
    ['termVectors', vectors.words],
    ['gramVectors', vectors.buckets],
    ['productTags', learned.productTags],
    ['productWeights', learned.productWeights],
    ['likeness', learned.similarity],
  ]);
}

function isTag(value: unknown): value is InterestTag {
  if (typeof value !== 'object' || value === null) return false;
  const { id, parentId, names, terms, products, cohesion } = value as Partial<
    Record<keyof InterestTag, unknown>
  >;
  return (
    typeof id === 'string' &&
    (parentId === null || typeof parentId === 'string') &&
    typeof names === 'object' &&
    Array.isArray(terms) &&
    typeof products === 'number' &&
    typeof cohesion === 'number'
  );
}

function tagsFrom(artifact: Artifact, count: number): readonly InterestTag[] {
  const text = new TextDecoder().decode(arrayOf(artifact, 'tags', Uint8Array, null));
  try {
    const parsed: unknown = JSON.parse(text);
    if (Array.isArray(parsed) && parsed.length === count && parsed.every(isTag)) return parsed;
  } catch {
    throw damagedTags('tags in JSON');
  }
  throw damagedTags(`${count} tags`);
}

/**
 * Reads what was learned, and the products, from an artifact's arrays.
 *
 * @throws {GatewayError} ARTIFACT_DAMAGED
 */
export function tagsFromArtifact(artifact: Artifact): {
  readonly learned: LearnedTags;
  readonly products: Vocabulary;
} {
  const products = productsOf(artifact);
  const [count, leaves, rank, documents] = arrayOf(artifact, 'sizes', Uint32Array, 4);
  const words = vocabularyFromArrays(
    arrayOf(artifact, 'termBytes', Uint8Array, null),
    arrayOf(artifact, 'termOffsets', Uint32Array, null),
  );
  const frequencies = arrayOf(artifact, 'termFrequencies', Uint32Array, words.length);
  const productTags = arrayOf(artifact, 'productTags', Int32Array, products.size * maxTagsPerItem);
  const buckets = arrayOf(artifact, 'gramVectors', Float32Array, null);
  if (buckets.length % rank !== 0) throw damagedTags(`vectors of length ${rank}`);
  if (leaves > count || productTags.some(tag => tag >= leaves)) throw damagedTags(`tags under ${leaves}`);
  const learned: LearnedTags = {
    tags: tagsFrom(artifact, count),
    leaves,
    terms: termTableOf(words, frequencies, documents),
    termTags: arrayOf(artifact, 'termTags', Float32Array, words.length * leaves),
    vectors: {
      rank,
      words: arrayOf(artifact, 'termVectors', Float32Array, words.length * rank),
      buckets,
    },
    productTags,
    productWeights: arrayOf(artifact, 'productWeights', Float32Array, productTags.length),
    similarity: arrayOf(artifact, 'likeness', Float32Array, count * count),
  };
  return { learned, products };
}
