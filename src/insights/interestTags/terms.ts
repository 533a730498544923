import { byCodeUnits } from '../../numeric/byCodeUnits';
import type { Csr } from '../../numeric/csr';
import type { ProductDocument, Snapshot } from '../../snapshot/snapshot';
import { termsOfWords } from '../../text/terms';
import { type TermTable, termTableOf } from '../../text/termTable';
import { wordsWithSinglesOf } from '../../text/words';
import { createTermNumbers, type TermNumbers } from './termNumbers';
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

/** Returns the texts of a product's heading: titles, categories, tags and values of attributes. */
const headingOf = ({ titles, categoryPath, features }: ProductDocument): readonly string[] => [
  ...titles,
  ...categoryPath,
  ...features.map(attributeValue),
];

/** Returns the terms of a product's whole description, of attributes only the values; and one per level of its category. */
export const termsOfDocument = (document: ProductDocument): readonly string[] => [
  ...headingOf(document).flatMap(termsOfText),
  ...document.descriptions.flatMap(termsOfText),
  ...termsOfCategories(document.categoryPath),
];

/** Terms of texts, each as its place in the vocabulary, in their order with repeats. */
export type TermTexts = readonly Uint32Array[];

/** Which terms of the vocabulary count, and how. */
interface Counted {
  readonly table: TermTable;
  /** Row in the table of each term of the vocabulary; -1 for one that is not in the table. */
  readonly rowOf: Int32Array;
}

/** The terms of a snapshot's products and of shoppers' texts. */
export interface Reading extends Counted {
  /**
   * All categories, and the terms that enough products or shoppers used, sorted. The first is empty: it stands for every
   * rarer word, so that texts keep their length.
   */
  readonly vocabulary: readonly string[];
  /** By product row; empty for a product without a description. */
  readonly products: TermTexts;
  /** By product row: terms that tags may be named after. Headings where most products have one, else whole descriptions. */
  readonly naming: TermTexts;
  /** One entry per text of a shopper. */
  readonly shoppers: TermTexts;
  /** Who wrote each of these texts. */
  readonly writers: Uint32Array;
}

/** Returns the texts that count as one: those of each product with a description, and those of each shopper. */
function* documentsOf({
  products,
  shoppers,
  writers,
}: Pick<Reading, 'products' | 'shoppers' | 'writers'>): Generator<TermTexts> {
  for (const product of products) if (product.length > 0) yield [product];
  const byShopper = new Map<number, Uint32Array[]>();
  for (const [at, text] of shoppers.entries()) {
    const own = byShopper.get(writers[at]);
    if (own) own.push(text);
    else byShopper.set(writers[at], [text]);
  }
  yield* byShopper.values();
}

/** Counts the documents that contain each term. @param size - number of terms */
function frequenciesOf(documents: Iterable<TermTexts>, size: number) {
  const frequency = new Uint32Array(size);
  const metIn = new Uint32Array(size);
  let count = 0;
  for (const texts of documents) {
    count++;
    for (const text of texts) {
      for (const term of text) {
        if (metIn[term] === count) continue;
        metIn[term] = count;
        frequency[term]++;
      }
    }
  }
  return { frequency, documents: count };
}

/** Returns the table of terms that enough products or shoppers used; as text/termTable.ts, of numbered terms. */
function tableOf(
  texts: Pick<Reading, 'vocabulary' | 'products' | 'shoppers' | 'writers'>,
  maxTerms: number,
): Counted {
  const { vocabulary } = texts;
  const { frequency, documents } = frequenciesOf(documentsOf(texts), vocabulary.length);
  const kept = Uint32Array.from(vocabulary.keys())
    .filter(term => term > 0 && frequency[term] >= minUsers)
    .sort((a, b) => frequency[b] - frequency[a] || a - b)
    .slice(0, maxTerms)
    .sort();
  const rowOf = new Int32Array(vocabulary.length).fill(-1);
  for (const [row, term] of kept.entries()) rowOf[term] = row;
  const terms = Array.from(kept, term => vocabulary[term]);
  return {
    rowOf,
    table: termTableOf(
      terms,
      Uint32Array.from(kept, term => frequency[term]),
      documents,
    ),
  };
}

/** Texts with provisional numbers of terms. */
interface Numbered extends Pick<Reading, 'products' | 'naming' | 'shoppers' | 'writers'> {
  readonly numbers: TermNumbers;
}

/** Concatenates texts. */
function joinTexts(texts: TermTexts): Uint32Array {
  const joined = new Uint32Array(texts.reduce((sum, { length }) => sum + length, 0));
  let end = 0;
  for (const text of texts) {
    joined.set(text, end);
    end += text.length;
  }
  return joined;
}

