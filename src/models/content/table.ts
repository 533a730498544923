import type { ProductDocument } from '../../snapshot/snapshot';
import { type Vocabulary, vocabularyOf } from '../../snapshot/vocabulary';
import type { Learned } from './learned';
import { createReading } from './reader';
import { mapTextsInto, readingAt, type Texts, textsOf } from './texts';

/** Products as a scorer knows them: those of the training first, then those that came later. */
export interface ProductTable {
  readonly products: Vocabulary;
  readonly texts: Texts;
  /** Company as the words foretell it, [products × rank]. */
  readonly company: Float32Array;
  /** Standing in standard deviations from the mean of all. [products] */
  readonly standing: Float32Array;
  /** How much a like of each product says: less the more shoppers like it. [products] */
  readonly telling: Float32Array;
}

/** Rescales to mean 0 and standard deviation 1; what does not vary becomes zeros. */
export function standardize(values: Float32Array): void {
  let sum = 0;
  let squares = 0;
  for (const value of values) {
    sum += value;
    squares += value * value;
  }
  const mean = sum / Math.max(values.length, 1);
  const variance = squares / Math.max(values.length, 1) - mean * mean;
  const scale = variance > 1e-12 * (mean * mean + 1e-12) ? 1 / Math.sqrt(variance) : 0;
  for (let at = 0; at < values.length; at++) values[at] = scale * (values[at] - mean);
}

/** A product's own standing as far as its shoppers are enough to trust, and for the rest what its words foretell. */
function standingsOf(learned: Learned, texts: Texts, shoppers: Float32Array): Float32Array {
  const standing = new Float32Array(texts.rows);
  mapTextsInto(texts, learned.standingMap, 1, standing);
  for (let row = 0; row < texts.rows; row++) {
    const own = Math.log(Math.max(shoppers[row], 1)) - learned.meanStanding;
    const trust = shoppers[row] === 0 ? 0 : shoppers[row] / (shoppers[row] + learned.reader.config.trust);
    standing[row] = trust * own + (1 - trust) * standing[row];
  }
  standardize(standing);
  return standing;
}

/** @param shoppers - [texts.rows] */
export function tableOf(
  learned: Learned,
  products: Vocabulary,
  texts: Texts,
  shoppers: Float32Array,
): ProductTable {
  const { rank } = learned.reader.config;
  const company = new Float32Array(texts.rows * rank);
  mapTextsInto(texts, learned.map, rank, company);
  return {
    products,
    texts,
    company,
    standing: standingsOf(learned, texts, shoppers),
    telling: shoppers.map(count => 1 / Math.sqrt(Math.max(count, 1))),
  };
}

/** What an extended table is built of. */
export interface Rows {
  readonly products: Vocabulary;
  readonly texts: Texts;
  readonly shoppers: Float32Array;
}

/** The rows with documents read into them: in place for products that have one, at the end for the others. */
export function withRows(
  { products, texts, shoppers }: Rows,
  learned: Learned,
  documents: ReadonlyMap<string, ProductDocument>,
): Rows {
  const read = createReading(learned.reader);
  const ids = Array.from({ length: products.size }, (_, row) => products.idOf(row));
  const readings = ids.map((_, row) => readingAt(texts, row));
  for (const [id, document] of documents) {
    const row = products.rowOf(id);
    if (row >= 0) readings[row] = read(document);
    else {
      ids.push(id);
      readings.push(read(document));
    }
  }
  const extended = new Float32Array(ids.length);
  extended.set(shoppers);
  return {
    products: vocabularyOf(ids),
    texts: textsOf(readings, texts.terms, texts.rank),
    shoppers: extended,
  };
}
