import type { LiveModel } from '../live/liveModel';
import { type CandidatePool, createPoolBuilder } from './candidatePool';
import type { Exclusions } from './exclusions';
import type { PoolPolicy } from './rank';
import type { Source } from './sources';

/** Places of a list that products of another kind may take after it is filled: see diversify.ts. */
export interface Reserve {
  /** One place in this many, at least 1; 0 for none. */
  readonly every: number;
  /** The source for a list that a model leads; null when it has none to offer. */
  sourceFor(lead: LiveModel | null): Source | null;
}

/** What a list is retrieved from. */
export interface Retrieval {
  /** In the order in which they are asked. */
  readonly sources: readonly Source[];
  /** Products wanted. */
  readonly first: number;
  readonly exclusions: Exclusions;
  /** Null for a list without such places. */
  readonly reserve: Reserve | null;
}

/** First stage: asks sources until the policy's quota is 0, then the reserve. Each proposes at most its quota. */
export function retrieve(
  { sources, first, exclusions, reserve }: Retrieval,
  policy: Pick<PoolPolicy, 'quota'>,
): CandidatePool {
  const pool = createPoolBuilder();
  const { productIds } = pool;
  const barred = { exclusions, taken: productIds };
  for (const source of sources) {
    const count = policy.quota(first, productIds.length);
    if (count === 0) break;
    pool.add(source, source.propose(count, barred));
  }
  const places = reserve === null || reserve.every < 1 ? 0 : Math.floor(productIds.length / reserve.every);
  const newcomers = places === 0 ? null : (reserve?.sourceFor(pool.lead()?.model ?? null) ?? null);
  if (newcomers !== null) pool.add(newcomers, newcomers.propose(places, barred));
  return pool.build();
}
