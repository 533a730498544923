import type { RecommendedItem } from '../../domain/recommendation';
import type { CandidatePool, RankedCandidate } from './candidatePool';
import { type Removal, type StageOutcome, unchanged } from './listRecord';
import type { RepeatsAmong } from './listRepeats';

/** Last stage: cuts the order to the length of the list. */
export function assemble(entries: readonly RankedCandidate[], length: number): StageOutcome {
  if (entries.length <= length) return unchanged('assemble', entries);
  const removals = entries
    .slice(length)
    .map(({ candidate }): Removal => ({ candidate, reason: 'CUT_BY_LENGTH' }));
  return { ...unchanged('assemble', entries.slice(0, length)), removals };
}

/**
 * The items of an assembled list. What the shopper bought before is BUY_AGAIN, whichever source proposed it.
 *
 * @param repeatsAmong - absent for a list that is for no shopper
 */
export function itemsOf(
  { sources, productIds, proposedBy, together }: CandidatePool,
  entries: readonly RankedCandidate[],
  repeatsAmong?: RepeatsAmong,
): readonly RecommendedItem[] {
  const repeats = repeatsAmong?.(entries.map(({ candidate }) => productIds[candidate])) ?? new Map();
  return entries.map(({ candidate, score }, at) => {
    const evidence = together[candidate];
    const productId = productIds[candidate];
    const repeat = repeats.get(productId);
    const source = repeat === undefined ? sources[proposedBy[candidate]].kind : 'BUY_AGAIN';
    const item = { productId, rank: at + 1, score, source, ...(repeat && { repeat }) };
    return evidence ? { ...item, together: evidence } : item;
  });
}
