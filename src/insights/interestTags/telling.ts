// The most telling terms of each cluster: class-based TF-IDF (Grootendorst 2022, "BERTopic", eq. 2): tf·ln(1 + A/f), tf the
// share of a term among those of the cluster, f how often it is used in all, A the mean length of a cluster. Departure: times
// how specific the term is (mixture.ts), or "not bad" and "quick delivery" would be told of every tag.

import type { TermTable } from '../../text/termTable';
import { isOneWord } from '../../text/words';
import { languageOf, type NameLanguage } from './labels';

/** Terms of one cluster in one language, most telling first, with the share of the cluster's texts that hold them. */
export interface TellingTerm {
  readonly term: string;
  readonly share: number;
}

/** What is counted of terms. */
export interface TermCounts {
  readonly table: TermTable;
  /** Texts of each cluster that hold each term. [terms × clusters] */
  readonly held: Float64Array;
  /** Texts of each cluster. */
  readonly sizes: Float64Array;
  /** [terms] 0 to 1 */
  readonly specificity: Float32Array;
}

/** A pair of characters that no dictionary has, but which hardly stand without each other (a brand: 蒙牛). */
function isFirmPair(term: string, { rowOf, documentFrequency }: TermTable): boolean {
  const characters = [...term];
  if (characters.length !== 2) return false;
  const own = documentFrequency[rowOf(term)];
  const apart = characters
    .map(character => rowOf(character))
    .map(row => (row < 0 ? 0 : documentFrequency[row]));
  // Both are words of their own where the pair stands: it is no piece of a longer word.
  return apart.every(count => count >= 0.8 * own) && apart.some(count => own >= 0.5 * count);
}

/** Whether a term can stand in a name. */
export function isNameable(term: string, table: TermTable): boolean {
  const language = languageOf(term);
  if (language === null || /^\p{Nd}/u.test(term)) return false;
  return language === 'en' || [...term].length === 1 || isOneWord(term) || isFirmPair(term, table);
}

/** Terms a single character long say less to a person: they must be this many times as telling. */
const singleHandicap = 3;

const scoreOf = (
  { table, held, sizes, specificity }: TermCounts,
  row: number,
  cluster: number,
  mean: number,
): number => {
  const clusters = sizes.length;
  let all = 0;
  for (let other = 0; other < clusters; other++) all += held[row * clusters + other];
  const share = held[row * clusters + cluster] / Math.max(1, sizes[cluster]);
  const handicap =
    languageOf(table.terms[row]) === 'zh' && [...table.terms[row]].length === 1 ? singleHandicap : 1;
  return (share * Math.log(1 + mean / Math.max(all, 1e-9)) * specificity[row]) / handicap;
};

/** Drops terms that are part of a better one, or hold it. */
function distinct(terms: readonly string[], most: number): readonly string[] {
  const kept: string[] = [];
  for (const term of terms) {
    if (kept.some(other => other.includes(term) || term.includes(other))) continue;
    kept.push(term);
    if (kept.length === most) break;
  }
  return kept;
}

/** Telling terms of a cluster. */
export function tellingTerms(
  counts: TermCounts,
  nameable: Uint8Array,
  cluster: number,
  language: NameLanguage | null,
  most: number,
): readonly TellingTerm[] {
  const { table, held, sizes } = counts;
  const clusters = sizes.length;
  const mean = held.reduce((sum, count) => sum + count, 0) / clusters;
  const scored: (readonly [string, number])[] = [];
  for (let row = 0; row < table.size; row++) {
    if (nameable[row] === 0 || held[row * clusters + cluster] < 1) continue;
    if (language !== null && languageOf(table.terms[row]) !== language) continue;
    scored.push([table.terms[row], scoreOf(counts, row, cluster, mean)]);
  }
  scored.sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  return distinct(
    scored.slice(0, 20 * most).map(([term]) => term),
    most,
  ).map(term => ({
    term,
    share: held[table.rowOf(term) * clusters + cluster] / Math.max(1, sizes[cluster]),
  }));
}
