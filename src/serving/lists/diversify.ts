import type { CandidatePool, RankedCandidate } from './candidatePool';
import { movesBetween, type Removal, type StageOutcome, unchanged } from './listRecord';

/** Places that newcomers may take in a list. */
export interface NewcomerPlaces {
  /** One place in this many, at least 1. */
  readonly every: number;
  /** Products of which the shopper has an event. */
  readonly met: { has(productId: string): boolean };
}

/** NaN when there are none. */
function medianOf(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  if (sorted.length === 0) return Number.NaN;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/**
 * The score that a newcomer must exceed: the median of the list by the newcomers' own source. Products of the
 * history are left out where there are others, because a reader scores them highest. NaN, which no score exceeds, when the source scored none of them.
 */
function barOf(
  { scores, productIds }: CandidatePool,
  listed: readonly RankedCandidate[],
  source: number,
  { met }: NewcomerPlaces,
): number {
  const own = scores[source];
  const scored = listed.filter(({ candidate }) => !Number.isNaN(own[candidate]));
  const unmet = scored.filter(({ candidate }) => !met.has(productIds[candidate]));
  return medianOf((unmet.length > 0 ? unmet : scored).map(({ candidate }) => own[candidate]));
}

/**
 * Puts newcomers into a list: the first at rank `every`, the next at twice that; what stood there moves down. A newcomer
 * takes the score of the item before it, so that a list's scores never rise.
 *
 * @param newcomers - none of which is listed, best first; those beyond the list's end are left out
 */
export function placeNewcomers(
  listed: readonly RankedCandidate[],
  newcomers: readonly RankedCandidate[],
  every: number,
): readonly RankedCandidate[] {
  const placed: RankedCandidate[] = [];
  let [next, arrived] = [0, 0];
  while (next < listed.length) {
    const isPlace = (placed.length + 1) % every === 0 && placed.length < listed.length;
    if (isPlace && arrived < newcomers.length) {
      const { score } = placed.at(-1) ?? listed[0];
      placed.push({ candidate: newcomers[arrived++].candidate, score });
    } else placed.push(listed[next++]);
  }
  return placed;
}

/**
 * Fifth stage: gives one place in every `every` to a newcomer that its source scores higher than the median product of
 * the list. Other newcomers are removed. Limits per brand and exploration will be further steps of this stage.
 *
 * @param places - null for a list without such places
 */
export function diversify(
  pool: CandidatePool,
  entries: readonly RankedCandidate[],
  places: NewcomerPlaces | null,
): StageOutcome {
  const { sources, proposedBy, scores } = pool;
  const source = sources.findIndex(({ kind, proposed }) => kind === 'NEWCOMER' && proposed > 0);
  if (places === null || source < 0) return unchanged('diversify', entries);
  const listed = entries.filter(({ candidate }) => proposedBy[candidate] !== source);
  const newcomers = entries.filter(({ candidate }) => proposedBy[candidate] === source);
  const bar = barOf(pool, listed, source, places);
  const preferred = newcomers.filter(({ candidate }) => scores[source][candidate] > bar);
  const placed = placeNewcomers(listed, preferred, places.every);
  const kept = new Set(placed.map(({ candidate }) => candidate));
  const removals = newcomers
    .filter(({ candidate }) => !kept.has(candidate))
    .map(({ candidate }): Removal => ({ candidate, reason: 'BELOW_NEWCOMER_BAR' }));
  const moves = () => movesBetween(entries, placed, 'NEWCOMER_PLACED', 'MOVED_DOWN_BY_NEWCOMER');
  return { stage: 'diversify', entries: placed, removals, moves };
}
