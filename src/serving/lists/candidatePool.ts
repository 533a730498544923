import type { ProductId } from '../../domain/ids';
import type { RecommendationSource, TogetherEvidence } from '../../domain/recommendation';
import type { LiveModel } from '../live/liveModel';
import type { ExclusionReason } from './exclusions';

/** A product that a source scored high enough to propose, but may not. */
export interface Withheld {
  readonly productId: string;
  readonly score: number;
  readonly reason: ExclusionReason;
}

/** What one source proposed. */
export interface Proposals {
  /** Best first. */
  readonly productIds: readonly ProductId[];
  /** Finite; one per proposed product. */
  readonly scores: readonly number[];
  /** One per proposed product; absent for sources that do not complete a cart. */
  readonly together?: readonly (TogetherEvidence | null)[];
  /** Its scores of the products that earlier sources proposed, NaN where it has none; empty when it has no score at all. */
  readonly takenScores: readonly number[];
  /** Whether it had a score for any product at all, before filters and exclusions. */
  readonly hasScores: boolean;
  /** Excluded products that would have been proposed. */
  readonly withheld: readonly Withheld[];
}

/** Who proposes: a model, or null for a rule that needs none; and the `source` of its items. */
export interface Proposer {
  readonly model: LiveModel | null;
  readonly kind: RecommendationSource;
}

/** A source that was asked. */
export interface PoolSource extends Proposer {
  readonly hasScores: boolean;
  /** How many candidates it proposed. */
  readonly proposed: number;
  readonly withheld: readonly Withheld[];
}

/**
 * Candidates of one request as columns, in the order in which sources proposed them. A candidate is an index into the
 * columns. Frozen: stages only order candidates.
 */
export interface CandidatePool {
  readonly sources: readonly PoolSource[];
  readonly productIds: readonly ProductId[];
  /** Index of the source that proposed each candidate. */
  readonly proposedBy: readonly number[];
  /** Scores by source and candidate; NaN or absent where a source has none. Those of different sources do not compare. */
  readonly scores: readonly (readonly number[])[];
  /** By candidate; null or absent for those that complete no cart. */
  readonly together: readonly (TogetherEvidence | null)[];
}

/** A candidate in its place. */
export interface RankedCandidate {
  /** Index into the pool's columns. */
  readonly candidate: number;
  /** Comparable within the list: never higher than that of the place before. */
  readonly score: number;
}

/** A source's own score of a candidate. */
export interface SourceScore {
  /** Index into `CandidatePool.sources`. */
  readonly source: number;
  readonly score: number;
}

/** Takes the proposals of one source after the other. */
export interface PoolBuilder {
  /** Products proposed so far. */
  readonly productIds: readonly ProductId[];
  add(source: Proposer, proposals: Proposals): void;
  /** The source that proposed most so far. */
  lead(): PoolSource | null;
  /** Returns the pool. Nothing can be added afterwards. */
  build(): CandidatePool;
}

/** Candidates that sources of the same model and kind proposed together. */
const proposedWith = (sources: readonly PoolSource[], { model, kind }: PoolSource): number =>
  sources.reduce(
    (sum, other) => sum + Number(other.model === model && other.kind === kind) * other.proposed,
    0,
  );

/** The first source of the model that proposed most candidates, the earlier of equals; null when none proposed any. Newcomers never lead. */
export function leadOf(sources: readonly PoolSource[]): PoolSource | null {
  let lead: PoolSource | null = null;
  let most = 0;
  for (const source of sources) {
    const proposed = source.kind === 'NEWCOMER' ? 0 : proposedWith(sources, source);
    if (proposed > most) [lead, most] = [source, proposed];
  }
  return lead;
}

/** Own scores of every candidate of the pool, the one that proposed it first. */
export function scoresOf({ scores, proposedBy }: CandidatePool, candidate: number): readonly SourceScore[] {
  const all = scores.map((column, source) => ({ source, score: column[candidate] ?? Number.NaN }));
  const own = all[proposedBy[candidate]];
  return [own, ...all.filter(other => other !== own && !Number.isNaN(other.score))];
}

/** A pool to which sources add. */
export function createPoolBuilder(): PoolBuilder {
  const sources: PoolSource[] = [];
  const productIds: ProductId[] = [];
  const proposedBy: number[] = [];
  const columns: (readonly number[])[] = [];
  const together: (TogetherEvidence | null)[] = [];
  return {
    productIds,
    add({ model, kind }, proposals) {
      const { takenScores, scores, hasScores, withheld } = proposals;
      const taken = productIds.length;
      const before = takenScores.length === taken ? takenScores : new Array<number>(taken).fill(Number.NaN);
      columns.push(Object.freeze(before.concat(scores)));
      for (let at = 0; at < scores.length; at++) {
        if (proposals.together) together[productIds.length] = proposals.together[at];
        productIds.push(proposals.productIds[at]);
        proposedBy.push(sources.length);
      }
      sources.push(
        Object.freeze({ model, kind, hasScores, proposed: scores.length, withheld: Object.freeze(withheld) }),
      );
    },
    lead: () => leadOf(sources),
    build: () =>
      Object.freeze({
        sources: Object.freeze(sources),
        productIds: Object.freeze(productIds),
        proposedBy: Object.freeze(proposedBy),
        scores: Object.freeze(columns),
        together: Object.freeze(together),
      }),
  };
}
