import { checkOut } from '../checkOut';
import type { Scorer, ShopperHistory } from '../model';
import { standingOf } from '../productScores';
import type { Learned } from './learned';
import { type ProductTable, standingsOf, withDocumentsRead } from './table';
import { addScaled } from './texts';

/** Rescales to mean 0 and standard deviation 1; what does not vary becomes zeros. */
function standardize(values: Float32Array): void {
  let sum = 0;
  for (const value of values) sum += value;
  const mean = sum / Math.max(values.length, 1);
  let squares = 0;
  for (const value of values) squares += (value - mean) ** 2;
  const deviation = Math.sqrt(squares / Math.max(values.length, 1));
  const scale = deviation > 1e-6 * Math.abs(mean) && deviation > 1e-12 ? 1 / deviation : 0;
  for (let at = 0; at < values.length; at++) values[at] = scale * (values[at] - mean);
}

/** What a shopper (or a product) is like, in the same terms as products. */
interface Profile {
  /** [terms] */
  readonly terms: Float32Array;
  /** [rank of the word vectors] */
  readonly dense: Float32Array;
  /** [rank] */
  readonly company: Float32Array;
}

const emptyProfile = ({ texts, company }: ProductTable): Profile => ({
  terms: new Float32Array(texts.terms),
  dense: new Float32Array(texts.rank),
  company: new Float32Array(texts.rows === 0 ? 0 : company.length / texts.rows),
});

/** Adds a product to a profile: its words as they are, and the company that a like of it speaks for. */
function addProduct(table: ProductTable, profile: Profile, row: number, weight: number): void {
  const { texts, liked } = table;
  const { terms, dense } = profile;
  for (let entry = texts.indptr[row]; entry < texts.indptr[row + 1]; entry++) {
    terms[texts.indices[entry]] += weight * texts.values[entry];
  }
  addScaled(texts.dense, row * texts.rank, weight, dense, 0, texts.rank);
  const rank = profile.company.length;
  addScaled(liked, row * rank, weight, profile.company, 0, rank);
}

function dotAt(rows: Float32Array, start: number, vector: Float32Array): number {
  let sum = 0;
  for (let k = 0; k < vector.length; k++) sum += rows[start + k] * vector[k];
  return sum;
}

/** out[row] ← likeness of words: terms and word vectors. */
function likenessInto({ texts }: ProductTable, { terms, dense }: Profile, out: Float32Array): void {
  const { indptr, indices, values, rank } = texts;
  for (let row = 0; row < texts.rows; row++) {
    let sum = dotAt(texts.dense, row * rank, dense);
    for (let entry = indptr[row]; entry < indptr[row + 1]; entry++) {
      sum += values[entry] * terms[indices[entry]];
    }
    out[row] = sum;
  }
}

/** out[row] ← shared company. */
function companyInto({ texts, company }: ProductTable, profile: Profile, out: Float32Array): void {
  const rank = profile.company.length;
  for (let row = 0; row < texts.rows; row++) out[row] = dotAt(company, row * rank, profile.company);
}

/** @throws {RangeError} when the history names a row that is not in the table */
function profileOf(table: ProductTable, history: ShopperHistory, historyDecay: number): Profile {
  const profile = emptyProfile(table);
  const { productRows, weights } = history;
  let share = 1;
  for (let entry = productRows.length - 1; entry >= 0; entry--) {
    const row = productRows[entry];
    if (row >= table.products.size)
      throw new RangeError(`Expected product rows under ${table.products.size}; got ${row}.`);
    addProduct(table, profile, row, share * standingOf(weights[entry]));
    share *= historyDecay;
  }
  return profile;
}

/** Length of each product's company; 0 where its words say nothing. */
function companyLengths({ texts, company }: ProductTable): Float32Array {
  const rank = texts.rows === 0 ? 0 : company.length / texts.rows;
  return Float32Array.from({ length: texts.rows }, (_, row) => {
    const own = company.subarray(row * rank, (row + 1) * rank);
    return Math.sqrt(dotAt(own, 0, own));
  });
}

/**
 * Scores products by shared company, likeness of words and standing: each in standard deviations over all products, so
 * that the settings' weights mean the same for every shopper. Scratch is its own: not to be called from two threads.
 */
export function contentScorer(
  learned: Learned,
  table: ProductTable,
): Scorer<'similar' | 'admit' | 'tellLiked'> {
  const { products } = table;
  const standing = standingsOf(table, learned);
  standardize(standing);
  const { likenessWeight, standingWeight, historyDecay } = learned.reader.config;
  const words = new Float32Array(products.size);
  const lengths = companyLengths(table);

  function blendInto(profile: Profile, out: Float32Array): void {
    companyInto(table, profile, out);
    likenessInto(table, profile, words);
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
        blendInto(profileOf(table, history, historyDecay), own);
        standardize(own);
        standardize(words);
        for (let row = 0; row < own.length; row++) {
          own[row] += likenessWeight * words[row] + standingWeight * standing[row];
        }
      }
    },
    similarInto(productRow, out) {
      checkOut({ products }, 1, out);
      const profile = emptyProfile(table);
      addProduct(table, profile, productRow, 1);
      blendInto(profile, out);
      for (let row = 0; row < out.length; row++) out[row] = lengths[row] > 0 ? out[row] / lengths[row] : 0;
      standardize(out);
      standardize(words);
      for (let row = 0; row < out.length; row++) out[row] += likenessWeight * words[row];
      out[productRow] = Number.NaN;
    },
    wasLiked: productRow => table.shoppers[productRow] > 0,
    admit: documents => contentScorer(learned, withDocumentsRead(table, learned, documents)),
  };
}
