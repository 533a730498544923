import type { ProductId } from '../../domain/ids';
import type { FilterReason } from '../live/filter';
import type { CandidatePool, RankedCandidate, SourceScore } from './candidatePool';
import type { ExclusionReason, Exclusions } from './exclusions';

/** The stages of a list, in their order. */
export type Stage = 'retrieve' | 'rank' | 'rules' | 'diversify' | 'assemble';

/** Why a stage removed a candidate. */
export type RemovalReason =
  | ExclusionReason
  /** A newcomer that its source does not score higher than the median product of the list. */
  | 'BELOW_NEWCOMER_BAR'
  /** Behind the last place of the list. */
  | 'CUT_BY_LENGTH';

/** Why a stage moved a candidate. */
export type MoveReason = 'NEWCOMER_PLACED' | 'MOVED_DOWN_BY_NEWCOMER';

/** A candidate that a stage removed. */
export interface Removal {
  readonly productId: string;
  readonly scores: readonly SourceScore[];
  readonly reason: RemovalReason;
}

/** A candidate that a stage moved, with its ranks before and after; 1 = first. */
export interface Move {
  readonly productId: ProductId;
  readonly from: number;
  readonly to: number;
  readonly reason: MoveReason;
}

/** What a stage made of the order. */
export interface StageOutcome {
  readonly stage: Exclude<Stage, 'retrieve'>;
  readonly entries: readonly RankedCandidate[];
  readonly removals: readonly Removal[];
  readonly moves: readonly Move[];
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
      readonly reason: RemovalReason | FilterReason;
      /** Empty for a product that no source scored high enough, or that was left out before scoring. */
      readonly scores: readonly SourceScore[];
    }
  /** Every source preferred others, or none knows it. */
  | { readonly kind: 'NOT_PROPOSED' };

/** What the sources withheld, one removal per proposal that was not made. */
const withheldBy = ({ sources }: CandidatePool): readonly Removal[] =>
  sources.flatMap(({ withheld }, source) =>
    withheld.map(({ productId, score, reason }) => ({ productId, reason, scores: [{ source, score }] })),
  );

/** The removal that stages recorded, if any. */
function removalOf(record: ListRecord, productId: string): Fate | null {
  for (const { stage, removals } of record.outcomes) {
    const removal = removals.find(own => own.productId === productId);
    if (removal) return { kind: 'REMOVED', stage, reason: removal.reason, scores: removal.scores };
  }
  const own = withheldBy(record.pool).filter(removal => removal.productId === productId);
  if (own.length === 0) return null;
  const scores = own.flatMap(removal => removal.scores);
  return { kind: 'REMOVED', stage: 'retrieve', reason: own[0].reason, scores };
}

/** What became of a product: where it is listed, or which stage removed it and why. */
export function fateOf(record: ListRecord, productId: string): Fate {
  const { outcomes, exclusions, filterReasonOf } = record;
  const entries = outcomes.at(-1)?.entries ?? [];
  const place = entries.findIndex(({ candidate }) => candidate.productId === productId);
  if (place >= 0) {
    const moves = outcomes.flatMap(outcome => outcome.moves.filter(move => move.productId === productId));
    return { kind: 'LISTED', rank: place + 1, scores: entries[place].candidate.scores, moves };
  }
  const removal = removalOf(record, productId);
  if (removal !== null) return removal;
  const reason = exclusions.get(productId) ?? filterReasonOf(productId);
  return reason === null
    ? { kind: 'NOT_PROPOSED' }
    : { kind: 'REMOVED', stage: 'retrieve', reason, scores: [] };
}

/** How many candidates went into a stage, were removed for each reason, and were left. */
export interface StageCounts {
  readonly stage: Stage;
  readonly taken: number;
  readonly removed: Readonly<Partial<Record<RemovalReason, number>>>;
  readonly kept: number;
  readonly moved: number;
}

function countReasons(removals: readonly Removal[]): StageCounts['removed'] {
  const counts: Partial<Record<RemovalReason, number>> = {};
  for (const { reason } of removals) counts[reason] = (counts[reason] ?? 0) + 1;
  return counts;
}

/** Counts of every stage. What `retrieve` takes are proposals: those made, and those that the sources withheld. */
export function countsOf({ pool, outcomes }: ListRecord): readonly StageCounts[] {
  const withheld = withheldBy(pool);
  const kept = pool.candidates.length;
  const counts: StageCounts[] = [
    { stage: 'retrieve', taken: kept + withheld.length, removed: countReasons(withheld), kept, moved: 0 },
  ];
  for (const { stage, entries, removals, moves } of outcomes) {
    const taken = counts[counts.length - 1].kept;
    const removed = countReasons(removals);
    counts.push({ stage, taken, removed, kept: entries.length, moved: moves.length });
  }
  return counts;
}
