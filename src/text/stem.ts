/**
 * Takes an English plural back to its singular: "mugs" and "mug", "candies" and "candy" are one word. The S stemmer of
 * Harman 1991 ("How effective is suffixing?", table 1): on short texts it does what longer ones do, and does not make
 * one word of "organ" and "organic" as they would. Other languages pass through, but for Latin words that end in s.
 *
 * @param word - lower case
 */
export function stem(word: string): string {
  if (word.length < 4 || !word.endsWith('s')) return word;
  if (word.endsWith('ies')) return /[ae]ies$/.test(word) ? word : `${word.slice(0, -3)}y`;
  // Departure from Harman: "glasses" and "boxes" lose "es", where he leaves an e that no singular has.
  if (/(?:ss|x|ch|sh)es$/.test(word)) return word.slice(0, -2);
  if (word.endsWith('es')) return /[aeo]es$/.test(word) ? word : word.slice(0, -1);
  return /(?:us|ss|is)$/.test(word) ? word : word.slice(0, -1);
}