function numberTexts({ products, documents, texts }: Snapshot): Numbered {
  const numbers = createTermNumbers();
  const none = new Uint32Array(0);
  const headings: Uint32Array[] = [];
  const wholes: Uint32Array[] = [];
  for (let row = 0; row < products.size; row++) {
    const document = documents?.[row];
    const heading = document ? joinTexts(headingOf(document).map(numbers.numbersOf)) : none;
    headings.push(heading);
    if (!document) wholes.push(none);
    else {
      const categories = termsOfCategories(document.categoryPath).map(numbers.numberOf);
      const rest = document.descriptions.map(numbers.numbersOf);
      wholes.push(joinTexts([heading, ...rest, Uint32Array.from(categories)]));
    }
  }
  const describedIn = (lists: TermTexts): number =>
    lists.reduce((sum, { length }) => sum + Number(length > 0), 0);
  return {
    numbers,
    products: wholes,
    naming: 2 * describedIn(headings) >= describedIn(wholes) ? headings : wholes,
    shoppers: (texts?.texts ?? []).map(numbers.numbersOf),
    writers: texts?.userRow.slice() ?? new Uint32Array(0),
  };
}

/** Keeps categories and common terms, and gives them their final places. */
function withoutRareTerms({ numbers, ...texts }: Numbered): Omit<Reading, keyof Counted> {
  const { frequency } = frequenciesOf(documentsOf(texts), numbers.size());
  const kept = [...frequency.keys()]
    .filter(number => frequency[number] >= minUsers || isCategoryTerm(numbers.termOf(number)))
    .map((number): readonly [string, number] => [numbers.termOf(number), number])
    .sort(([a], [b]) => byCodeUnits(a, b));
  const places = Int32Array.from(frequency, (_, number) => (numbers.isPair(number) ? -1 : 0));
  for (const [at, [, number]] of kept.entries()) places[number] = at + 1;
  const placed = (text: Uint32Array): Uint32Array => {
    const out = new Uint32Array(text.length);
    let end = 0;
    for (const number of text) if (places[number] >= 0) out[end++] = places[number];
    return out.slice(0, end);
  };
  const products = texts.products.map(placed);
  return {
    vocabulary: ['', ...kept.map(([term]) => term)],
    products,
    naming: texts.naming === texts.products ? products : texts.naming.map(placed),
    shoppers: texts.shoppers.map(placed),
    writers: texts.writers,
  };
}

/** Reads the terms of a snapshot. O(text). @param maxTerms - the most common ones are kept */
export function readSnapshot(snapshot: Snapshot, maxTerms: number): Reading {
  const texts = withoutRareTerms(numberTexts(snapshot));
  return { ...texts, ...tableOf(texts, maxTerms) };
}

/** Which products and shoppers a part of the data has. */
export interface Kept {
  /** By product row. */
  readonly hasProduct: Uint8Array;
  /** By user row. */
  readonly hasUser: Uint8Array;
}

/** Returns a reading as it would be without some products and shoppers. Rows of products stay; those left out have no terms. */
export function partOfReading(
  { vocabulary, products, naming, shoppers, writers }: Reading,
  { hasProduct, hasUser }: Kept,
  maxTerms: number,
): Reading {
  const none = new Uint32Array(0);
  const isKept = (_: unknown, at: number): boolean => hasUser[writers[at]] === 1;
  const texts = {
    vocabulary,
    products: products.map((terms, row) => (hasProduct[row] === 1 ? terms : none)),
    naming,
    shoppers: shoppers.filter(isKept),
    writers: writers.filter(isKept),
  };
  return { ...texts, ...tableOf(texts, maxTerms) };
}

/** Returns the number of different terms of the table in each text, as offsets. [texts + 1] */
function offsetsOf(texts: TermTexts, { rowOf }: Counted): Uint32Array {
  const offsets = new Uint32Array(texts.length + 1);
  const metIn = new Uint32Array(rowOf.length);
  for (const [at, text] of texts.entries()) {
    let different = 0;
    for (const term of text) {
      if (rowOf[term] < 0 || metIn[term] === at + 1) continue;
      metIn[term] = at + 1;
      different++;
    }
    offsets[at + 1] = offsets[at] + different;
  }
  return offsets;
}

/** Returns how often each text uses each term of the table. [texts × terms] */
export function countsOf(texts: TermTexts, counted: Counted): Csr {
  const { rowOf, table } = counted;
  const indptr = offsetsOf(texts, counted);
  const indices = new Uint32Array(indptr[texts.length]);
  const values = new Float32Array(indices.length);
  for (const [at, text] of texts.entries()) {
    let entry = indptr[at] - 1;
    for (const row of Int32Array.from(text, term => rowOf[term]).sort()) {
      if (row < 0) continue;
      if (entry < indptr[at] || indices[entry] !== row) indices[++entry] = row;
      values[entry]++;
    }
  }
  return { rows: texts.length, columns: table.size, indptr, indices, values };
}
