import type { ProductId } from '../../domain/ids';
import type { RecommendationSource, TogetherEvidence } from '../../domain/recommendation';
import type { LiveModel } from '../live/liveModel';
import type { ExclusionReason } from './exclusions';

/** A source's own score of a product. Scores of different sources do not compare. */
export interface SourceScore {
  /** Index into `CandidatePool.sources`. */
  readonly source: number;
  /** Finite. */
  readonly score: number;
}

/** A product that a source proposed. */
export interface Proposal {
  readonly productId: ProductId;
  /** Finite. */
  readonly score: number;
  /** Of a product that completes a cart. */
  readonly together?: TogetherEvidence;
}

/** A product that a source scored high enough to propose, but may not. */
export interface Withheld {
  readonly productId: string;
  readonly score: number;
  readonly reason: ExclusionReason;
}

/** What one source proposed. */
export interface Proposals {
  /** Best first. */
  readonly items: readonly Proposal[];
  /** Whether it had a score for any product at all, before filters and exclusions. */
  readonly hasScores: boolean;
  /** Products taken by an earlier source, and others that would have been among `items`. */
  readonly withheld: readonly Withheld[];
}

/** Who proposes: a model, or null for a rule that needs none; and the `source` of its items. */
export interface Proposer {
  readonly model: LiveModel | null;
  readonly kind: RecommendationSource;
}

/** A source that was asked, and how many candidates it proposed. */
interface AskedSource extends Proposer {
  readonly proposed: number;
}

/** A source that was asked, as the pool keeps it. */
export interface PoolSource extends AskedSource {
  readonly hasScores: boolean;
  readonly withheld: readonly Withheld[];
}

/** A product that may be listed. */
export interface Candidate {
  readonly productId: ProductId;
  /** That of the source that proposed it first, then those of later sources. */
  readonly scores: readonly [SourceScore, ...SourceScore[]];
  readonly together?: TogetherEvidence;
}

/** Candidates of one request, in the order in which they were proposed. Deeply frozen, but for models and evidence. */
export interface CandidatePool {
  readonly sources: readonly PoolSource[];
  readonly candidates: readonly Candidate[];
}

/** A candidate in its place. */
export interface RankedCandidate {
  readonly candidate: Candidate;
  /** Comparable within the list: never higher than that of the place before. */
  readonly score: number;
}

/** A source's proposals, with the source. */
export interface Answer extends AskedSource {
  readonly proposals: Proposals;
}

/** Scores that sources gave to products of earlier sources, by product. Null when there is none, as in most requests. */
function laterScoresOf(answers: readonly Answer[]): ReadonlyMap<string, readonly SourceScore[]> | null {
  let scores: Map<string, SourceScore[]> | null = null;
  for (const [source, { proposals }] of answers.entries()) {
    for (const { productId, score, reason } of proposals.withheld) {
      if (reason !== 'TAKEN_BY_SOURCE') continue;
      scores ??= new Map();
      const known = scores.get(productId);
      const added = Object.freeze({ source, score });
      if (known === undefined) scores.set(productId, [added]);
      else known.push(added);
    }
  }
  return scores;
}

/** The pool of what sources proposed: no product is in two of their `items`. */
export function poolOf(answers: readonly Answer[]): CandidatePool {
  const later = laterScoresOf(answers);
  const candidates: Candidate[] = [];
  const sources: PoolSource[] = [];
  for (const [source, { model, kind, proposed, proposals }] of answers.entries()) {
    const { items, hasScores, withheld } = proposals;
    for (const { productId, score, together } of items) {
      const own = Object.freeze({ source, score });
      const scores = Object.freeze([own, ...(later?.get(productId) ?? [])] as const);
      candidates.push(Object.freeze({ productId, scores, ...(together && { together }) }));
    }
    for (const entry of withheld) Object.freeze(entry);
    sources.push(Object.freeze({ model, kind, proposed, hasScores, withheld: Object.freeze(withheld) }));
  }
  return Object.freeze({ sources: Object.freeze(sources), candidates: Object.freeze(candidates) });
}

/** The source that proposed most candidates, the earlier of equals; null when none proposed any. Newcomers never lead. */
export function leadOf<Source extends AskedSource>(sources: readonly Source[]): Source | null {
  let lead: Source | null = null;
  for (const source of sources) {
    if (source.kind !== 'NEWCOMER' && source.proposed > (lead?.proposed ?? 0)) lead = source;
  }
  return lead;
}
