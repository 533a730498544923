import type { InterestTagRecord } from './interest';

/** Returns whether a merge of a tag would lead back to it over the merges that there are. */
function makesCircle(tagId: string, intoId: string, mergedInto: ReadonlyMap<string, string>): boolean {
  const seen = new Set<string>();
  for (let at: string | undefined = intoId; at !== undefined && !seen.has(at); at = mergedInto.get(at)) {
    if (at === tagId) return true;
    seen.add(at);
  }
  return false;
}

/**
 * Returns the tags of an export as they can be stored in a shop: a merge that would make a circle with the merges of the shop,
 * or with those of the export, is left out. All tags of a circle would otherwise vanish from every list.
 *
 * @param known - tags of the shop; merges of a tag that is given as well are replaced
 * @param given - tags of the export; of several with one id, the last
 */
export function restoredTags(
  known: readonly InterestTagRecord[],
  given: readonly InterestTagRecord[],
): readonly InterestTagRecord[] {
  const byId = new Map(given.map(tag => [tag.id, tag]));
  const mergedInto = new Map<string, string>();
  for (const { id, mergedIntoId } of known)
    if (mergedIntoId !== null && !byId.has(id)) mergedInto.set(id, mergedIntoId);
  return [...byId.values()].map(tag => {
    const { id, mergedIntoId } = tag;
    if (mergedIntoId === null) return tag;
    if (makesCircle(id, mergedIntoId, mergedInto)) return { ...tag, mergedIntoId: null };
    mergedInto.set(id, mergedIntoId);
    return tag;
  });
}
