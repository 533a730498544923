import type { Csr } from '../../numeric/csr';
import type { ProductDocument, Snapshot } from '../../snapshot/snapshot';
import { termsOfWords } from '../../text/terms';
import { countTerms, type TermTable } from '../../text/termTable';
import { wordsWithSinglesOf } from '../../text/words';
import { isTopical } from './variantWords';

/** A term is kept when at least this many products or shoppers used it. */
const minUsers = 5;

/** Begins the term of a category, and separates its levels; no word contains it. */
const level = '>';

/** Whether a term is a category, not a word. */
export const isCategoryTerm = (term: string): boolean => term.startsWith(level);

/** Returns the depth of a category: 1 at the top. */
export const categoryLevels = (term: string): number => term.split(level).length - 1;

/** Returns the name of a category's last level from its term. */
export const categoryOfTerm = (term: string): string => term.slice(term.lastIndexOf(level) + 1);

const termsOfText = (text: string): readonly string[] =>
  termsOfWords(wordsWithSinglesOf(text).filter(isTopical));

/**
 * Returns the terms of texts in their order, with repeats and pairs of neighbouring words. Numbers and words for variants
 * (colour, size) are left out: products that differ only in them are of one interest.
 */
export const termsOfTexts = (texts: readonly string[]): readonly string[] => texts.flatMap(termsOfText);

/** Returns the value of an attribute, and any other feature unchanged. */
const attributeValue = (feature: string): string => feature.slice(feature.indexOf('=') + 1);

/** Returns a term for each level of a category path. */
const termsOfCategories = (path: readonly string[]): readonly string[] =>
  path.map((_, depth) =>
    path
      .slice(0, depth + 1)
      .map(name => level + name.trim().toLowerCase().replaceAll(level, ' '))
      .join(''),
  );

/** Returns the terms of a product's heading: titles, categories, tags and values of attributes. */
const termsOfHeading = (
  { titles, categoryPath, features }: ProductDocument,
  read: (text: string) => readonly string[],
): readonly string[] => [...titles, ...categoryPath, ...features.map(attributeValue)].flatMap(read);

const termsOfWhole = (
  document: ProductDocument,
  read: (text: string) => readonly string[],
): readonly string[] => [
  ...termsOfHeading(document, read),
  ...document.descriptions.flatMap(read),
  ...termsOfCategories(document.categoryPath),
];

/** Returns the terms of a product's whole description, of attributes only the values; and one per level of its category. */
export const termsOfDocument = (document: ProductDocument): readonly string[] =>
  termsOfWhole(document, termsOfText);

/** Most characters of a text whose terms are cached while products are read: titles and categories repeat, long texts do not. */
const maxCachedLength = 100;

/** Returns a reader of texts that reads an equal short text once. */
function cachedReader(): (text: string) => readonly string[] {
  const known = new Map<string, readonly string[]>();
  return text => {
    if (text.length > maxCachedLength) return termsOfText(text);
    const found = known.get(text) ?? termsOfText(text);
    known.set(text, found);
    return found;
  };
}

/** The terms of a snapshot's products and of shoppers' texts. */
export interface Reading {
  /** By product row; empty for a product without a description. */
  readonly products: readonly (readonly string[])[];
  /** By product row: terms that tags may be named after. Headings where most products have one, else whole descriptions. */
  readonly naming: readonly (readonly string[])[];
  /** One entry per text of a shopper. */
  readonly shoppers: readonly (readonly string[])[];
  /** Who wrote each of these texts. */
  readonly writers: Uint32Array;
  readonly table: TermTable;
}

/** Returns the table of terms that enough products or shoppers used. */
function tableOf(
  products: readonly (readonly string[])[],
  shoppers: readonly (readonly string[])[],
  writers: Uint32Array,
  maxTerms: number,
): TermTable {
  // A shopper counts once per word.
  const byShopper = new Map<number, Set<string>>();
  for (const [at, terms] of shoppers.entries()) {
    const user = writers[at];
    const own = byShopper.get(user) ?? new Set<string>();
    for (const term of terms) own.add(term);
    byShopper.set(user, own);
  }
  return countTerms([...products.filter(terms => terms.length > 0), ...byShopper.values()], {
    minDocuments: minUsers,
    maxTerms,
  });
}

/** Reads the terms of a snapshot. O(text). @param maxTerms - the most common ones are kept */
export function readSnapshot({ products, documents, texts }: Snapshot, maxTerms: number): Reading {
  const read = cachedReader();
  const readAll = (readOne: typeof termsOfWhole): readonly (readonly string[])[] =>
    Array.from({ length: products.size }, (_, row) => {
      const document = documents?.[row];
      return document ? readOne(document, read) : [];
    });
  const ofProducts = readAll(termsOfWhole);
  const headings = readAll(termsOfHeading);
  const describedIn = (lists: typeof headings): number => lists.filter(terms => terms.length > 0).length;
  const naming = 2 * describedIn(headings) >= describedIn(ofProducts) ? headings : ofProducts;
  const ofShoppers = (texts?.texts ?? []).map(text => termsOfTexts([text]));
  const writers = texts?.userRow.slice() ?? new Uint32Array(0);
  const table = tableOf(ofProducts, ofShoppers, writers, maxTerms);
  return { products: ofProducts, naming, shoppers: ofShoppers, writers, table };
}

/**
 * Returns a reading as it would be without some products and shoppers. Rows of products stay; those left out have no terms.
 *
 * @param hasProduct - by product row
 * @param hasUser - by user row
 */
export function partOfReading(
  { products, naming, shoppers, writers }: Reading,
  hasProduct: Uint8Array,
  hasUser: Uint8Array,
  maxTerms: number,
): Reading {
  const kept = products.map((terms, row) => (hasProduct[row] === 1 ? terms : []));
  const isKept = (_: unknown, at: number): boolean => hasUser[writers[at]] === 1;
  const texts = shoppers.filter(isKept);
  const own = writers.filter(isKept);
  return {
    products: kept,
    naming,
    shoppers: texts,
    writers: own,
    table: tableOf(kept, texts, own, maxTerms),
  };
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
