import type { CandidatePool, RankedCandidate } from './candidatePool';
import { type StageOutcome, unchanged } from './listRecord';

/** Result of a rule: the new order, and every candidate that it removed or moved. */
export type RuleOutcome = Omit<StageOutcome, 'stage'>;

/**
 * A merchandiser's rule as a function of the order (pin, boost, hide, at most n per brand). None is built yet: `fillList` passes
 * an empty list. The first one needs a policy that proposes more than `first` candidates, because topUpPolicy.ts proposes only as
 * many as the list lacks, and a removal would shorten the list.
 */
export type Rule = (entries: readonly RankedCandidate[], pool: CandidatePool) => RuleOutcome;

/** Third stage: applies rules in their order, each to what the one before it left. */
export const applyRules = (
  pool: CandidatePool,
  entries: readonly RankedCandidate[],
  rules: readonly Rule[],
): StageOutcome =>
  rules.reduce<StageOutcome>(
    (before, rule) => {
      const next = rule(before.entries, pool);
      return {
        stage: 'rules',
        entries: next.entries,
        removals: [...before.removals, ...next.removals],
        moves: () => [...before.moves(), ...next.moves()],
      };
    },
    unchanged('rules', entries),
  );
