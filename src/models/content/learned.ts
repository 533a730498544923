import { checkCancelled } from '../../learning/cancelled';
import { checkNeeds } from '../../learning/needs';
import type { TrainContext } from '../../learning/trainContext';
import type { Csr } from '../../numeric/csr';
import { pause } from '../../numeric/pause';
import { spectralItemEmbedding } from '../../numeric/spectralItemEmbedding';
import { preferencesOf } from '../../snapshot/preferences';
import type { Snapshot } from '../../snapshot/snapshot';
import type { ModelCard } from '../model';
import { standingOf } from '../productScores';
import { describe } from './describe';
import { createWeighing, learnReader, type Reader } from './reader';
import { solveTextRidge } from './ridge';
import type { ContentConfig } from './settings';
import { type Texts, textsOf } from './texts';

/** What training gives. */
export interface Learned {
  readonly reader: Reader;
  readonly texts: Texts;
  /** From terms (and word vectors below them) to company, [(terms + vector rank) × rank]. */
  readonly map: Float32Array;
  /** Company as the likes show it, [products × rank]; zeros where nobody likes a product. */
  readonly company: Float32Array;
  /** From terms to standing: what it adds to the mean. [terms + vector rank] */
  readonly standingMap: Float32Array;
  /** Mean standing (natural logarithm of shoppers) of products somebody likes. */
  readonly meanStanding: number;
  /** Shoppers who like each product. [products] */
  readonly shoppers: Float32Array;
}

/** Positive preferences as what they add to a product's standing; dislikes say little of what words are worth. */
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

/** Standing less its mean, for products somebody likes, and the mean. */
function standingsOf(shoppers: Float32Array): { readonly mean: number; readonly targets: Float32Array } {
  const logarithms = shoppers.map(count => Math.log(Math.max(count, 1)));
  const liked = shoppers.reduce((count, value) => count + Number(value > 0), 0);
  const mean = logarithms.reduce((sum, value) => sum + value, 0) / Math.max(liked, 1);
  return { mean, targets: logarithms.map((value, row) => (shoppers[row] > 0 ? value - mean : 0)) };
}

/** Stages and their share of the work, in the model's own unit. */
const stages = { vectors: 5, company: 9, ridge: 15 } as const;

/**
 * Learns to predict the spectral item embedding and the popularity of a product from its words. Three steps, each with a
 * closed form: how to read texts (reader.ts), the embedding (numeric/spectralItemEmbedding.ts), and a ridge regression
 * from words to it (ridge.ts).
 *
 * @throws {GatewayError} TRAINING_DATA_INSUFFICIENT, CANCELLED
 */
export async function learnContent(
  snapshot: Snapshot,
  card: ModelCard,
  config: ContentConfig,
  context: TrainContext,
): Promise<Learned> {
  const preferences = preferencesOf(snapshot);
  checkNeeds(card, snapshot, preferences);
  checkCancelled(context);
  let done = 0;
  const onStep = async (): Promise<void> => {
    context.onProgress(Math.min(++done, total - 1), total);
    await pause();
    checkCancelled(context);
  };
  const total = stages.vectors + stages.company + 2 * stages.ridge + 1;
  const documents = snapshot.documents ?? Array.from({ length: snapshot.products.size }, () => null);
  const described = documents.map(document => document && describe(document, config));
  const reader = await learnReader(described, config, context.seed, onStep);
  const texts = textsOf(described.map(createWeighing(reader)), reader.terms.size, reader.vectors.rank);
  const likes = likesOf(preferences);
  const shoppers = shoppersOf(likes);
  const { regularization, rank, shrinkage } = config;
  const company = await spectralItemEmbedding(likes, { ...config, seed: context.seed }, onStep);
  const trusted = shoppers.map(count => (count > 0 ? count / (count + shrinkage) : 0));
  const map = await solveTextRidge(
    { texts, weights: trusted, targets: company, columns: rank, regularization },
    onStep,
  );
  const standing = standingsOf(shoppers);
  const liked = shoppers.map(count => Number(count > 0));
  const plain = { texts, weights: liked, targets: standing.targets, columns: 1, regularization: 1 };
  const standingMap = await solveTextRidge(plain, onStep);
  context.onProgress(total, total);
  return { reader, texts, map, company, standingMap, meanStanding: standing.mean, shoppers };
}
