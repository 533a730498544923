import type { CandidatePool, RankedCandidate } from './candidatePool';
import { movesBetween, type StageOutcome, unchanged } from './listRecord';

/** Places that a shopper's own list keeps for products that they never bought. */
export interface DiscoveryPlaces {
  /** One place in this many, at least 1. */
  readonly every: number;
  /** Products that the shopper bought. */
  readonly bought: { has(productId: string): boolean };
}

/**
 * Puts a product that the shopper never bought into each `every` places that have none: the best one further down takes the last of
 * these places, and what stood there moves down. It takes the score of the item before it, so that a list's scores never rise.
 */
export function placeDiscoveries(
  entries: readonly RankedCandidate[],
  isBought: (candidate: number) => boolean,
  every: number,
): readonly RankedCandidate[] {
  const rest = [...entries];
  const placed: RankedCandidate[] = [];
  let hasDiscovery = false;
  while (rest.length > 0) {
    const isLast = (placed.length + 1) % every === 0;
    const wanted: number =
      isLast && !hasDiscovery ? rest.findIndex(({ candidate }) => !isBought(candidate)) : 0;
    const [entry]: RankedCandidate[] = rest.splice(Math.max(0, wanted), 1);
    const score = wanted > 0 ? (placed.at(-1)?.score ?? rest[0].score) : entry.score;
    placed.push({ candidate: entry.candidate, score });
    hasDiscovery = !isLast && (hasDiscovery || !isBought(entry.candidate));
  }
  return placed;
}

/**
 * Keeps a shopper's list from consisting of what they bought before and nothing else. How many places it gives is the shop's
 * policy: buying again is what most shoppers of some shops do next, so that an order by probability alone shows them nothing new.
 *
 * @param places - null for a list without such places
 */
export function discover(
  { productIds }: CandidatePool,
  entries: readonly RankedCandidate[],
  places: DiscoveryPlaces | null,
): StageOutcome {
  if (places === null) return unchanged('discover', entries);
  const isBought = (candidate: number): boolean => places.bought.has(productIds[candidate]);
  const placed = placeDiscoveries(entries, isBought, places.every);
  const moves = () => movesBetween(entries, placed, 'DISCOVERY_PLACED', 'MOVED_DOWN_BY_DISCOVERY');
  return { stage: 'discover', entries: placed, removals: [], moves };
}
