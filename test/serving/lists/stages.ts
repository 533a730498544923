import { toProductId } from '../../../src/domain/ids';
import type { RecommendationSource } from '../../../src/domain/recommendation';
import type {
  Answer,
  Candidate,
  CandidatePool,
  Proposal,
  RankedCandidate,
  Withheld,
} from '../../../src/serving/lists/candidatePool';
import { type FilledList, fillList, type ListPlan } from '../../../src/serving/lists/draft';
import type { Exclusions } from '../../../src/serving/lists/exclusions';
import type { Source } from '../../../src/serving/lists/sources';
import type { LiveModel } from '../../../src/serving/live/liveModel';

/** A model of which only the name matters. */
export const modelNamed = (name: string): LiveModel => ({ card: { name } }) as unknown as LiveModel;

/** Scores by product id. */
export type Scores = Readonly<Record<string, number>>;

/** A source that proposes the best of some scores, and notes what it was asked for. */
export function sourceOf(
  scores: Scores,
  model: LiveModel | null = modelNamed('stub'),
  kind: RecommendationSource = 'MODEL',
): Source & { readonly asked: number[] } {
  const asked: number[] = [];
  return {
    model,
    kind,
    asked,
    propose(count, barred) {
      asked.push(count);
      const all = Object.entries(scores).sort(([, a], [, b]) => b - a);
      const items = all
        .filter(([id]) => !barred.has(id))
        .slice(0, count)
        .map(([id, score]): Proposal => ({ productId: toProductId(id), score }));
      const least = items.length < count ? Number.NEGATIVE_INFINITY : items[count - 1].score;
      const withheld = all.flatMap(([productId, score]): Withheld[] => {
        const reason = barred.get(productId);
        const isKept = score >= least || reason === 'TAKEN_BY_SOURCE';
        return reason !== undefined && isKept ? [{ productId, score, reason }] : [];
      });
      return { items, hasScores: all.length > 0, withheld };
    },
  };
}

/** What a source answers when it is asked for so many products. */
export function answerOf(source: Source, count = 100, barred: Exclusions = new Map()): Answer {
  const proposals = source.propose(count, barred);
  return { model: source.model, kind: source.kind, proposed: proposals.items.length, proposals };
}

/** The order of a pool as it was proposed, each candidate with its own score. */
export const entriesOf = ({ candidates }: CandidatePool): readonly RankedCandidate[] =>
  candidates.map(candidate => ({ candidate, score: candidate.scores[0].score }));

/** Product ids of candidates in their places. */
export const idsOf = (entries: readonly { readonly candidate: Candidate }[]): string[] =>
  entries.map(({ candidate }) => candidate.productId);

/** A list as the stages fill it, of 3 products but for what is given. */
export const fill = (given: Partial<ListPlan> & Pick<ListPlan, 'sources'>): FilledList =>
  fillList({
    first: 3,
    exclusions: new Map(),
    reserve: null,
    newcomers: null,
    filterReasonOf: () => null,
    ...given,
  });
