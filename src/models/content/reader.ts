import type { ProductDocument } from '../../snapshot/snapshot';
import { countTerms, type TermTable, termTableOf } from '../../text/termTable';
import { inverseDocumentFrequencies, saturated } from '../../text/weighting';
import { addWordVector, trainWordVectors, type WordVectors } from '../../text/wordVectors';
import { type Described, describe } from './describe';
import type { ContentConfig } from './settings';

/** A document as numbers: a term vector of length 1 and the mean of its word vectors. */
export interface Reading {
  /** Ascending. */
  readonly terms: Uint32Array;
  /** Same length as terms. */
  readonly weights: Float32Array;
  /** [rank of the word vectors], of length wordVectorWeight; zeros without a known word. */
  readonly dense: Float32Array;
}

/** State needed to read documents, the same for training and for later ones. */
export interface Reader {
  readonly terms: TermTable;
  /** Mean length of a document. */
  readonly meanLength: number;
  /** Rows of `vectors.words`. */
  readonly words: TermTable;
  readonly vectors: WordVectors;
  readonly config: ContentConfig;
}

/** Settings of the word vectors, which are fixed: a shop's texts are short and few. */
const vectorOptions = { rank: 32, epochs: 5, learningRate: 0.05, window: 8, negatives: 5, buckets: 8192 };
const saturation = 1.2;

/** Word vectors of a reader that is trained without them. */
const noVectors: WordVectors = { rank: 0, words: new Float32Array(0), buckets: new Float32Array(0) };
const noWords = termTableOf([], new Uint32Array(0), 0);

/**
 * Learns a reader from all documents.
 *
 * @param documents - split into terms; null for a product without a document
 * @param onEpoch - may throw to stop
 */
export async function learnReader(
  documents: readonly (Described | null)[],
  config: ContentConfig,
  seed: number,
  onEpoch: () => Promise<void>,
): Promise<Reader> {
  const described = documents.flatMap(document => document ?? []);
  const terms = countTerms(
    described.map(({ frequencies }) => frequencies.keys()),
    { minDocuments: 2, maxTerms: config.maxTerms },
  );
  const total = described.reduce((sum, { length }) => sum + length, 0);
  const meanLength = Math.max(total / Math.max(described.length, 1), 1e-9);
  const withoutVectors = { terms, meanLength, words: noWords, vectors: noVectors, config };
  if (config.wordVectorWeight === 0) return withoutVectors;
  const words = countTerms(
    described.map(document => document.words),
    { minDocuments: 2, maxTerms: config.maxTerms },
  );
  const texts = described.map(document =>
    Uint32Array.from(document.words.map(words.rowOf).filter(row => row >= 0)),
  );
  const vectors = await trainWordVectors(words.terms, texts, { ...vectorOptions, seed }, onEpoch);
  return { ...withoutVectors, words, vectors };
}

/** Scales to a length; leaves zeros unchanged. */
function scaleTo(vector: Float32Array, length: number): void {
  let square = 0;
  for (const value of vector) square += value * value;
  if (square === 0) return;
  const scale = length / Math.sqrt(square);
  for (let at = 0; at < vector.length; at++) vector[at] *= scale;
}

function denseOf({ words: table, vectors, terms, config }: Reader, { words }: Described): Float32Array {
  const dense = new Float32Array(vectors.rank);
  if (vectors.rank === 0) return dense;
  for (const word of new Set(words)) {
    const count = terms.documentFrequency[terms.rowOf(word)] ?? 1;
    const idf = Math.log(1 + terms.documents / count);
    addWordVector(vectors, word, table.rowOf(word), idf, dense);
  }
  scaleTo(dense, config.wordVectorWeight);
  return dense;
}

/**
 * Returns a function that weighs the terms of a document: BM25 over all fields, scaled to unit length.
 * Unknown terms are ignored.
 */
export function createWeighing(reader: Reader): (described: Described | null) => Reading {
  const { terms: table, meanLength, config } = reader;
  const idf = inverseDocumentFrequencies(table);
  const options = { saturation, lengthShare: config.lengthNormalization };
  const emptyReading = (): Reading => ({
    terms: new Uint32Array(0),
    weights: new Float32Array(0),
    dense: new Float32Array(reader.vectors.rank),
  });
  return described => {
    if (described === null) return emptyReading();
    const known = [...described.frequencies]
      .map(([term, frequency]) => [table.rowOf(term), frequency] as const)
      .filter(([row]) => row >= 0)
      .sort(([a], [b]) => a - b);
    const weights = Float32Array.from(
      known,
      ([row, frequency]) => idf[row] * saturated(frequency, described.length / meanLength, options),
    );
    scaleTo(weights, 1);
    return { terms: Uint32Array.from(known, ([row]) => row), weights, dense: denseOf(reader, described) };
  };
}

/** Returns a function that reads documents: splits them into terms and weighs these. */
export function createReading(reader: Reader): (document: ProductDocument | null) => Reading {
  const weigh = createWeighing(reader);
  return document => weigh(document && describe(document, reader.config));
}
