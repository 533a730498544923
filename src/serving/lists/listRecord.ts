import type { FilterReason } from '../live/filter';
import { type CandidatePool, type RankedCandidate, type SourceScore, scoresOf } from './candidatePool';
import type { ExclusionReason, Exclusions } from './exclusions';

/** The stages of a list, in their order. */
export type Stage = 'retrieve' | 'rank' | 'rules' | 'discover' | 'diversify' | 'assemble';

/** Why a stage after `retrieve` removed a candidate. */
export type RemovalReason =
  /** A newcomer that its source does not score higher than the median product of the list. */
  | 'BELOW_NEWCOMER_BAR'
  /** Behind the last place of the list. */
  | 'CUT_BY_LENGTH';

/** Why a stage moved a candidate. */
export type MoveReason =
  | 'DISCOVERY_PLACED'
  | 'MOVED_DOWN_BY_DISCOVERY'
  | 'NEWCOMER_PLACED'
  | 'MOVED_DOWN_BY_NEWCOMER';

/** A candidate that a stage removed. */
export interface Removal {
  /** Index into the pool's columns. */
  readonly candidate: number;
  readonly reason: RemovalReason;
}

/** A candidate that a stage moved, with its ranks before and after; 1 = first. */
export interface Move {
  /** Index into the pool's columns. */
  readonly candidate: number;
  readonly from: number;
  readonly to: number;
  readonly reason: MoveReason;
}

/** What a stage made of the order. */
export interface StageOutcome {
  readonly stage: Exclude<Stage, 'retrieve'>;
  readonly entries: readonly RankedCandidate[];
  readonly removals: readonly Removal[];
  /** Returns what it moved; found when asked. */
  moves(): readonly Move[];
}

const noMoves = (): readonly Move[] => [];

/** The outcome of a stage that removes and moves nothing. */
export const unchanged = (
  stage: StageOutcome['stage'],
  entries: readonly RankedCandidate[],
): StageOutcome => ({ stage, entries, removals: [], moves: noMoves });

/** Every candidate that stands elsewhere than before, with both ranks. */
export function movesBetween(
  before: readonly RankedCandidate[],
  after: readonly RankedCandidate[],
  up: MoveReason,
  down: MoveReason,
): readonly Move[] {
  const ranks = new Map(before.map(({ candidate }, at) => [candidate, at + 1]));
  return after.flatMap(({ candidate }, at): Move[] => {
    const [from, to] = [ranks.get(candidate) ?? at + 1, at + 1];
    return from === to ? [] : [{ candidate, from, to, reason: to < from ? up : down }];
  });
}

/**
 * How a list came about: the pool and what each later stage did. Explanations, previews and experiments read it through
 * `fateOf` and `countsOf`, which cost nothing until they are called.
 */
export interface ListRecord {
  readonly pool: CandidatePool;
  /** In the order of the stages. */
  readonly outcomes: readonly StageOutcome[];
  /** Products that no source might propose. */
  readonly exclusions: Exclusions;
  /** Returns why the request's filters refuse a product, as the catalogue now is; null when they let it pass. */
  readonly filterReasonOf: (productId: string) => FilterReason | null;
}

/** What became of a product. */
export type Fate =
  | {
      readonly kind: 'LISTED';
      readonly rank: number;
      readonly scores: readonly SourceScore[];
      readonly moves: readonly Move[];
    }
  | {
      readonly kind: 'REMOVED';
      readonly stage: Stage;
      readonly reason: RemovalReason | ExclusionReason | FilterReason;
      /** Empty for a product that no source scored high enough, or that was left out before scoring. */
      readonly scores: readonly SourceScore[];
    }
  /** Every source preferred others, or none knows it. */
  | { readonly kind: 'NOT_PROPOSED' };

/** What became of a candidate: it is listed, or one stage removed it. */
function fateOfCandidate({ pool, outcomes }: ListRecord, candidate: number): Fate | null {
  const scores = scoresOf(pool, candidate);
  for (const { stage, removals } of outcomes) {
    const removal = removals.find(own => own.candidate === candidate);
    if (removal) return { kind: 'REMOVED', stage, reason: removal.reason, scores };
  }
  const place = outcomes.at(-1)?.entries.findIndex(entry => entry.candidate === candidate) ?? -1;
  const moves = outcomes.flatMap(outcome => outcome.moves().filter(move => move.candidate === candidate));
  return place < 0 ? null : { kind: 'LISTED', rank: place + 1, scores, moves };
}

/** Why a product did not become a candidate. */
function fateOfOther({ pool, exclusions, filterReasonOf }: ListRecord, productId: string): Fate {
  const reason = exclusions.get(productId) ?? filterReasonOf(productId);
  if (reason === null) return { kind: 'NOT_PROPOSED' };
  const scores = pool.sources.flatMap(({ withheld }, source) =>
    withheld.filter(own => own.productId === productId).map(({ score }) => ({ source, score })),
  );
  return { kind: 'REMOVED', stage: 'retrieve', reason, scores };
}

/** What became of a product: where it is listed, or which stage removed it and why. */
export function fateOf(record: ListRecord, productId: string): Fate {
  const ids: readonly string[] = record.pool.productIds;
  const candidate = ids.indexOf(productId);
  const fate = candidate < 0 ? null : fateOfCandidate(record, candidate);
  return fate ?? fateOfOther(record, productId);
}

/** Why a source did not propose a product that it scored: it may not, or an earlier source had proposed it. */
export type WithheldReason = ExclusionReason | 'TAKEN_BY_SOURCE';

/** Counts by reason. */
export type ReasonCounts = Readonly<Partial<Record<RemovalReason | WithheldReason, number>>>;

/** How many candidates a stage was given, removed for each reason, moved, and kept. */
export interface StageCounts {
  readonly stage: Stage;
  readonly taken: number;
  readonly removed: ReasonCounts;
  readonly kept: number;
  readonly moved: number;
}

function countsBy(reasons: readonly (RemovalReason | WithheldReason)[]): ReasonCounts {
  const counts: Partial<Record<RemovalReason | WithheldReason, number>> = {};
  for (const reason of reasons) counts[reason] = (counts[reason] ?? 0) + 1;
  return counts;
}

/** Proposals that sources did not make: of excluded products, and of products that an earlier source proposed. */
function withheldReasons({ sources, scores, proposedBy }: CandidatePool): readonly WithheldReason[] {
  return sources.flatMap(({ withheld }, source): WithheldReason[] => {
    const taken = scores[source].filter(
      (score, candidate) => proposedBy[candidate] < source && !Number.isNaN(score),
    );
    return [...withheld.map(({ reason }) => reason), ...taken.map(() => 'TAKEN_BY_SOURCE' as const)];
  });
}

/** Counts of every stage. What `retrieve` takes are proposals: those made, and those that the sources withheld. */
export function countsOf({ pool, outcomes }: ListRecord): readonly StageCounts[] {
  const withheld = withheldReasons(pool);
  let kept = pool.productIds.length;
  const retrieved: StageCounts = {
    stage: 'retrieve',
    taken: kept + withheld.length,
    removed: countsBy(withheld),
    kept,
    moved: 0,
  };
  const later = outcomes.map(({ stage, entries, removals, moves }): StageCounts => {
    const taken = kept;
    kept = entries.length;
    return {
      stage,
      taken,
      removed: countsBy(removals.map(({ reason }) => reason)),
      kept,
      moved: moves().length,
    };
  });
  return [retrieved, ...later];
}
