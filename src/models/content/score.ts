import { checkOut } from '../checkOut';
import type { Scorer, ShopperHistory } from '../model';
import { orderAgesOf } from '../orderAges';
import { standingOf } from '../productScores';
import type { Learned } from './learned';
import { addLikedEmbedding, logPopularityOf, type ProductTable, withDocumentsRead } from './table';
import { addScaled } from './texts';

/** Rescales to mean 0 and standard deviation 1; constant values become zeros. */
function standardize(values: Float32Array): void {
  let sum = 0;
  for (let at = 0; at < values.length; at++) sum += values[at];
  const mean = sum / Math.max(values.length, 1);
  let squares = 0;
  for (let at = 0; at < values.length; at++) squares += (values[at] - mean) ** 2;
  const deviation = Math.sqrt(squares / Math.max(values.length, 1));
  const scale = deviation > 1e-6 * Math.abs(mean) && deviation > 1e-12 ? 1 / deviation : 0;
  for (let at = 0; at < values.length; at++) values[at] = scale * (values[at] - mean);
}

/** Profile of a shopper or a product, in the representation of products. */
interface Profile {
  /** [terms] */
  readonly terms: Float32Array;
  /** [rank of the word vectors] */
  readonly dense: Float32Array;
  /** [rank] */
  readonly embedding: Float32Array;
}

const emptyProfile = ({ texts }: ProductTable, { reader }: Learned): Profile => ({
  terms: new Float32Array(texts.terms),
  dense: new Float32Array(texts.rank),
  embedding: new Float32Array(reader.config.rank),
});

/** Adds a product to a profile: its word weights, and the spectral embedding that a like of it contributes. */
function addProduct(
  table: ProductTable,
  learned: Learned,
  profile: Profile,
  row: number,
  weight: number,
): void {
  const { texts, textOf } = table;
  const { terms, dense } = profile;
  const text = textOf[row];
  for (let entry = texts.indptr[text]; entry < texts.indptr[text + 1]; entry++) {
    terms[texts.indices[entry]] += weight * texts.values[entry];
  }
  addScaled(texts.dense, text * texts.rank, weight, dense, 0, texts.rank);
  addLikedEmbedding(table, learned, row, weight, profile.embedding);
}

/** Four sums that do not wait for each other. */
function dotAt(rows: Float32Array, start: number, vector: Float32Array): number {
  let [first, second, third, fourth] = [0, 0, 0, 0];
  const whole = vector.length - (vector.length % 4);
  for (let k = 0; k < whole; k += 4) {
    first += rows[start + k] * vector[k];
    second += rows[start + k + 1] * vector[k + 1];
    third += rows[start + k + 2] * vector[k + 2];
    fourth += rows[start + k + 3] * vector[k + 3];
  }
  for (let k = whole; k < vector.length; k++) first += rows[start + k] * vector[k];
  return first + second + third + fourth;
}

/** out[text] ← text similarity: terms and word vectors. */
function textSimilarityInto({ texts }: ProductTable, { terms, dense }: Profile, out: Float32Array): void {
  const { indptr, indices, values, rank } = texts;
  for (let row = 0; row < texts.rows; row++) {
    let sum = dotAt(texts.dense, row * rank, dense);
    for (let entry = indptr[row]; entry < indptr[row + 1]; entry++) {
      sum += values[entry] * terms[indices[entry]];
    }
    out[row] = sum;
  }
}

/** out[text] ← similarity of spectral embeddings. */
function embeddingSimilarityInto(
  { texts, embedding }: ProductTable,
  profile: Profile,
  out: Float32Array,
): void {
  const rank = profile.embedding.length;
  for (let row = 0; row < texts.rows; row++) out[row] = dotAt(embedding, row * rank, profile.embedding);
}

