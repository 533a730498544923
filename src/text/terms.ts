/** Separates the words of a bigram; no word contains it. */
const joint = ' ';
const isSpaced = /^[\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Greek}\p{Nd}]/u;

/**
 * Returns the words of a text and its word bigrams ("ice cream"). Words of scripts without spaces form no bigrams here:
 * wordsOf already returns their character bigrams.
 */
export function termsOfWords(words: readonly string[]): readonly string[] {
  const terms = [...words];
  for (let at = 0; at + 1 < words.length; at++) {
    if (isSpaced.test(words[at]) && isSpaced.test(words[at + 1])) {
      terms.push(words[at] + joint + words[at + 1]);
    }
  }
  return terms;
}
