import type { LiveModel } from '../live/liveModel';
import { type Answer, type CandidatePool, leadOf, poolOf } from './candidatePool';
import type { ExclusionReason, Exclusions } from './exclusions';
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
  readonly policy: Pick<PoolPolicy, 'quota'>;
  /** Null for a list without such places. */
  readonly reserve: Reserve | null;
}

function ask(source: Source, count: number, barred: Map<string, ExclusionReason>): Answer {
  const proposals = source.propose(count, barred);
  for (const { productId } of proposals.items) barred.set(productId, 'TAKEN_BY_SOURCE');
  return { model: source.model, kind: source.kind, proposed: proposals.items.length, proposals };
}

/** First stage: asks sources until the policy wants no more, then the reserve. Each proposes at most its quota. */
export function retrieve({ sources, first, exclusions, policy, reserve }: Retrieval): CandidatePool {
  const barred = new Map(exclusions);
  const answers: Answer[] = [];
  let proposed = 0;
  for (const source of sources) {
    const count = policy.quota(first, proposed);
    if (count === 0) break;
    const answer = ask(source, count, barred);
    answers.push(answer);
    proposed += answer.proposed;
  }
  const places = reserve === null || reserve.every < 1 ? 0 : Math.floor(proposed / reserve.every);
  if (reserve === null || places === 0) return poolOf(answers);
  const source = reserve.sourceFor(leadOf(answers)?.model ?? null);
  return poolOf(source === null ? answers : [...answers, ask(source, places, barred)]);
}
