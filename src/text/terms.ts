/** Marks what stands for a whole rather than a word; no word has it. */
const joint = ' ';
const isSpaced = /^[\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Greek}\p{Nd}]/u;

/**
 * The words of a text and its pairs of neighbouring words ("ice cream"); where words stand without blanks between them
 * they bring their own pairs (see wordsOf).
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
