import type { Csr } from '../../numeric/csr';
import type { ProductDocument, Snapshot } from '../../snapshot/snapshot';
import { termsOfWords } from '../../text/terms';
import { countTerms, type TermTable } from '../../text/termTable';
import { wordsWithSinglesOf } from '../../text/words';

/** A term is kept when at least this many products or shoppers used it. */
const minUsers = 5;

/** Returns the terms of texts in their order, with repeats and pairs of neighbouring words. */
export const termsOfTexts = (texts: readonly string[]): readonly string[] =>
  texts.flatMap(text => termsOfWords(wordsWithSinglesOf(text)));

/** Returns the value of an attribute, and any other feature unchanged. */
const attributeValue = (feature: string): string => feature.slice(feature.indexOf('=') + 1);

/** Returns the terms of a product's whole description; of attributes only the values. */
export const termsOfDocument = ({
  titles,
  categoryPath,
  features,
  descriptions,
}: ProductDocument): readonly string[] =>
  termsOfTexts([...titles, ...categoryPath, ...features.map(attributeValue), ...descriptions]);

/** Returns the terms of a product's heading: titles, categories, tags and values of attributes. */
const termsOfHeading = ({ titles, categoryPath, features }: ProductDocument): readonly string[] =>
  termsOfTexts([...titles, ...categoryPath, ...features.map(attributeValue)]);

/** The terms of a snapshot's products and of shoppers' texts. */
export interface Reading {
  /** By product row; empty for a product without a description. */
  readonly products: readonly (readonly string[])[];
  /** By product row: terms that tags may be named after. Headings where most products have one, else whole descriptions. */
  readonly naming: readonly (readonly string[])[];
  /** One entry per text of a shopper. */
  readonly shoppers: readonly (readonly string[])[];
  readonly table: TermTable;
}

/** Returns the table of terms that enough products or shoppers used. */
function tableOf(
  products: readonly (readonly string[])[],
  texts: Snapshot['texts'],
  shoppers: readonly (readonly string[])[],
  maxTerms: number,
): TermTable {
  // A shopper counts once per word.
  const byShopper = new Map<number, Set<string>>();
  for (const [at, terms] of shoppers.entries()) {
    const user = texts?.userRow[at] ?? at;
    const own = byShopper.get(user) ?? new Set<string>();
    for (const term of terms) own.add(term);
    byShopper.set(user, own);
  }
  return countTerms([...products.filter(terms => terms.length > 0), ...byShopper.values()], {
    minDocuments: minUsers,
    maxTerms,
  });
}

/** Reads the terms of a snapshot. @param maxTerms - the most common ones are kept */
export function readSnapshot({ products, documents, texts }: Snapshot, maxTerms: number): Reading {
  const readAll = (read: (document: ProductDocument) => readonly string[]): readonly (readonly string[])[] =>
    Array.from({ length: products.size }, (_, row) => {
      const document = documents?.[row];
      return document ? read(document) : [];
    });
  const ofProducts = readAll(termsOfDocument);
  const headings = readAll(termsOfHeading);
  const describedIn = (read: typeof headings): number => read.filter(terms => terms.length > 0).length;
  const naming = 2 * describedIn(headings) >= describedIn(ofProducts) ? headings : ofProducts;
  const ofShoppers = (texts?.texts ?? []).map(text => termsOfTexts([text]));
  const table = tableOf(ofProducts, texts, ofShoppers, maxTerms);
  return { products: ofProducts, naming, shoppers: ofShoppers, table };
}

/** Returns how often each text uses each term of the table. [texts × terms] */
export function countsOf(texts: readonly (readonly string[])[], table: TermTable): Csr {
  const indptr = new Uint32Array(texts.length + 1);
  const rows = texts.map(terms => {
    const counts = new Map<number, number>();
    for (const term of terms) {
      const row = table.rowOf(term);
      if (row >= 0) counts.set(row, (counts.get(row) ?? 0) + 1);
    }
    return [...counts].sort(([a], [b]) => a - b);
  });
  for (const [at, row] of rows.entries()) indptr[at + 1] = indptr[at] + row.length;
  const indices = new Uint32Array(indptr[texts.length]);
  const values = new Float32Array(indices.length);
  for (const [at, row] of rows.entries()) {
    for (const [entry, [term, count]] of row.entries()) {
      indices[indptr[at] + entry] = term;
      values[indptr[at] + entry] = count;
    }
  }
  return { rows: texts.length, columns: table.size, indptr, indices, values };
}
