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

type Speaker = readonly [row: number, likeness: number];

/** Cosines of a vector to all words; NaN for pairs of words, which have no vector. */
function likenesses({ terms, vectors: { rank, words } }: LearnedTags, own: Float32Array): Float64Array {
  return Float64Array.from({ length: terms.size }, (_, row) => {
    if (terms.terms[row].includes(' ')) return Number.NaN;
    let cosine = 0;
    for (let k = 0; k < rank; k++) cosine += own[k] * words[row * rank + k];
    return cosine;
  });
}

/** What a likeness must reach to be no chance. */
function outstanding(found: Float64Array): number {
  const known = found.filter(value => !Number.isNaN(value));
  const mean = known.reduce((sum, value) => sum + value, 0) / Math.max(1, known.length);
  const variance = known.reduce((sum, value) => sum + (value - mean) ** 2, 0) / Math.max(1, known.length);
  return Math.max(leastLikeness, mean + leastDeviations * Math.sqrt(variance));
}

/** The shop's words nearest to one it never saw, by what their letters or characters share. */
function nearestWords(learned: LearnedTags, word: string): readonly Speaker[] {
  const { vectors } = learned;
  if (vectors.rank === 0) return [];
  const own = new Float32Array(vectors.rank);
  addWordVector(vectors, word, -1, 1, own);
  const found = likenesses(learned, own);
  const least = outstanding(found);
  return [...found.entries()]
    .filter(([, likeness]) => likeness >= least)
    .sort((a, b) => b[1] - a[1] || a[0] - b[0])
    .slice(0, neighbours);
}

/** Unknown words whose speakers are kept at hand; the same few are asked for over and over. */
const mostRemembered = 4096;

/** The rows that speak for a term: its own, or those of words like it; none for an unknown pair of words. */
function createSpeakers(learned: LearnedTags): (term: string) => readonly Speaker[] {
  const remembered = new Map<string, readonly Speaker[]>();
  return term => {
    const row = learned.terms.rowOf(term);
    if (row >= 0) return [[row, 1]];
    if (term.includes(' ')) return [];
    const found = remembered.get(term) ?? nearestWords(learned, term);
    if (remembered.size >= mostRemembered) remembered.clear();
    remembered.set(term, found);
    return found;
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

/** How to tell the tags of terms: those of a text, each counted once; pairs of words only where they are known. */
export function createTagging(
  learned: LearnedTags,
): (terms: readonly string[]) => ReturnType<typeof strongestTags> {
  const { leaves } = learned;
  const speakersOf = createSpeakers(learned);
  const evenly = leaves === 1 ? 0 : Math.min(0.9, leastOverEven / leaves);
  return terms => {
    const logs = new Float64Array(leaves);
    let heard = 0;
    for (const term of new Set(terms)) heard += Number(hear(learned, speakersOf(term), logs));
    const found = heard === 0 ? [] : strongestTags(logs, heard);
    return found.filter((_, __, all) => all[0][1] > evenly);
  };
}
