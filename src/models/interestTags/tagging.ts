import { addWordVector } from '../../text/wordVectors';
import { type LearnedTags, strongestTags } from './learned';

/** A word of the shop must be this near to an unknown one (cosine) to speak for it. */
const leastLikeness = 0.5;
/** How many of the nearest speak. */
const neighbours = 5;
/** A text whose strongest tag has no more than this many times its even share says nothing. */
const leastOverEven = 1.5;

type Speaker = readonly [row: number, likeness: number];

/** The shop's words nearest to one it never saw, by what their letters or characters share. */
function nearestWords({ terms, vectors }: LearnedTags, word: string): readonly Speaker[] {
  const { rank, words } = vectors;
  if (rank === 0) return [];
  const own = new Float32Array(rank);
  addWordVector(vectors, word, -1, 1, own);
  const found: Speaker[] = [];
  for (let row = 0; row < terms.size; row++) {
    let cosine = 0;
    for (let k = 0; k < rank; k++) cosine += own[k] * words[row * rank + k];
    if (cosine >= leastLikeness) found.push([row, cosine]);
  }
  return found.sort((a, b) => b[1] - a[1] || a[0] - b[0]).slice(0, neighbours);
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
