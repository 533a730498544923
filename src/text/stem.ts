/**
 * Returns the singular of an English plural: "mugs" → "mug", "candies" → "candy". This is the S stemmer of Harman 1991
 * ("How effective is suffixing?", table 1). On short texts it is as effective as longer stemmers, without conflating
 * "organ" and "organic". Words of other languages are unchanged, except Latin words that end in s.
 *
 * @param word - lower case
 */
export function stem(word: string): string {
  if (word.length < 4 || !word.endsWith('s')) return word;
  if (word.endsWith('ies')) return /[ae]ies$/.test(word) ? word : `${word.slice(0, -3)}y`;
  // Differs from Harman: "glasses" and "boxes" lose "es", where his rule leaves a wrong e.
  if (/(?:ss|x|ch|sh)es$/.test(word)) return word.slice(0, -2);
  if (word.endsWith('es')) return /[aeo]es$/.test(word) ? word : word.slice(0, -1);
  return /(?:us|ss|is)$/.test(word) ? word : word.slice(0, -1);
}
