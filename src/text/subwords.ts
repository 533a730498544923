const shortestGram = 3;
const longestGram = 4;
/** Parts of a longer word beyond these say nothing more. */
export const mostParts = 24;
const spaced = /^[\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Greek}]+$/u;

/** FNV-1a over UTF-16 units (Fowler, Noll & Vo), 32 bits. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return hash >>> 0;
}

/** N-grams of a word, < and > marking its ends; not the whole in its marks, which would say the word again. */
function gramsOf(word: string): readonly string[] {
  const marked = `<${word}>`;
  const grams: string[] = [];
  for (let length = shortestGram; length <= longestGram && length < marked.length; length++) {
    for (let start = 0; start + length <= marked.length; start++)
      grams.push(marked.slice(start, start + length));
  }
  return grams;
}

/** Single characters of a word that is written without blanks; none of a number or a mark. */
const charactersOf = (word: string): readonly string[] =>
  /^[\p{Nd}\p{ASCII}]/u.test(word) ? [] : [...word].filter(one => one !== word).map(one => `<${one}>`);

/**
 * Buckets of a word and of its parts, so that a word never met has something of those it resembles (Bojanowski et al.
 * 2017): n-grams of 3 and 4 letters with < and > at the ends, or single characters where words are written without
 * blanks; at most 24 in all. The word's own bucket comes first; repeats stay. Different words may share a bucket.
 *
 * @param buckets - how many there are, ≥ 1
 */
export function subwordBuckets(word: string, buckets: number): Uint32Array {
  const parts = [word, ...(spaced.test(word) ? gramsOf(word) : charactersOf(word))];
  return Uint32Array.from(parts.slice(0, mostParts), part => hashOf(part) % buckets);
}
