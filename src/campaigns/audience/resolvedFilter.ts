import type { AudienceFilter, InputProblem } from '../../domain/audience';
import { inputProblem } from '../../domain/audience';
import type { UserId } from '../../domain/ids';
import type { InterestTree } from '../../serving/interestTags/interestTree';
import type { StoredFilter } from '../../store/ports/audience';

/** What conditions refer to besides the stores. */
export interface FilterSources {
  readonly tags: Pick<InterestTree, 'find' | 'membersOf'>;
  /** Shoppers whose predicted probability of a response is at least this; null where no model is published. */
  readonly responders: ((atLeast: number) => readonly UserId[]) | null;
}

/** A filter that the stores can try, or why there is none. */
export type ResolvedFilter =
  | { readonly filter: StoredFilter; readonly problem: null }
  | { readonly filter: null; readonly problem: InputProblem };

const noModel = (path: readonly string[]): InputProblem =>
  inputProblem(path, 'a published model of responses', 'none', 'Train one, or leave the condition out.');

class Unresolved extends Error {
  constructor(readonly problem: InputProblem) {
    super(problem.message);
  }
}

function resolve(filter: AudienceFilter, sources: FilterSources, path: readonly string[]): StoredFilter {
  const list = (parts: readonly AudienceFilter[], key: string): readonly StoredFilter[] =>
    parts.map((part, place) => resolve(part, sources, [...path, key, String(place)]));
  if ('all' in filter) return { all: list(filter.all, 'all') };
  if ('any' in filter) return { any: list(filter.any, 'any') };
  if ('not' in filter) return { not: resolve(filter.not, sources, [...path, 'not']) };
  if ('interestTag' in filter) {
    const { tagId, minWeight } = filter.interestTag;
    const tag = sources.tags.find(tagId);
    if (tag !== undefined) return { interestTags: { tagIds: sources.tags.membersOf(tag.id), minWeight } };
    const remedy = '`interestTags` lists the tags.';
    throw new Unresolved(
      inputProblem([...path, 'interestTag', 'tagId'], 'the id of an interest tag', 'another id', remedy),
    );
  }
  if ('predictedResponse' in filter) {
    if (sources.responders === null) throw new Unresolved(noModel([...path, 'predictedResponse']));
    return { users: sources.responders(filter.predictedResponse.atLeast) };
  }
  return filter;
}

/**
 * Replaces what only models and the tree of tags know in a filter: a tag by itself and those below it or merged into it, and
 * a predicted response by the shoppers who have it.
 */
export function resolvedFilter(filter: AudienceFilter, sources: FilterSources): ResolvedFilter {
  try {
    return { filter: resolve(filter, sources, ['audience', 'filter']), problem: null };
  } catch (error) {
    if (error instanceof Unresolved) return { filter: null, problem: error.problem };
    throw error;
  }
}
