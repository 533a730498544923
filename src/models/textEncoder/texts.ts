import type { ProductDocument } from '../../snapshot/snapshot';
import { subwordBuckets } from '../../text/subwords';
import { wordsOf } from '../../text/words';

/** Words as numbers, in the order in which they were first met, and the buckets of each. */
export interface Lexicon {
  rowOf(word: string): number;
  bucketsOf(row: number): Uint32Array;
}

/** An empty lexicon over so many buckets. It grows with what is read, and is not kept: words hash alike in the next. */
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
  /** One a language. */
  readonly titles: readonly Uint32Array[];
  /** Descriptions, the category path, the features: whatever there is. */
  readonly others: readonly Uint32Array[];
}

/** Marks a category, so that "cups" of a path is more than a word. */
const pathWords = (path: readonly string[]): readonly string[] =>
  path.flatMap(step => [`/${step.toLowerCase()}`, ...wordsOf(step)]);

/**
 * The words of a product. One that says nothing is read by its id alone, so that it can still be learned by the company
 * it keeps.
 */
export function textsOf(document: ProductDocument | null, productId: string, lexicon: Lexicon): ProductTexts {
  const read = (words: readonly string[]): Uint32Array => Uint32Array.from(words, lexicon.rowOf);
  const said = (lists: readonly Uint32Array[]): readonly Uint32Array[] =>
    lists.filter(({ length }) => length > 0);
  const { titles = [], categoryPath = [], features = [], descriptions = [] } = document ?? {};
  const texts = {
    titles: said(titles.map(title => read(wordsOf(title)))),
    others: said([
      read(pathWords(categoryPath)),
      read(features.flatMap(wordsOf)),
      ...descriptions.map(description => read(wordsOf(description))),
    ]),
  };
  const isSilent = texts.titles.length + texts.others.length === 0;
  return isSilent ? { titles: [read([`#${productId}`])], others: [] } : texts;
}

/**
 * Lists one after the other, cut to what is read: from each in turn a word until the room is taken, so that a long
 * description does not push a title out. Each list stays together, in its order.
 */
export function joined(lists: readonly Uint32Array[], tokens: number): Uint32Array {
  const lengths = lists.map(() => 0);
  let room = tokens;
  for (let round = 0, isFull = false; !isFull && room > 0; round++) {
    isFull = true;
    for (const [index, list] of lists.entries()) {
      if (round >= list.length || room === 0) continue;
      lengths[index]++;
      room--;
      isFull = false;
    }
  }
  const out = new Uint32Array(tokens - room);
  let at = 0;
  for (const [index, list] of lists.entries()) {
    out.set(list.subarray(0, lengths[index]), at);
    at += lengths[index];
  }
  return out;
}

/** All that a product says. */
export const wholeText = ({ titles, others }: ProductTexts, tokens: number): Uint32Array =>
  joined([...titles, ...others], tokens);
