import { type ProductId, toProductId } from '../../../src/domain/ids';
import type { RecommendationSource } from '../../../src/domain/recommendation';
import {
  type CandidatePool,
  createPoolBuilder,
  type RankedCandidate,
  type Withheld,
} from '../../../src/serving/lists/candidatePool';
import { type FilledList, fillList, type ListPlan } from '../../../src/serving/lists/draft';
import type { Source } from '../../../src/serving/lists/sources';
import type { LiveModel } from '../../../src/serving/live/liveModel';

/** A model of which only the name matters. */
export const modelNamed = (name: string): LiveModel => ({ card: { name } }) as unknown as LiveModel;

/** Scores by product id. */
export type Scores = Readonly<Record<string, number>>;

/** A source that proposes the best of some scores, and records how many were requested. */
export function sourceOf(
  own: Scores,
  model: LiveModel | null = modelNamed('stub'),
  kind: RecommendationSource = 'MODEL',
): Source & { readonly asked: number[] } {
  const asked: number[] = [];
  const all = Object.entries(own).sort(([, a], [, b]) => b - a);
  return {
    model,
    kind,
    asked,
    propose(count, { exclusions, taken }) {
      asked.push(count);
      const isTaken = (id: string): boolean => taken.includes(toProductId(id));
      const items = all.filter(([id]) => !exclusions.has(id) && !isTaken(id)).slice(0, count);
      const least = items.length < count ? Number.NEGATIVE_INFINITY : items[count - 1][1];
      const withheld = all.flatMap(([productId, score]): Withheld[] => {
        const reason = exclusions.get(productId);
        return reason !== undefined && score >= least ? [{ productId, score, reason }] : [];
      });
      return {
        productIds: items.map(([id]) => toProductId(id)),
        scores: items.map(([, score]) => score),
        takenScores: taken.map(id => own[id] ?? Number.NaN),
        hasScores: all.length > 0,
        withheld,
      };
    },
  };
}

/** The pool of what sources propose one after the other, each as much as it can. */
export function poolOf(...sources: readonly Source[]): CandidatePool {
  const pool = createPoolBuilder();
  const exclusions = new Map();
  for (const source of sources) pool.add(source, source.propose(100, { exclusions, taken: pool.productIds }));
  return pool.build();
}

/** The order of a pool as it was proposed, each candidate with its own score. */
export const entriesOf = ({ scores, proposedBy }: CandidatePool): readonly RankedCandidate[] =>
  proposedBy.map((source, candidate) => ({ candidate, score: scores[source][candidate] }));

/** Product ids of candidates in their places. */
export const idsOf = (
  { productIds }: CandidatePool,
  entries: readonly { readonly candidate: number }[],
): readonly ProductId[] => entries.map(({ candidate }) => productIds[candidate]);

/** A list of the stages, of 3 products unless changed. */
export const fill = (given: Partial<ListPlan> & Pick<ListPlan, 'sources'>): FilledList =>
  fillList({
    first: 3,
    exclusions: new Map(),
    reserve: null,
    discovery: null,
    newcomers: null,
    filterReasonOf: () => null,
    ...given,
  });
