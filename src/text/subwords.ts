const minGramLength = 3;
const maxGramLength = 4;
/** Maximum number of parts per word, the word included. */
export const maxSubwords = 24;
const spaced = /^[\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Greek}]+$/u;

/** FNV-1a over UTF-16 units (Fowler, Noll & Vo), 32 bits. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return hash >>> 0;
}

/** N-grams of a word with < and > at its ends, except the whole marked word, which would repeat the word. */
function gramsOf(word: string): readonly string[] {
  const marked = `<${word}>`;
  const grams: string[] = [];
  for (let length = minGramLength; length <= maxGramLength && length < marked.length; length++) {
    for (let start = 0; start + length <= marked.length; start++)
      grams.push(marked.slice(start, start + length));
  }
  return grams;
}

/** Single characters of a word in a script without spaces; none for numbers and punctuation. */
const charactersOf = (word: string): readonly string[] =>
  /^[\p{Nd}\p{ASCII}]/u.test(word) ? [] : [...word].filter(one => one !== word).map(one => `<${one}>`);

/**
 * Returns the hash buckets of a word and its parts, so that unknown words share buckets with similar ones (Bojanowski et
 * al. 2017). Parts are n-grams of 3 and 4 letters with < and > at the ends, or single characters in scripts without
 * spaces. At most 24 buckets, the word's own first; repeats are kept. Different words may share a bucket.
 *
 * @param buckets - number of buckets, ≥ 1
 */
export function subwordBuckets(word: string, buckets: number): Uint32Array {
  const parts = [word, ...(spaced.test(word) ? gramsOf(word) : charactersOf(word))];
  return Uint32Array.from(parts.slice(0, maxSubwords), part => hashOf(part) % buckets);
}
