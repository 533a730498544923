import type { Csr } from '../../numeric/csr';
import type { ProductDocument, Snapshot } from '../../snapshot/snapshot';
import { termsOfWords } from '../../text/terms';
import { countTerms, type TermTable } from '../../text/termTable';
import { wordsWithSinglesOf } from '../../text/words';

/** Products or shoppers that must have used a term for it to be kept. */
const fewestUsers = 5;

/** Terms of texts in their order, repeats and pairs of neighbouring words included. */
export const termsOfTexts = (texts: readonly string[]): readonly string[] =>
  texts.flatMap(text => termsOfWords(wordsWithSinglesOf(text)));

/** A tag, or the value of an attribute. */
const attributeValue = (feature: string): string => feature.slice(feature.indexOf('=') + 1);

/** Terms of all that is said of a product; of an attribute its value alone. */
export const termsOfDocument = ({
  titles,
  categoryPath,
  features,
  descriptions,
}: ProductDocument): readonly string[] =>
  termsOfTexts([...titles, ...categoryPath, ...features.map(attributeValue), ...descriptions]);

/** Terms of what names a product: titles, categories, tags, values of attributes. */
const termsOfHeading = ({ titles, categoryPath, features }: ProductDocument): readonly string[] =>
  termsOfTexts([...titles, ...categoryPath, ...features.map(attributeValue)]);

/** What there is to read: products, and what shoppers wrote. */
export interface Reading {
  /** By product row; empty for a product nobody described. */
  readonly products: readonly (readonly string[])[];
  /** By product row: what tags are named after. Headings where most products have one, else all that is said. */
  readonly naming: readonly (readonly string[])[];
  /** One a text of a shopper. */
  readonly shoppers: readonly (readonly string[])[];
  readonly table: TermTable;
}

/** Terms that enough products hold, and those that enough shoppers used. */
function tableOf(
  products: readonly (readonly string[])[],
  texts: Snapshot['texts'],
  shoppers: readonly (readonly string[])[],
  mostTerms: number,
): TermTable {
  // A shopper counts once, however often they write a word.
  const byShopper = new Map<number, Set<string>>();
  for (const [at, terms] of shoppers.entries()) {
    const user = texts?.userRow[at] ?? at;
    const own = byShopper.get(user) ?? new Set<string>();
    for (const term of terms) own.add(term);
    byShopper.set(user, own);
  }
  return countTerms([...products.filter(terms => terms.length > 0), ...byShopper.values()], {
    minDocuments: fewestUsers,
    mostTerms,
  });
}

/** Reads all that a snapshot says. */
export function readSnapshot({ products, documents, texts }: Snapshot, mostTerms: number): Reading {
  const readAll = (read: (document: ProductDocument) => readonly string[]): readonly (readonly string[])[] =>
    Array.from({ length: products.size }, (_, row) => {
      const document = documents?.[row];
      return document ? read(document) : [];
    });
  const ofProducts = readAll(termsOfDocument);
  const headings = readAll(termsOfHeading);
  const saidOf = (read: typeof headings): number => read.filter(terms => terms.length > 0).length;
  const naming = 2 * saidOf(headings) >= saidOf(ofProducts) ? headings : ofProducts;
  const ofShoppers = (texts?.texts ?? []).map(text => termsOfTexts([text]));
  const table = tableOf(ofProducts, texts, ofShoppers, mostTerms);
  return { products: ofProducts, naming, shoppers: ofShoppers, table };
}

/** How often each text uses each term of the table, texts × terms. */
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
