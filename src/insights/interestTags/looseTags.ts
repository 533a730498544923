import { centresOf } from './centres';
import type { Items } from './items';
import { maxTagsPerItem } from './learned';

/** Mean cosine of a tag's products to their mean, below which they share less than they differ in. */
const minCohesion = 0.5;

/** The strongest tags of items; -1 for none. */
export interface ItemTags {
  /** [items × 3] */
  readonly tags: Int32Array;
  readonly weights: Float32Array;
}

/** Returns the strongest tag of each item, -1 for none. */
export const strongestOf = ({ tags }: ItemTags): Int32Array =>
  tags.filter((_, at) => at % maxTagsPerItem === 0);

/**
 * Returns the tags of items without those whose products do not belong together, such as a remainder of small categories. Items
 * whose strongest tag is such a one have none: any other tag would be a guess.
 */
export function withoutLooseTags(
  { tags, weights }: ItemTags,
  { rows, columns, sizes }: Items,
  k: number,
): ItemTags {
  const { cohesion } = centresOf(rows, columns, { labels: strongestOf({ tags, weights }), masses: sizes }, k);
  const kept = { tags: new Int32Array(tags.length).fill(-1), weights: new Float32Array(weights.length) };
  for (let start = 0; start < tags.length; start += maxTagsPerItem) {
    const first = tags[start];
    if (first < 0 || cohesion[first] < minCohesion) continue;
    const own = [start, start + 1, start + 2].filter(
      at => tags[at] >= 0 && cohesion[tags[at]] >= minCohesion,
    );
    const total = own.reduce((sum, at) => sum + weights[at], 0);
    for (const [place, at] of own.entries()) {
      kept.tags[start + place] = tags[at];
      kept.weights[start + place] = weights[at] / total;
    }
  }
  return kept;
}
