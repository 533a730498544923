import type { LiveModel } from '../live/liveModel';
import { type CandidatePool, createPoolBuilder, type PoolBuilder } from './candidatePool';
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

/** Products that the shopper never bought, for the places that the list keeps for them: see discover.ts. */
export interface Discovery {
  /** One place in this many, at least 1. */
  readonly every: number;
  /** Products that the shopper bought, by id. */
  readonly bought: ReadonlyMap<string, unknown>;
}

/** What a list is retrieved from. */
export interface Retrieval {
  /** In the order in which they are asked. */
  readonly sources: readonly Source[];
  /** Products wanted. */
  readonly first: number;
  readonly exclusions: Exclusions;
  /** Null for a list without places for newcomers. */
  readonly reserve: Reserve | null;
  /** Null for a list that may hold repeats only. */
  readonly discovery: Discovery | null;
}

/** Asks the source that leads for products that the shopper never bought, as many as the proposals lack. */
function addDiscoveries(
  pool: PoolBuilder,
  { sources, exclusions }: Retrieval,
  { every, bought }: Discovery,
): void {
  const { productIds } = pool;
  const known = productIds.filter(id => !bought.has(id)).length;
  const missing = Math.floor(productIds.length / every) - known;
  const model = pool.lead()?.model ?? null;
  const lead = missing > 0 && model !== null ? sources.find(source => source.model === model) : undefined;
  if (lead === undefined) return;
  const others = new Map(exclusions);
  for (const id of bought.keys()) if (!others.has(id)) others.set(id, 'BOUGHT_BEFORE');
  pool.add(lead, lead.propose(missing, { exclusions: others, taken: productIds }));
}

/**
 * First stage: asks sources until the policy's quota is 0, each for at most its quota; then for discoveries, where what they proposed
 * are repeats, and last the reserve.
 */
export function retrieve(retrieval: Retrieval, policy: Pick<PoolPolicy, 'quota'>): CandidatePool {
  const { sources, first, exclusions, reserve, discovery } = retrieval;
  const pool = createPoolBuilder();
  const { productIds } = pool;
  const barred = { exclusions, taken: productIds };
  for (const source of sources) {
    const count = policy.quota(first, productIds.length);
    if (count === 0) break;
    pool.add(source, source.propose(count, barred));
  }
  const places = reserve === null || reserve.every < 1 ? 0 : Math.floor(productIds.length / reserve.every);
  if (discovery !== null) addDiscoveries(pool, retrieval, discovery);
  const newcomers = places === 0 ? null : (reserve?.sourceFor(pool.lead()?.model ?? null) ?? null);
  if (newcomers !== null) pool.add(newcomers, newcomers.propose(places, barred));
  return pool.build();
}
