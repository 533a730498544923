import type { RecommendedItem } from '../../domain/recommendation';
import type { CandidatePool, RankedCandidate } from './candidatePool';
import type { Removal, StageOutcome } from './listRecord';

/** Last stage: cuts the order to the length of the list. */
export function assemble(entries: readonly RankedCandidate[], length: number): StageOutcome {
  const removals = entries
    .slice(length)
    .map(({ candidate: { productId, scores } }): Removal => ({ productId, scores, reason: 'CUT_BY_LENGTH' }));
  return { stage: 'assemble', entries: entries.slice(0, length), removals, moves: [] };
}

/** The items of an assembled list. */
export const itemsOf = (
  { sources }: CandidatePool,
  entries: readonly RankedCandidate[],
): readonly RecommendedItem[] =>
  entries.map(({ candidate: { productId, scores, together }, score }, at) => ({
    productId,
    rank: at + 1,
    score,
    source: sources[scores[0].source].kind,
    ...(together && { together }),
  }));