/** @throws {RangeError} when the history names a row that is not in the table */
function profileOf(table: ProductTable, learned: Learned, history: ShopperHistory): Profile {
  const profile = emptyProfile(table, learned);
  const { historyDecay } = learned.reader.config;
  const { productRows, weights } = history;
  const ages = orderAgesOf(history.occurredAt);
  for (let entry = productRows.length - 1; entry >= 0; entry--) {
    const row = productRows[entry];
    if (row >= table.products.size)
      throw new RangeError(`Expected product rows under ${table.products.size}; got ${row}.`);
    addProduct(table, learned, profile, row, historyDecay ** ages[entry] * standingOf(weights[entry]));
  }
  return profile;
}

/** Returns the length of each text's spectral embedding; 0 where its words predict nothing. */
function embeddingLengths({ texts, embedding }: ProductTable): Float32Array {
  const rank = texts.rows === 0 ? 0 : embedding.length / texts.rows;
  return Float32Array.from({ length: texts.rows }, (_, row) => {
    const own = embedding.subarray(row * rank, (row + 1) * rank);
    return Math.sqrt(dotAt(own, 0, own));
  });
}

/** Returns what a popularity weight of 1 adds to the score of each product. @param shoppers - who like it */
export function crowdsOf(shoppers: Float32Array): Float32Array {
  const crowds = shoppers.map(Math.log1p);
  standardize(crowds);
  return crowds;
}

/** Returns what is added to the score of each product for every shopper: its popularity, predicted and counted. */
function standingsOf(table: ProductTable, learned: Learned): Float32Array {
  const { standingWeight, popularityWeight } = learned.reader.config;
  const popularity = logPopularityOf(table, learned);
  standardize(popularity);
  const crowds = crowdsOf(table.shoppers);
  // Artifacts of earlier versions have no such weight: it reads as auto.
  const crowdWeight = Math.max(0, popularityWeight);
  return popularity.map((own, row) => standingWeight * own + crowdWeight * crowds[row]);
}

/**
 * Scores products by similarity of spectral embeddings, text similarity and popularity: each in standard deviations over all products, so
 * that the settings' weights mean the same for every shopper. Uses its own scratch: not to be called from two threads.
 */
export function contentScorer(
  learned: Learned,
  table: ProductTable,
): Scorer<'similar' | 'admit' | 'tellLiked'> {
  const { products, texts, textOf } = table;
  const standings = standingsOf(table, learned);
  const { likenessWeight } = learned.reader.config;
  const textSimilarities = new Float32Array(products.size);
  const lengths = embeddingLengths(table);
  const ofTexts = new Float32Array(texts.rows);

  /** out[product] ← value of its text. */
  function spread(out: Float32Array): void {
    for (let row = 0; row < out.length; row++) out[row] = ofTexts[textOf[row]];
  }

  function blendInto(profile: Profile, out: Float32Array): void {
    embeddingSimilarityInto(table, profile, ofTexts);
    spread(out);
    textSimilarityInto(table, profile, ofTexts);
    spread(textSimilarities);
  }

  return {
    products,
    scoreInto(histories, out) {
      checkOut({ products }, histories.length, out);
      for (const [index, history] of histories.entries()) {
        const own = out.subarray(index * products.size, (index + 1) * products.size);
        if (history.productRows.length === 0) {
          own.fill(Number.NaN);
          continue;
        }
        blendInto(profileOf(table, learned, history), own);
        standardize(own);
        standardize(textSimilarities);
        for (let row = 0; row < own.length; row++) {
          own[row] += likenessWeight * textSimilarities[row] + standings[row];
        }
      }
    },
    similarInto(productRow, out) {
      checkOut({ products }, 1, out);
      const profile = emptyProfile(table, learned);
      addProduct(table, learned, profile, productRow, 1);
      blendInto(profile, out);
      for (let row = 0; row < out.length; row++) {
        const length = lengths[textOf[row]];
        out[row] = length > 0 ? out[row] / length : 0;
      }
      standardize(out);
      standardize(textSimilarities);
      for (let row = 0; row < out.length; row++) out[row] += likenessWeight * textSimilarities[row];
      out[productRow] = Number.NaN;
    },
    wasLiked: productRow => table.shoppers[productRow] > 0,
    admit: documents => contentScorer(learned, withDocumentsRead(table, learned, documents)),
  };
}
