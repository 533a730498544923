import type { ProductDocument } from '../../snapshot/snapshot';
import { type Vocabulary, vocabularyOf } from '../../snapshot/vocabulary';
import type { Learned } from './learned';
import { createReading, type Reading } from './reader';
import { mapTextsInto, readingAt, type Texts, textsOf } from './texts';

/** Products of a scorer: those of the training first, then those admitted later. */
export interface ProductTable {
  readonly products: Vocabulary;
  readonly texts: Texts;
  /** Shoppers who like each product. [products] */
  readonly shoppers: Float32Array;
  /** Spectral embedding predictedPopularity from the words, [products × rank]. */
  readonly embedding: Float32Array;
  /** Spectral embedding that a like of the product contributes: see likedEmbedding. [products × rank] */
  readonly liked: Float32Array;
  /** Log popularity predictedPopularity from the words, less the mean. [products] */
  readonly predictedPopularity: Float32Array;
}

/** Returns log popularity: a product's own, shrunk by its number of shoppers towards the prediction from its words. */
export function logPopularityOf(
  { shoppers, predictedPopularity }: ProductTable,
  learned: Learned,
): Float32Array {
  const { shrinkage } = learned.reader.config;
  return predictedPopularity.map((expected, row) => {
    if (shoppers[row] === 0) return expected;
    const share = shoppers[row] / (shoppers[row] + shrinkage);
    return share * (Math.log(shoppers[row]) - learned.meanLogPopularity) + (1 - share) * expected;
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
 * Returns each product's own spectral embedding, shrunk by its number of shoppers towards the prediction from its words.
 * It is scaled down with the number of shoppers: a like of a popular product says little about taste.
 */
function likedEmbedding(predictions: Float32Array, learned: Learned): Float32Array {
  const { rank, shrinkage } = learned.reader.config;
  return predictions.map((expected, at) => {
    const shoppers = learned.shoppers[Math.floor(at / rank)] ?? 0;
    const popularityDamping = Math.max(shoppers + shrinkage, 1) ** -0.25;
    if (shoppers === 0) return popularityDamping * expected;
    const share = shoppers / (shoppers + shrinkage);
    return popularityDamping * (share * learned.embedding[at] + (1 - share) * expected);
  });
}

/** Returns the products of the training. */
export function tableOf(learned: Learned, products: Vocabulary): ProductTable {
  const predictions = predictFromWords(learned.texts, learned);
  const liked = likedEmbedding(predictions.embedding, learned);
  return { products, texts: learned.texts, shoppers: learned.shoppers, liked, ...predictions };
}

const extended = (values: Float32Array, length: number): Float32Array => {
  const copy = new Float32Array(length);
  copy.set(values);
  return copy;
};

/** Returns the table with documents added: in place for products that have a row, at the end for the others. */
export function withDocumentsRead(
  table: ProductTable,
  learned: Learned,
  documents: ReadonlyMap<string, ProductDocument>,
): ProductTable {
  const { products, texts } = table;
  const { rank } = learned.reader.config;
  const read = createReading(learned.reader);
  const ids = Array.from({ length: products.size }, (_, row) => products.idOf(row));
  const readings = ids.map((_, row) => readingAt(texts, row));
  const changed: (readonly [number, Reading])[] = [];
  for (const [id, document] of documents) {
    const known = products.rowOf(id);
    const row = known >= 0 ? known : ids.push(id) - 1;
    readings[row] = read(document);
    changed.push([row, readings[row]]);
  }
  const embedding = extended(table.embedding, ids.length * rank);
  const predictedPopularity = extended(table.predictedPopularity, ids.length);
  const fresh = predictFromWords(
    textsOf(
      changed.map(([, reading]) => reading),
      texts.terms,
      texts.rank,
    ),
    learned,
  );
  for (const [at, [row]] of changed.entries()) {
    embedding.set(fresh.embedding.subarray(at * rank, (at + 1) * rank), row * rank);
    predictedPopularity[row] = fresh.predictedPopularity[at];
  }
  const liked = likedEmbedding(embedding, learned);
  return {
    products: vocabularyOf(ids),
    texts: textsOf(readings, texts.terms, texts.rank),
    shoppers: extended(table.shoppers, ids.length),
    embedding,
    liked,
    predictedPopularity,
  };
}
