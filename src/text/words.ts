import { stem } from './stem';
import { stopWords } from './stopWords';

/** Scripts without spaces between words. */
const unspaced = '\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}\\p{Script=Thai}々〇ー';
const letter = `(?:(?![${unspaced}])[\\p{L}\\p{M}])`;
const units = 'ml|cl|l|mg|g|kg|oz|lb|mm|cm|m|km|inch|in|ft|v|w|kw|mah|gb|tb|mb|hz|pcs';

/** A run of a script without spaces; or a number with an optional unit; or a word with optional digits and one apostrophe. */
const token = new RegExp(
  `(?<run>[${unspaced}]+)` +
    `|(?<number>\\p{Nd}+(?:[.,]\\p{Nd}+)*)(?:\\s?(?<unit>${units})(?![\\p{L}\\p{Nd}])|(?<tail>${letter}*))` +
    `|(?<word>${letter}(?:${letter}|\\p{Nd})*)(?:['’]${letter}{1,2}(?!\\p{L}))?`,
  'gu',
);

let segmenter: Intl.Segmenter | undefined;

/**
 * Returns the words of a run as segmented by ICU's dictionary, and all character bigrams, which find names that no
 * dictionary contains (Nie & Ren 1999: words and bigrams together retrieve more than either).
 */
function wordsOfRun(run: string, minLength: number): readonly string[] {
  segmenter ??= new Intl.Segmenter('zh', { granularity: 'word' });
  const characters = [...run];
  if (characters.length <= 2) return [run];
  const found = new Set<string>();
  for (const { segment } of segmenter.segment(run))
    if (segment.length >= 2 * minLength || [...segment].length >= minLength) found.add(segment);
  for (let at = 0; at + 1 < characters.length; at++) found.add(characters[at] + characters[at + 1]);
  return [...found].filter(word => !stopWords.has(word));
}

/** Normalizes a number: "1,000" → "1000", "0.50" → "0.5". */
const plainNumber = (digits: string): string => {
  const value = Number(digits.replaceAll(/,(?=\p{Nd}{3}(?!\p{Nd}))/gu, '').replace(',', '.'));
  return Number.isFinite(value) ? String(value) : digits;
};

/** Groups of the token pattern; one of the three alternatives is set. */
interface Groups {
  readonly run?: string;
  readonly number?: string;
  readonly unit?: string;
  readonly tail?: string;
  readonly word?: string;
}

function wordsOfMatch({ run, number, unit, tail, word }: Groups, minLength: number): readonly string[] {
  if (run !== undefined) return wordsOfRun(run, minLength);
  if (number !== undefined) return [plainNumber(number) + (unit ?? tail ?? '')];
  return word === undefined || stopWords.has(word) ? [] : [stem(word)];
}

/** Whether a term in a script without spaces is one word of the dictionary; character bigrams often are not. */
export function isOneWord(term: string): boolean {
  segmenter ??= new Intl.Segmenter('zh', { granularity: 'word' });
  return [...segmenter.segment(term)].length === 1;
}

function wordsFrom(text: string, minLength: number): readonly string[] {
  const words: string[] = [];
  for (const { groups } of text.normalize('NFKC').toLowerCase().matchAll(token)) {
    if (groups) words.push(...wordsOfMatch(groups, minLength));
  }
  return words;
}

/**
 * Returns the words of a text in any mix of Chinese, English and other languages, in order: NFKC-normalized, in lower
 * case, without plurals and stop words; "500 ml" is one word with its unit.
 */
export const wordsOf = (text: string): readonly string[] => wordsFrom(text, 2);

/** As wordsOf, with one-character dictionary words of longer runs: 书 in 这本书很好. */
export const wordsWithSinglesOf = (text: string): readonly string[] => wordsFrom(text, 1);
