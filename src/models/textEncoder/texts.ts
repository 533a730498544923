import type { ProductDocument } from '../../snapshot/snapshot';
import { subwordBuckets } from '../../text/subwords';
import { wordsOf } from '../../text/words';

/** Numbers of words, in the order of their first use, and the buckets of each. */
export interface Lexicon {
  rowOf(word: string): number;
  bucketsOf(row: number): Uint32Array;
}

/** An empty lexicon over so many buckets. It grows with the words read and is not stored: buckets depend on the word alone. */
export function createLexicon(buckets: number): Lexicon {
  const rows = new Map<string, number>();
  const found: Uint32Array[] = [];
  return {
    rowOf(word) {
      const known = rows.get(word);
      if (known !== undefined) return known;
      rows.set(word, found.length);
      found.push(subwordBuckets(word, buckets));
      return found.length - 1;
    },
    bucketsOf: row => found[row],
  };
}

/** A product as lists of words. */
export interface ProductTexts {
  /** One per language. */
  readonly titles: readonly Uint32Array[];
  /** The non-empty among category path, features and descriptions. */
  readonly others: readonly Uint32Array[];
}

/** Words of a category path. Each step is also one marked word, so that the category "cups" differs from the word. */
const pathWords = (path: readonly string[]): readonly string[] =>
  path.flatMap(step => [`/${step.toLowerCase()}`, ...wordsOf(step)]);

/**
 * The words of a product. A product without words is read by its id alone, so that training can still learn a vector from
 * the products that are liked with it.
 */
export function textsOf(document: ProductDocument | null, productId: string, lexicon: Lexicon): ProductTexts {
  const read = (words: readonly string[]): Uint32Array => Uint32Array.from(words, lexicon.rowOf);
  const nonEmpty = (lists: readonly Uint32Array[]): readonly Uint32Array[] =>
    lists.filter(({ length }) => length > 0);
  const { titles = [], categoryPath = [], features = [], descriptions = [] } = document ?? {};
  const texts = {
    titles: nonEmpty(titles.map(title => read(wordsOf(title)))),
    others: nonEmpty([
      read(pathWords(categoryPath)),
      read(features.flatMap(wordsOf)),
      ...descriptions.map(description => read(wordsOf(description))),
    ]),
  };
  const isEmpty = texts.titles.length + texts.others.length === 0;
  return isEmpty ? { titles: [read([`#${productId}`])], others: [] } : texts;
}

/**
 * Concatenates lists, cut to `tokens` words in all. The longest lists are cut first, so that a long description does not
 * displace a title. Each list keeps its order.
 */
export function joined(lists: readonly Uint32Array[], tokens: number): Uint32Array {
  const lengths = lists.map(() => 0);
  let left = tokens;
  for (let round = 0, isFull = false; !isFull && left > 0; round++) {
    isFull = true;
    for (const [index, list] of lists.entries()) {
      if (round >= list.length || left === 0) continue;
      lengths[index]++;
      left--;
      isFull = false;
    }
  }
  const out = new Uint32Array(tokens - left);
  let at = 0;
  for (const [index, list] of lists.entries()) {
    out.set(list.subarray(0, lengths[index]), at);
    at += lengths[index];
  }
  return out;
}

/** All words of a product, cut to `tokens`. */
export const wholeText = ({ titles, others }: ProductTexts, tokens: number): Uint32Array =>
  joined([...titles, ...others], tokens);
