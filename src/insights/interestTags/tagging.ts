import { addWordVector } from '../../text/wordVectors';
import { type LearnedTags, strongestTags } from './learned';

/**
 * A known word stands for an unknown one if their cosine is at least `minSimilarity`, and exceeds the mean over all known
 * words by `minDeviations` standard deviations. In a
 * small shop all words are similar, and most unknown words have no tag.
 */
const minSimilarity = 0.6;
const minDeviations = 3;
/** Most known words that stand for one unknown word. */
const maxNeighbours = 5;
/** A text has tags only if its strongest tag has more than this many times an even share. */
const minOverEven = 1.5;

/** Most unknown words per text for which known ones are looked up, the first ones: each lookup reads all known words. */
const maxUnknown = 16;
/** Unknown words cached in each of two halves: the same few words are looked up again and again. */
const maxCachedWords = 4096;

/** A known word and its similarity to the word that it stands for. */
type Neighbour = readonly [row: number, similarity: number];

const cosineAt = (words: Float32Array, start: number, own: Float32Array): number => {
  let cosine = 0;
  for (let k = 0; k < own.length; k++) cosine += own[k] * words[start + k];
  return cosine;
};

/** Returns the least similarity that is not by chance. */
function minSimilarityOf(similarities: Float64Array): number {
  let sum = 0;
  for (const similarity of similarities) sum += similarity;
  const mean = sum / Math.max(1, similarities.length);
  let squares = 0;
  for (const similarity of similarities) squares += (similarity - mean) ** 2;
  const variance = squares / Math.max(1, similarities.length);
  return Math.max(minSimilarity, mean + minDeviations * Math.sqrt(variance));
}

/** Returns the largest values that reach `least`, largest first; of equals the first. O(values). */
function largest(
  similarities: Float64Array,
  least: number,
): readonly (readonly [at: number, similarity: number])[] {
  const found: [number, number][] = [];
  for (let at = 0; at < similarities.length; at++) {
    const similarity = similarities[at];
    if (similarity < least || (found.length === maxNeighbours && similarity <= found[maxNeighbours - 1][1]))
      continue;
    let place = found.length;
    while (place > 0 && found[place - 1][1] < similarity) place--;
    found.splice(place, 0, [at, similarity]);
    found.length = Math.min(found.length, maxNeighbours);
  }
  return found;
}

/** Creates a function that finds the known words nearest to an unknown one, by the n-grams that they share. */
function createNearestWords({ terms, vectors }: LearnedTags): (word: string) => readonly Neighbour[] {
  const { rank, words } = vectors;
  // Pairs of words have no vector.
  const rows = Uint32Array.from([...terms.terms.keys()].filter(row => !terms.terms[row].includes(' ')));
  const similarities = new Float64Array(rows.length);
  return word => {
    if (rank === 0) return [];
    const own = new Float32Array(rank);
    addWordVector(vectors, word, -1, 1, own);
    for (let at = 0; at < rows.length; at++) similarities[at] = cosineAt(words, rows[at] * rank, own);
    return largest(similarities, minSimilarityOf(similarities)).map(([at, similarity]) => [
      rows[at],
      similarity,
    ]);
  };
}

/** Returns the same function with a cache in two halves: when the young half is full, the old one is dropped. */
function withCache<Value>(find: (word: string) => Value): (word: string) => Value {
  let young = new Map<string, Value>();
  let old = new Map<string, Value>();
  return word => {
    const kept = young.get(word);
    if (kept !== undefined) return kept;
    const found = old.get(word) ?? find(word);
    if (young.size >= maxCachedWords) [young, old] = [new Map<string, Value>(), young];
    young.set(word, found);
    return found;
  };
}

/** Creates a function that finds the rows of each term of a text: its own, or those of similar words. None for an unknown pair. */
function createNeighbours(
  learned: LearnedTags,
): (terms: Iterable<string>) => readonly (readonly Neighbour[])[] {
  const nearestWords = withCache(createNearestWords(learned));
  return terms => {
    let unknown = 0;
    return Array.from(terms, (term): readonly Neighbour[] => {
      const row = learned.terms.rowOf(term);
      if (row >= 0) return [[row, 1]];
      return term.includes(' ') || unknown++ >= maxUnknown ? [] : nearestWords(term);
    });
  };
}

/** Adds the evidence of one term. Returns whether there was any. */
function addTerm({ termTags, leaves }: LearnedTags, rows: readonly Neighbour[], logs: Float64Array): boolean {
  for (const [row, similarity] of rows) {
    const weight = similarity / rows.length;
    for (let tag = 0; tag < leaves; tag++) logs[tag] += weight * termTags[row * leaves + tag];
  }
  return rows.length > 0;
}

/**
 * Creates a function that returns the tags of a text's terms, each counted once. Pairs of words count only if they are
 * known, and of unknown words only the first {@link maxUnknown}.
 */
export function createTagging(
  learned: LearnedTags,
): (terms: readonly string[]) => ReturnType<typeof strongestTags> {
  const { leaves } = learned;
  const neighboursOf = createNeighbours(learned);
  const minFirstShare = leaves === 1 ? 0 : Math.min(0.9, minOverEven / leaves);
  return terms => {
    const logs = new Float64Array(leaves);
    let tokens = 0;
    for (const rows of neighboursOf(new Set(terms))) tokens += Number(addTerm(learned, rows, logs));
    const found = tokens === 0 ? [] : strongestTags(logs, tokens);
    return found.filter((_, __, all) => all[0][1] > minFirstShare);
  };
}
