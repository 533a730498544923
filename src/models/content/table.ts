import type { ProductDocument } from '../../snapshot/snapshot';
import { type Vocabulary, vocabularyOf } from '../../snapshot/vocabulary';
import { concatenated, type DistinctTexts, distinctTexts, withReadings } from './distinct';
import type { Learned } from './learned';
import { createReading, type Reading } from './reader';
import { addScaled, mapTextsInto, type Texts, textsOf } from './texts';

/** Products of a scorer: those of the training first, then those admitted later. */
export interface ProductTable extends DistinctTexts {
  readonly products: Vocabulary;
  /** Shoppers who like each product. [products] */
  readonly shoppers: Float32Array;
  /** Spectral embedding predicted from the words, [texts × rank]. */
  readonly embedding: Float32Array;
  /** Log popularity predicted from the words, less the mean. [texts] */
  readonly predictedPopularity: Float32Array;
}

/** Returns log popularity: a product's own, shrunk by its number of shoppers towards the prediction from its words. */
export function logPopularityOf(
  { shoppers, predictedPopularity, textOf }: ProductTable,
  learned: Learned,
): Float32Array {
  const { shrinkage } = learned.reader.config;
  return shoppers.map((count, row) => {
    const expected = predictedPopularity[textOf[row]];
    if (count === 0) return expected;
    const share = count / (count + shrinkage);
    return share * (Math.log(count) - learned.meanLogPopularity) + (1 - share) * expected;
  });
}

/** Predicts from words, in the same way for products of the training and later ones. */
function predictFromWords(
  texts: Texts,
  learned: Learned,
): Pick<ProductTable, 'embedding' | 'predictedPopularity'> {
  const { rank } = learned.reader.config;
  const embedding = new Float32Array(texts.rows * rank);
  const predictedPopularity = new Float32Array(texts.rows);
  mapTextsInto(texts, learned.embeddingMap, rank, embedding);
  mapTextsInto(texts, learned.popularityMap, 1, predictedPopularity);
  return { embedding, predictedPopularity };
}

/**
 * Adds the spectral embedding that a like of a product contributes: its own, shrunk by its number of shoppers towards the prediction from
 * its words. It is scaled down with the number of shoppers: a like of a popular product says little about taste.
 *
 * @param out - [rank]
 */
export function addLikedEmbedding(
  { embedding, shoppers, textOf }: ProductTable,
  learned: Learned,
  row: number,
  weight: number,
  out: Float32Array,
): void {
  const { rank, shrinkage } = learned.reader.config;
  const count = shoppers[row];
  const damped = weight * Math.max(count + shrinkage, 1) ** -0.25;
  const share = count === 0 ? 0 : count / (count + shrinkage);
  addScaled(embedding, textOf[row] * rank, damped * (1 - share), out, 0, rank);
  if (share > 0) addScaled(learned.embedding, row * rank, damped * share, out, 0, rank);
}

/** Returns the products of the training. */
export function tableOf(learned: Learned, products: Vocabulary): ProductTable {
  const distinct = distinctTexts(learned.texts);
  const predictions = predictFromWords(distinct.texts, learned);
  return { products, ...distinct, shoppers: learned.shoppers, ...predictions };
}

/**
 * Returns the table with documents added: in place for products that have a row, at the end for the others. Each document
 * read has a text of its own.
 */
export function withDocumentsRead(
  table: ProductTable,
  learned: Learned,
  documents: ReadonlyMap<string, ProductDocument>,
): ProductTable {
  const { products, texts } = table;
  const read = createReading(learned.reader);
  const ids = Array.from({ length: products.size }, (_, row) => products.idOf(row));
  const readings = new Map<number, Reading>();
  for (const [id, document] of documents) {
    const known = products.rowOf(id);
    readings.set(known >= 0 ? known : ids.push(id) - 1, read(document));
  }
  const fresh = predictFromWords(textsOf([...readings.values()], texts.terms, texts.rank), learned);
  const shoppers = new Float32Array(ids.length);
  shoppers.set(table.shoppers);
  return {
    products: vocabularyOf(ids),
    ...withReadings(table, readings, ids.length),
    shoppers,
    embedding: concatenated(Float32Array, table.embedding, fresh.embedding),
    predictedPopularity: concatenated(Float32Array, table.predictedPopularity, fresh.predictedPopularity),
  };
}
