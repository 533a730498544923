// Numbers for terms while texts are read. A long text has about as many pairs of words as words, and most pairs occur once:
// a pair is kept as the numbers of its words, and written out only when it turns out to be common.

import { isSpaced, joint } from '../../text/terms';
import { wordsWithSinglesOf } from '../../text/words';
import { isTopical } from './variantWords';

/** Terms by number. */
export interface TermNumbers {
  /** Returns the numbers of a text's words in their order, with repeats, then those of pairs of neighbouring words. */
  numbersOf(text: string): Uint32Array;
  /** Returns the number of a term that is neither a word of a text nor a pair. */
  numberOf(term: string): number;
  /** Returns how many terms have numbers: 0, 1, … */
  size(): number;
  /** Whether a term is a pair of words. */
  isPair(number: number): boolean;
  termOf(number: number): string;
}

/** Word of a number, or of a pair its first word; and the number of the second word, -1 for a word alone. */
interface Terms {
  readonly words: string[];
  readonly firsts: number[];
  readonly seconds: number[];
}

const minSlots = 1 << 12;

/** Returns a function that numbers pairs of words. Open addressing with linear probing; at most half of the slots are taken. */
function createPairs({ words, firsts, seconds }: Terms): (first: number, second: number) => number {
  // A slot holds a number plus 1, or 0.
  let slots = new Uint32Array(minSlots);
  let taken = 0;
  const slotOf = (first: number, second: number): number => {
    const mask = slots.length - 1;
    const mixed = Math.imul(Math.imul(first, 0x9e3779b1) ^ second, 0x85ebca6b);
    let at = (mixed ^ (mixed >>> 15)) & mask;
    for (let held = slots[at]; held > 0; held = slots[at]) {
      if (firsts[held - 1] === first && seconds[held - 1] === second) break;
      at = (at + 1) & mask;
    }
    return at;
  };
  const grow = (): void => {
    const held = slots;
    slots = new Uint32Array(2 * held.length);
    for (const one of held) if (one > 0) slots[slotOf(firsts[one - 1], seconds[one - 1])] = one;
  };
  return (first, second) => {
    const at = slotOf(first, second);
    if (slots[at] > 0) return slots[at] - 1;
    const number = firsts.length;
    words.push(words[first]);
    firsts.push(first);
    seconds.push(second);
    slots[at] = number + 1;
    if (2 * ++taken > slots.length) grow();
    return number;
  };
}

/** Most characters of a text whose numbers are cached: titles and categories repeat, long texts do not. */
const maxCachedLength = 100;

/** The number of a word that is no term: a number or a word for a variant. */
const noTerm = -1;

/** Starts numbering. Words that cannot say what a product is get no number. */
export function createTermNumbers(): TermNumbers {
  const terms: Terms = { words: [], firsts: [], seconds: [] };
  const { words, firsts, seconds } = terms;
  const pairOf = createPairs(terms);
  const known = new Map<string, number>();
  /** Whether pairs are made of a word, by number. */
  const formsPairs: boolean[] = [];
  const cached = new Map<string, Uint32Array>();
  const add = (word: string): number => {
    const number = firsts.length;
    words.push(word);
    firsts.push(number);
    seconds.push(-1);
    known.set(word, number);
    return number;
  };
  const wordNumber = (word: string): number => {
    const found = known.get(word);
    if (found !== undefined) return found;
    if (!isTopical(word)) {
      known.set(word, noTerm);
      return noTerm;
    }
    const number = add(word);
    formsPairs[number] = isSpaced(word);
    return number;
  };
  const read = (text: string): Uint32Array => {
    const own: number[] = [];
    for (const word of wordsWithSinglesOf(text)) {
      const number = wordNumber(word);
      if (number !== noTerm) own.push(number);
    }
    const count = own.length;
    for (let at = 0; at + 1 < count; at++) {
      if (formsPairs[own[at]] && formsPairs[own[at + 1]]) own.push(pairOf(own[at], own[at + 1]));
    }
    return Uint32Array.from(own);
  };
  return {
    numbersOf(text) {
      if (text.length > maxCachedLength) return read(text);
      const found = cached.get(text) ?? read(text);
      cached.set(text, found);
      return found;
    },
    numberOf: term => known.get(term) ?? add(term),
    size: () => firsts.length,
    isPair: number => seconds[number] >= 0,
    termOf: number => (seconds[number] < 0 ? words[number] : words[number] + joint + words[seconds[number]]),
  };
}
