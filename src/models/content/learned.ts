import { oncePer } from '../../learning/oncePer';
import type { Csr } from '../../numeric/csr';
import { singularVectorRounds } from '../../numeric/singularVectors';
import { spectralItemEmbedding } from '../../numeric/spectralItemEmbedding';
import type { ProductDocument, Snapshot } from '../../snapshot/snapshot';
import { standingOf } from '../productScores';
import { type Described, describeAll } from './describe';
import { type DistinctTexts, distinctTexts, mergedTargets } from './distinct';
import { createWeighing, learnReader, type Reader, type Reading } from './reader';
import { solveTextRidge, stepsOfRidge } from './ridge';
import type { ContentConfig } from './settings';
import { type Texts, textsOf } from './texts';

/** Result of training. */
export interface Learned {
  readonly reader: Reader;
  readonly texts: Texts;
  /** From terms (and word vectors below them) to the spectral embedding, [(terms + vector rank) × rank]. */
  readonly embeddingMap: Float32Array;
  /** Spectral item embedding of the likes, [products × rank]; zeros for products without a like. */
  readonly embedding: Float32Array;
  /** From terms to popularity: their additions to the mean. [terms + vector rank] */
  readonly popularityMap: Float32Array;
  /** Mean log popularity (natural logarithm of shoppers) of products with a like. */
  readonly meanLogPopularity: number;
  /** Shoppers who like each product. [products] */
  readonly shoppers: Float32Array;
}

/**
 * Returns the positive preferences as popularity contributions. Dislikes have little information about the value of words.
 */
function likesOf(preferences: Csr): Csr {
  const indptr = new Uint32Array(preferences.rows + 1);
  const indices: number[] = [];
  const values: number[] = [];
  for (let user = 0; user < preferences.rows; user++) {
    for (let entry = preferences.indptr[user]; entry < preferences.indptr[user + 1]; entry++) {
      if (preferences.values[entry] <= 0) continue;
      indices.push(preferences.indices[entry]);
      values.push(standingOf(preferences.values[entry]));
    }
    indptr[user + 1] = indices.length;
  }
  return { ...preferences, indptr, indices: Uint32Array.from(indices), values: Float32Array.from(values) };
}

function shoppersOf({ indices, columns }: Csr): Float32Array {
  const shoppers = new Float32Array(columns);
  for (const product of indices) shoppers[product]++;
  return shoppers;
}

/** Returns the log popularity of liked products less its mean, and the mean. */
function logPopularityOf(shoppers: Float32Array): { readonly mean: number; readonly targets: Float32Array } {
  const logarithms = shoppers.map(count => Math.log(Math.max(count, 1)));
  const liked = shoppers.reduce((count, value) => count + Number(value > 0), 0);
  const mean = logarithms.reduce((sum, value) => sum + value, 0) / Math.max(liked, 1);
  return { mean, targets: logarithms.map((value, row) => (shoppers[row] > 0 ? value - mean : 0)) };
}

/** Weighs documents; those that share a description share the reading. */
function readingsOf(reader: Reader, described: readonly (Described | null)[]): readonly Reading[] {
  const weigh = createWeighing(reader);
  const known = new Map<Described | null, Reading>();
  return described.map(document => {
    const found = known.get(document) ?? weigh(document);
    known.set(document, found);
    return found;
  });
}

/** What is read of the products, whoever likes them. */
export interface ReadProducts extends Pick<Learned, 'reader' | 'texts'> {
  readonly distinct: DistinctTexts;
}

const readDocuments = oncePer(
  (config: ContentConfig, seed: number, _onStep: () => Promise<void>) => JSON.stringify([config, seed]),
  async (documents: readonly (ProductDocument | null)[], config, seed, onStep): Promise<ReadProducts> => {
    const described = describeAll(documents, config);
    const reader = await learnReader(described, config, seed, onStep);
    const texts = textsOf(readingsOf(reader, described), reader.terms.size, reader.vectors.rank);
    return { reader, texts, distinct: distinctTexts(texts) };
  },
);

/**
 * Reads the products of a snapshot, once for all snapshots with the same documents: a part of the events has those of the whole.
 *
 * @param onStep - called {@link stepsOfReading} times at most; may throw to stop
 */
export const readProducts = (
  { documents, products }: Snapshot,
  config: ContentConfig,
  seed: number,
  onStep: () => Promise<void>,
): Promise<ReadProducts> =>
  readDocuments(documents ?? Array.from({ length: products.size }, () => null), config, seed, onStep);

/** Steps of progress of reading. */
export const stepsOfReading = 5;
/** Returns the steps of progress of learning. */
export const stepsOfLearning = ({ rank }: Pick<ContentConfig, 'rank'>): number =>
  singularVectorRounds + stepsOfRidge(rank) + stepsOfRidge(1);

/**
 * Learns to predict a product's spectral embedding and popularity from its words: the spectral embedding of products by
 * their likes (numeric/spectralItemEmbedding.ts), and the ridge regression from words to it (ridge.ts), both in closed form.
 *
 * @param read - its config is used
 * @param onStep - called {@link stepsOfLearning} times; may throw to stop
 */
export async function learnLikes(
  { reader, texts, distinct }: ReadProducts,
  preferences: Csr,
  seed: number,
  onStep: () => Promise<void>,
): Promise<Learned> {
  const { config } = reader;
  const { regularization, rank, shrinkage } = config;
  const likes = likesOf(preferences);
  const shoppers = shoppersOf(likes);
  const embedding = await spectralItemEmbedding(likes, { ...config, seed }, onStep);
  const confidences = shoppers.map(count => (count > 0 ? count / (count + shrinkage) : 0));
  const taste = mergedTargets(distinct, { weights: confidences, targets: embedding, columns: rank });
  const embeddingMap = await solveTextRidge({ ...taste, regularization }, onStep);
  const popularity = logPopularityOf(shoppers);
  const liked = shoppers.map(count => Number(count > 0));
  const standing = mergedTargets(distinct, { weights: liked, targets: popularity.targets, columns: 1 });
  const popularityMap = await solveTextRidge({ ...standing, regularization: 1 }, onStep);
  return {
    reader,
    texts,
    embeddingMap,
    embedding,
    popularityMap,
    meanLogPopularity: popularity.mean,
    shoppers,
  };
}
