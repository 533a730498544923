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

/** The rows that speak for a term: its own, or those of words like it; none for an unknown pair of words. */
function speakersOf(learned: LearnedTags, term: string): readonly Speaker[] {
  const row = learned.terms.rowOf(term);
  if (row >= 0) return [[row, 1]];
  return term.includes(' ') ? [] : nearestWords(learned, term);
}

/** Adds what a term says of each tag; whether it said anything. */
function hear(learned: LearnedTags, term: string, logs: Float64Array): boolean {
  const { termTags, leaves } = learned;
  const speakers = speakersOf(learned, term);
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
  const evenly = leaves === 1 ? 0 : Math.min(0.9, leastOverEven / leaves);
  return terms => {
    const logs = new Float64Array(leaves);
    let heard = 0;
    for (const term of new Set(terms)) heard += Number(hear(learned, term, logs));
    const found = heard === 0 ? [] : strongestTags(logs, heard);
    return found.filter((_, __, all) => all[0][1] > evenly);
  };
}
