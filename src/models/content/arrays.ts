import { arrayOf } from '../../artifact/arrayOf';
import type { Artifact, ArtifactArray } from '../../artifact/artifact';
import { vocabularyFromArrays, vocabularyToArrays } from '../../artifact/vocabularyArrays';
import { GatewayError } from '../../domain/errors';
import { productArrays, productsOf } from '../../learning/productArrays';
import { storedSettingsOf } from '../../learning/settings';
import type { Vocabulary } from '../../snapshot/vocabulary';
import { type TermTable, termTableOf } from '../../text/termTable';
import type { Learned } from './learned';
import { type ContentConfig, contentSettings } from './settings';

const tableArrays = (name: string, table: TermTable): readonly (readonly [string, ArtifactArray])[] => {
  const { bytes, offsets } = vocabularyToArrays({ size: table.size, idOf: row => table.terms[row] });
  return [
    [`${name}Bytes`, bytes],
    [`${name}Offsets`, offsets],
    [`${name}Frequency`, table.documentFrequency],
  ];
};

/**
 * Returns single numbers: documents, mean length, mean log popularity, rank and number of buckets of the word
 * vectors.
 */
const scalarsOf = ({ reader, meanLogPopularity }: Learned): Float64Array =>
  Float64Array.of(
    reader.terms.documents,
    reader.meanLength,
    meanLogPopularity,
    reader.vectors.rank,
    reader.vectors.buckets.length / Math.max(reader.vectors.rank, 1),
  );

/** Returns the learned data as an artifact's arrays: words and products, no shoppers. */
export const contentArrays = (learned: Learned, products: Vocabulary): ReadonlyMap<string, ArtifactArray> => {
  const { reader, texts, embeddingMap, embedding, popularityMap, shoppers } = learned;
  return new Map<string, ArtifactArray>([
    ...productArrays(products),
    ...tableArrays('term', reader.terms),
    ...tableArrays('word', reader.words),
    ['scalars', scalarsOf(learned)],
    ['textIndptr', texts.indptr],
    ['textTerms', texts.indices],
    ['textWeights', texts.values],
    ['textVectors', texts.dense],
    ['wordVectors', reader.vectors.words],
    ['gramVectors', reader.vectors.buckets],
    ['companyMap', embeddingMap],
    ['company', embedding],
    ['standingMap', popularityMap],
    ['shoppers', shoppers],
  ]);
};

const damaged = (expected: string): GatewayError =>
  new GatewayError(
    'ARTIFACT_DAMAGED',
    `Expected ${expected} in the content artifact; got others. Train the model again.`,
    { model: 'content', expected },
  );

function termsFrom(artifact: Artifact, name: string, documents: number): TermTable {
  const terms = vocabularyFromArrays(
    arrayOf(artifact, `${name}Bytes`, Uint8Array, null),
    arrayOf(artifact, `${name}Offsets`, Uint32Array, null),
  );
  const frequency = arrayOf(artifact, `${name}Frequency`, Uint32Array, terms.length);
  return termTableOf(terms, frequency, documents);
}

function configOf({ header }: Artifact): ContentConfig {
  try {
    return storedSettingsOf(contentSettings, header.config);
  } catch {
    throw damaged('settings of this version');
  }
}

function textsFrom(artifact: Artifact, products: number, terms: number, rank: number): Learned['texts'] {
  const indptr = arrayOf(artifact, 'textIndptr', Uint32Array, products + 1);
  const isAscending = indptr.every((end, row) => row === 0 || end >= indptr[row - 1]);
  if (indptr[0] !== 0 || !isAscending) throw damaged('ascending offsets of texts');
  const indices = arrayOf(artifact, 'textTerms', Uint32Array, indptr[products]);
  if (indices.some(term => term >= terms)) throw damaged(`terms under ${terms}`);
  const values = arrayOf(artifact, 'textWeights', Float32Array, indices.length);
  const dense = arrayOf(artifact, 'textVectors', Float32Array, products * rank);
  return { rows: products, terms, rank, indptr, indices, values, dense };
}

/**
 * Reads the learned data and the products of the training from an artifact's arrays.
 *
 * @throws {GatewayError} ARTIFACT_DAMAGED
 */
export function contentFrom(artifact: Artifact): {
  readonly learned: Learned;
  readonly products: Vocabulary;
} {
  const config = configOf(artifact);
  const products = productsOf(artifact);
  const [documents, meanLength, meanLogPopularity, rank, buckets] = arrayOf(
    artifact,
    'scalars',
    Float64Array,
    5,
  );
  const terms = termsFrom(artifact, 'term', documents);
  const words = termsFrom(artifact, 'word', documents);
  const vectors = {
    rank,
    words: arrayOf(artifact, 'wordVectors', Float32Array, words.size * rank),
    buckets: arrayOf(artifact, 'gramVectors', Float32Array, buckets * rank),
  };
  const columns = terms.size + rank;
  const texts = textsFrom(artifact, products.size, terms.size, rank);
  const learned = {
    reader: { terms, meanLength, words, vectors, config },
    texts,
    embeddingMap: arrayOf(artifact, 'companyMap', Float32Array, columns * config.rank),
    embedding: arrayOf(artifact, 'company', Float32Array, products.size * config.rank),
    popularityMap: arrayOf(artifact, 'standingMap', Float32Array, columns),
    meanLogPopularity,
    shoppers: arrayOf(artifact, 'shoppers', Float32Array, products.size),
  };
  return { learned, products };
}
