/** Separates the words of a bigram; no word contains it. */
export const joint = ' ';

const spaced = /^[\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Greek}\p{Nd}]/u;

/** Whether a word is of a script with spaces between words, so that it forms bigrams. */
export const isSpaced = (word: string): boolean => spaced.test(word);

/**
 * Returns the words of a text and its word bigrams ("ice cream"). Words of scripts without spaces form no bigrams here:
 * wordsOf already returns their character bigrams.
 */
export function termsOfWords(words: readonly string[]): readonly string[] {
  const terms = [...words];
  for (let at = 0; at + 1 < words.length; at++) {
    if (isSpaced(words[at]) && isSpaced(words[at + 1])) terms.push(words[at] + joint + words[at + 1]);
  }
  return terms;
}
