// The most characteristic terms of each cluster by class-based TF-IDF (Grootendorst 2022, "BERTopic", eq. 2).
// The score is tf·ln(1 + A/f). tf is the share of a term in the cluster, f its frequency in all clusters, and A the mean length of a
// cluster. Departure: multiplied by the specificity of the term (mixture.ts), so that phrases such as "quick delivery" are
// not listed for every tag.

import type { TermTable } from '../../text/termTable';
import { isOneWord } from '../../text/words';
import { languageOf, type NameLanguage } from './labels';
import { isCategoryTerm } from './terms';

/** A term of a cluster. */
export interface CharacteristicTerm {
  readonly term: string;
  /** Share of the cluster's texts that contain it. */
  readonly share: number;
  /** Share of all texts that contain it, which are in the cluster. */
  readonly own: number;
}

/** Counts of terms by cluster. */
export interface TermCounts {
  readonly table: TermTable;
  /** Texts of each cluster that contain each term. [terms × clusters] */
  readonly textCounts: Float64Array;
  /** Number of texts per cluster. */
  readonly sizes: Float64Array;
  /** 0-1. [terms] */
  readonly specificity: Float32Array;
}

/** Returns whether two characters that no dictionary joins hardly occur without each other (a brand: 蒙牛). */
function isFirmPair(term: string, { rowOf, documentFrequency }: TermTable): boolean {
  const characters = [...term];
  if (characters.length !== 2) return false;
  const own = documentFrequency[rowOf(term)];
  const apart = characters
    .map(character => rowOf(character))
    .map(row => (row < 0 ? 0 : documentFrequency[row]));
  // Both are single words where the pair occurs: it is not a part of a longer word.
  return apart.every(count => count >= 0.8 * own) && apart.some(count => own >= 0.5 * count);
}

/** Returns whether a term can be part of a name. */
export function isNameable(term: string, table: TermTable): boolean {
  if (isCategoryTerm(term)) return false;
  const language = languageOf(term);
  if (language === null || /^\p{Nd}/u.test(term)) return false;
  return language === 'en' || [...term].length === 1 || isOneWord(term) || isFirmPair(term, table);
}

/** Scores of single Chinese characters are divided by this: people understand them less easily. */
const singleCharacterPenalty = 3;

/** Returns the class-based TF-IDF of a term in a cluster. @param mean - A */
const scoreOf = (
  { table, textCounts, sizes, specificity }: TermCounts,
  row: number,
  cluster: number,
  mean: number,
): number => {
  const clusters = sizes.length;
  let all = 0;
  for (let other = 0; other < clusters; other++) all += textCounts[row * clusters + other];
  const share = textCounts[row * clusters + cluster] / Math.max(1, sizes[cluster]);
  const penalty =
    languageOf(table.terms[row]) === 'zh' && [...table.terms[row]].length === 1 ? singleCharacterPenalty : 1;
  return (share * Math.log(1 + mean / Math.max(all, 1e-9)) * specificity[row]) / penalty;
};

/** Drops terms that contain, or are contained in, a better one. */
function distinct(terms: readonly string[], most: number): readonly string[] {
  const kept: string[] = [];
  for (const term of terms) {
    if (kept.some(other => other.includes(term) || term.includes(other))) continue;
    kept.push(term);
    if (kept.length === most) break;
  }
  return kept;
}

/** A term in so much of a cluster's texts, and so much of whose texts are the cluster's, says what they share. */
const minShareOfCluster = 0.6;
const minShareOfTerm = 0.4;

/** Returns the term that says best what most texts of a cluster share; undefined where no term does. */
export function sharedTerm(
  { table, textCounts, sizes }: TermCounts,
  nameable: Uint8Array,
  cluster: number,
  language: NameLanguage,
): string | undefined {
  const clusters = sizes.length;
  let best: { readonly term: string; readonly fit: number } | undefined;
  for (const [row, term] of table.terms.entries()) {
    const own = textCounts[row * clusters + cluster];
    if (nameable[row] === 0 || own < minShareOfCluster * sizes[cluster] || languageOf(term) !== language)
      continue;
    let total = 0;
    for (let other = 0; other < clusters; other++) total += textCounts[row * clusters + other];
    if (own < minShareOfTerm * total) continue;
    const fit = (2 * own) / (sizes[cluster] + total);
    if (best === undefined || fit > best.fit) best = { term, fit };
  }
  return best?.term;
}

/** Returns the most characteristic terms of a cluster, best first. @param language - null: any */
export function characteristicTerms(
  counts: TermCounts,
  nameable: Uint8Array,
  cluster: number,
  language: NameLanguage | null,
  most: number,
): readonly CharacteristicTerm[] {
  const { table, textCounts, sizes } = counts;
  const clusters = sizes.length;
  const mean = textCounts.reduce((sum, count) => sum + count, 0) / clusters;
  const scored: (readonly [string, number])[] = [];
  for (let row = 0; row < table.size; row++) {
    if (nameable[row] === 0 || textCounts[row * clusters + cluster] < 1) continue;
    if (language !== null && languageOf(table.terms[row]) !== language) continue;
    scored.push([table.terms[row], scoreOf(counts, row, cluster, mean)]);
  }
  scored.sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  return distinct(
    scored.slice(0, 20 * most).map(([term]) => term),
    most,
  ).map(term => {
    const start = table.rowOf(term) * clusters;
    const inCluster = textCounts[start + cluster];
    const all = textCounts.subarray(start, start + clusters).reduce((sum, count) => sum + count, 0);
    return { term, share: inCluster / Math.max(1, sizes[cluster]), own: inCluster / Math.max(1e-9, all) };
  });
}
