import { addWordVector } from '../../text/wordVectors';
import { type LearnedTags, strongestTags } from './learned';

/**
 * A word of the shop speaks for an unknown one if it is this near (cosine), and nearer than its words are by so many
 * standard deviations: in a small shop all words lie near each other, and most that is unknown is of no tag.
 */
const leastLikeness = 0.6;
const leastDeviations = 3;
/** How many of the nearest speak. */
const neighbours = 5;
/** A text whose strongest tag has no more than this many times its even share says nothing. */
const leastOverEven = 1.5;

/** Unknown words of a text that others speak for, the first ones: looking for these reads all words of the shop. */
const mostUnknown = 16;
/** Unknown words whose speakers are kept at hand, twice over; the same few are asked for over and over. */
const mostRemembered = 4096;

type Speaker = readonly [row: number, likeness: number];

const cosineAt = (words: Float32Array, start: number, own: Float32Array): number => {
  let cosine = 0;
  for (let k = 0; k < own.length; k++) cosine += own[k] * words[start + k];
  return cosine;
};

/** What a likeness must reach to be no chance. */
function outstanding(likenesses: Float64Array): number {
  let sum = 0;
  for (const likeness of likenesses) sum += likeness;
  const mean = sum / Math.max(1, likenesses.length);
  let squares = 0;
  for (const likeness of likenesses) squares += (likeness - mean) ** 2;
  const variance = squares / Math.max(1, likenesses.length);
  return Math.max(leastLikeness, mean + leastDeviations * Math.sqrt(variance));
}

/** The largest of those that reach `least`, largest first; of equals the first. O(likenesses). */
function largest(
  likenesses: Float64Array,
  least: number,
): readonly (readonly [at: number, likeness: number])[] {
  const found: [number, number][] = [];
  for (let at = 0; at < likenesses.length; at++) {
    const likeness = likenesses[at];
    if (likeness < least || (found.length === neighbours && likeness <= found[neighbours - 1][1])) continue;
    let place = found.length;
    while (place > 0 && found[place - 1][1] < likeness) place--;
    found.splice(place, 0, [at, likeness]);
    found.length = Math.min(found.length, neighbours);
  }
  return found;
}

/** How to find the shop's words nearest to one it never saw, by what their letters or characters share. */
function createNearestWords({ terms, vectors }: LearnedTags): (word: string) => readonly Speaker[] {
  const { rank, words } = vectors;
  // Pairs of words have no vector.
  const rows = Uint32Array.from([...terms.terms.keys()].filter(row => !terms.terms[row].includes(' ')));
  const likenesses = new Float64Array(rows.length);
  return word => {
    if (rank === 0) return [];
    const own = new Float32Array(rank);
    addWordVector(vectors, word, -1, 1, own);
    for (let at = 0; at < rows.length; at++) likenesses[at] = cosineAt(words, rows[at] * rank, own);
    return largest(likenesses, outstanding(likenesses)).map(([at, likeness]) => [rows[at], likeness]);
  };
}

/** The same function, which remembers what was asked for lately: when the young half is full, the old one goes. */
function rememberLatest<Value>(find: (word: string) => Value): (word: string) => Value {
  let young = new Map<string, Value>();
  let old = new Map<string, Value>();
  return word => {
    const kept = young.get(word);
    if (kept !== undefined) return kept;
    const found = old.get(word) ?? find(word);
    if (young.size >= mostRemembered) [young, old] = [new Map<string, Value>(), young];
    young.set(word, found);
    return found;
  };
}

/** The rows that speak for each term of a text: its own, or those of words like it; none for an unknown pair of words. */
function createSpeakers(learned: LearnedTags): (terms: Iterable<string>) => readonly (readonly Speaker[])[] {
  const nearestWords = rememberLatest(createNearestWords(learned));
  return terms => {
    let unknown = 0;
    return Array.from(terms, (term): readonly Speaker[] => {
      const row = learned.terms.rowOf(term);
      if (row >= 0) return [[row, 1]];
      return term.includes(' ') || unknown++ >= mostUnknown ? [] : nearestWords(term);
    });
  };
}

/** Adds what a term's speakers say of each tag; whether there were any. */
function hear({ termTags, leaves }: LearnedTags, speakers: readonly Speaker[], logs: Float64Array): boolean {
  for (const [row, likeness] of speakers) {
    const weight = likeness / speakers.length;
    for (let tag = 0; tag < leaves; tag++) logs[tag] += weight * termTags[row * leaves + tag];
  }
  return speakers.length > 0;
}

/**
 * How to tell the tags of terms: those of a text, each counted once; pairs of words only where they are known, and of
 * unknown words the first {@link mostUnknown}.
 */
export function createTagging(
  learned: LearnedTags,
): (terms: readonly string[]) => ReturnType<typeof strongestTags> {
  const { leaves } = learned;
  const speakersOf = createSpeakers(learned);
  const evenly = leaves === 1 ? 0 : Math.min(0.9, leastOverEven / leaves);
  return terms => {
    const logs = new Float64Array(leaves);
    let heard = 0;
    for (const speakers of speakersOf(new Set(terms))) heard += Number(hear(learned, speakers, logs));
    const found = heard === 0 ? [] : strongestTags(logs, heard);
    return found.filter((_, __, all) => all[0][1] > evenly);
  };
}
