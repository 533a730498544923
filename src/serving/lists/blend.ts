import type { RecommendationSource, RecommendedItem } from '../../domain/recommendation';
import type { Ranked, Ranking } from './rank';

/** One strategy in the fallback list. */
export interface Step<Name> {
  readonly name: Name;
  readonly source: RecommendationSource;
  /** Ranks up to `count` products that are not in `taken`. */
  rank(count: number, taken: ReadonlySet<string>): Ranking;
}

/** A filled list, and which strategy gave how much. */
export interface Blend<Name> {
  readonly items: readonly RecommendedItem[];
  /** Steps that could say something, whether or not it passed the filters. */
  readonly answered: ReadonlySet<Name>;
  /** The step that gave most items (the earlier of equals); null for an empty list. */
  readonly servedBy: Name | null;
}

/**
 * Appends a strategy's products. Scores of different strategies do not compare, so a later one's are moved (not
 * stretched) until its best equals the last before it: a list's scores never rise, and differences keep their meaning.
 */
function append(items: RecommendedItem[], ranked: readonly Ranked[], source: RecommendationSource): void {
  const last = items.at(-1);
  const move = last === undefined || ranked.length === 0 ? 0 : last.score - ranked[0].score;
  for (const { productId, score, together } of ranked) {
    const rank = items.length + 1;
    items.push({ productId, rank, score: score + move, source, ...(together && { together }) });
  }
}

/**
 * Asks the steps in order until the list is full; each tops up what the ones before left open.
 *
 * @param excluded - ids that may not be listed; not changed
 */
export function blend<Name>(
  steps: readonly Step<Name>[],
  first: number,
  excluded: ReadonlySet<string>,
): Blend<Name> {
  const items: RecommendedItem[] = [];
  const taken = new Set(excluded);
  const answered = new Set<Name>();
  let servedBy: Name | null = null;
  let most = 0;
  for (const step of steps) {
    if (items.length === first) break;
    const ranking = step.rank(first - items.length, taken);
    if (ranking.answered) answered.add(step.name);
    append(items, ranking.items, step.source);
    for (const { productId } of ranking.items) taken.add(productId);
    if (ranking.items.length > most) {
      most = ranking.items.length;
      servedBy = step.name;
    }
  }
  return { items, answered, servedBy };
}
