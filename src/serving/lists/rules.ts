import type { CandidatePool, RankedCandidate } from './candidatePool';
import type { StageOutcome } from './listRecord';

/** What a rule made of an order: the new order, and every candidate that it removed or moved. */
export type RuleOutcome = Omit<StageOutcome, 'stage'>;

/** A merchandiser's rule as a function of the order (pin, boost, hide, at most n per brand). None is built yet. */
export type Rule = (entries: readonly RankedCandidate[], pool: CandidatePool) => RuleOutcome;

/** Third stage: applies rules in their order, each to what the one before it left. */
export function applyRules(
  pool: CandidatePool,
  entries: readonly RankedCandidate[],
  rules: readonly Rule[],
): StageOutcome {
  let outcome: RuleOutcome = { entries, removals: [], moves: [] };
  for (const rule of rules) {
    const next = rule(outcome.entries, pool);
    outcome = {
      entries: next.entries,
      removals: [...outcome.removals, ...next.removals],
      moves: [...outcome.moves, ...next.moves],
    };
  }
  return { stage: 'rules', ...outcome };
}
