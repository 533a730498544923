import type { CandidatePool, RankedCandidate } from './candidatePool';
import { type StageOutcome, unchanged } from './listRecord';

/** How the proposals of several sources become one order. */
export interface PoolPolicy {
  /** Most products that the next source may propose after `proposed` earlier proposals; 0 ends retrieval. */
  quota(first: number, proposed: number): number;
  /** Returns every candidate of the pool, best first. Proposals of newcomers come last. */
  order(pool: CandidatePool): readonly RankedCandidate[];
}

/** Second stage: puts the pool into one order. Learned rankers and several objectives will be policies. */
export const rank = (pool: CandidatePool, policy: Pick<PoolPolicy, 'order'>): StageOutcome =>
  unchanged('rank', policy.order(pool));
