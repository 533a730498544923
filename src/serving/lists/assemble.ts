import type { RecommendedItem } from '../../domain/recommendation';
import type { CandidatePool, RankedCandidate } from './candidatePool';
import { type Removal, type StageOutcome, unchanged } from './listRecord';

/** Last stage: cuts the order to the length of the list. */
export function assemble(entries: readonly RankedCandidate[], length: number): StageOutcome {
  if (entries.length <= length) return unchanged('assemble', entries);
  const removals = entries
    .slice(length)
    .map(({ candidate }): Removal => ({ candidate, reason: 'CUT_BY_LENGTH' }));
  return { ...unchanged('assemble', entries.slice(0, length)), removals };
}

/** The items of an assembled list. */
export const itemsOf = (
  { sources, productIds, proposedBy, together }: CandidatePool,
  entries: readonly RankedCandidate[],
): readonly RecommendedItem[] =>
  entries.map(({ candidate, score }, at) => {
    const evidence = together[candidate];
    const source = sources[proposedBy[candidate]].kind;
    const item = { productId: productIds[candidate], rank: at + 1, score, source };
    return evidence ? { ...item, together: evidence } : item;
  });
