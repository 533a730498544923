import { stem } from './stem';
import { stopWords } from './stopWords';

/** Scripts that put no blanks between words. */
const unspaced = '\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}\\p{Script=Thai}々〇ー';
const letter = `(?:(?![${unspaced}])[\\p{L}\\p{M}])`;
const units = 'ml|cl|l|mg|g|kg|oz|lb|mm|cm|m|km|inch|in|ft|v|w|kw|mah|gb|tb|mb|hz|pcs';

/** A run without blanks; or a number with its unit, if it has one; or a word, which may have digits and one apostrophe. */
const token = new RegExp(
  `(?<run>[${unspaced}]+)` +
    `|(?<number>\\p{Nd}+(?:[.,]\\p{Nd}+)*)(?:\\s?(?<unit>${units})(?![\\p{L}\\p{Nd}])|(?<tail>${letter}*))` +
    `|(?<word>${letter}(?:${letter}|\\p{Nd})*)(?:['’]${letter}{1,2}(?!\\p{L}))?`,
  'gu',
);

let segmenter: Intl.Segmenter | undefined;

/**
 * The words of a run without blanks as ICU's dictionary cuts them, and every pair of neighbouring characters: names that
 * no dictionary has are found by their pairs (Nie & Ren 1999: words and bigrams together find more than either).
 */
function wordsOfRun(run: string, shortest: number): readonly string[] {
  segmenter ??= new Intl.Segmenter('zh', { granularity: 'word' });
  const characters = [...run];
  if (characters.length <= 2) return [run];
  const found = new Set<string>();
  for (const { segment } of segmenter.segment(run)) if ([...segment].length >= shortest) found.add(segment);
  for (let at = 0; at + 1 < characters.length; at++) found.add(characters[at] + characters[at + 1]);
  return [...found].filter(word => !stopWords.has(word));
}

/** "1,000" and "1000" are one number; so are "0.50" and "0.5". */
const plainNumber = (digits: string): string => {
  const value = Number(digits.replaceAll(/,(?=\p{Nd}{3}(?!\p{Nd}))/gu, '').replace(',', '.'));
  return Number.isFinite(value) ? String(value) : digits;
};

/** What the token pattern may have found; one of the three kinds. */
interface Groups {
  readonly run?: string;
  readonly number?: string;
  readonly unit?: string;
  readonly tail?: string;
  readonly word?: string;
}

function wordsOfMatch({ run, number, unit, tail, word }: Groups, shortest: number): readonly string[] {
  if (run !== undefined) return wordsOfRun(run, shortest);
  if (number !== undefined) return [plainNumber(number) + (unit ?? tail ?? '')];
  return word === undefined || stopWords.has(word) ? [] : [stem(word)];
}

/** Whether a term that is written without blanks is one word of the dictionary; pairs of characters often are none. */
export function isOneWord(term: string): boolean {
  segmenter ??= new Intl.Segmenter('zh', { granularity: 'word' });
  return [...segmenter.segment(term)].length === 1;
}

function wordsFrom(text: string, shortest: number): readonly string[] {
  const words: string[] = [];
  for (const { groups } of text.normalize('NFKC').toLowerCase().matchAll(token)) {
    if (groups) words.push(...wordsOfMatch(groups, shortest));
  }
  return words;
}

/**
 * The words of a text in any mix of Chinese, English and other languages, in their order: compatibility forms made one
 * (NFKC), lower case, plurals and stop words gone, "500 ml" one word with its unit.
 */
export const wordsOf = (text: string): readonly string[] => wordsFrom(text, 2);

/** As wordsOf, and also the dictionary's words of one character in a longer run: 书 in 这本书很好. */
export const wordsWithSinglesOf = (text: string): readonly string[] => wordsFrom(text, 1);
