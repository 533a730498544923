import type { Bilingual } from './tastes/taste';

/** A language of the shop. */
export type Language = keyof Bilingual;

/** The other language of the shop. */
export const otherLanguage = (language: Language): Language => (language === 'zh' ? 'en' : 'zh');

const smallWords = new Set(['and', 'of', 'the', 'with', 'for', 'in', 'on']);

/** English title case: `2-person tent` → `2-Person Tent`; words that contain a capital are unchanged. */
export function titleCase(text: string): string {
  return text
    .split(' ')
    .map((word, index) => (index > 0 && smallWords.has(word) ? word : capitalised(word)))
    .join(' ');
}

function capitalised(word: string): string {
  if (/[A-Z]/.test(word)) return word;
  return word.replace(/(^|-)([a-z])/g, (_, before: string, letter: string) => before + letter.toUpperCase());
}

/** Returns the text with its first letter in upper case. */
export const sentenceCase = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** Fills `{name}` in a phrase. Unknown names are kept, so that a test can find them. */
export const fill = (phrase: string, values: Readonly<Record<string, string>>): string =>
  phrase.replace(/\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole);
