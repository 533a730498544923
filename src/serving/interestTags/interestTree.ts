import type { InterestTagRecord } from '../../domain/interest';

/** A shop's tags after the edits of merchandisers: merges, and which tags may be shown. */
export interface InterestTree {
  /** Every tag there is, merged and resting ones included. */
  readonly tags: readonly InterestTagRecord[];
  /** Merges, one hop each. */
  readonly mergedInto: ReadonlyMap<string, string>;
  /** The tag of this id, or the one it was merged into; undefined for an unknown id. */
  find(tagId: string): InterestTagRecord | undefined;
  /** The tag of this very id, merged or not. */
  exactly(tagId: string): InterestTagRecord | undefined;
  /** Ids of the tags whose weights count as this one's: itself, those merged into it, and those it is the wider one of. */
  membersOf(tagId: string): readonly string[];
  /** Tags it is the wider one of, merged ones left out. */
  childrenOf(tagId: string): readonly InterestTagRecord[];
  /** Tags that were merged into this very one. */
  mergedIn(tagId: string): readonly InterestTagRecord[];
  /** Whether the latest training found it, or one of those whose weights count as its own. */
  isActive(tagId: string): boolean;
  /** Whether every role may see it: not merged away, not hidden, and found by the latest training or pinned. */
  isListed(tag: InterestTagRecord): boolean;
  /** Products of which it, or one of its members, is the strongest tag. */
  productsOf(tagId: string): number;
}

function by(
  tags: readonly InterestTagRecord[],
  keyOf: (tag: InterestTagRecord) => string | null,
): (key: string) => readonly InterestTagRecord[] {
  const found = new Map<string, InterestTagRecord[]>();
  for (const tag of tags) {
    const key = keyOf(tag);
    if (key !== null) found.set(key, [...(found.get(key) ?? []), tag]);
  }
  return key => found.get(key) ?? [];
}

/** Follows merges to their end. Two merchandisers at once can make a circle: then it is where the circle closes. */
function resolve(tagId: string, mergedInto: ReadonlyMap<string, string>): string {
  const seen = new Set<string>();
  let at = tagId;
  for (let next = mergedInto.get(at); next !== undefined && !seen.has(at); next = mergedInto.get(at)) {
    seen.add(at);
    at = next;
  }
  return at;
}

/** @param tags - of one shop, in any order */
export function createInterestTree(tags: readonly InterestTagRecord[]): InterestTree {
  const byId = new Map(tags.map(tag => [tag.id, tag]));
  const mergedInto = new Map(
    tags.flatMap(({ id, mergedIntoId }) =>
      mergedIntoId !== null && byId.has(mergedIntoId) ? [[id, mergedIntoId] as const] : [],
    ),
  );
  const children = by(tags, ({ id, parentId }) => (mergedInto.has(id) ? null : parentId));
  const merged = by(tags, ({ id }) => mergedInto.get(id) ?? null);
  const known = new Map<string, readonly string[]>();

  function membersOf(tagId: string): readonly string[] {
    const found = known.get(tagId);
    if (found !== undefined) return found;
    const members = new Set<string>([tagId]);
    // The set grows during the iteration; every member is visited once, also in cycles.
    for (const id of members) for (const tag of [...merged(id), ...children(id)]) members.add(tag.id);
    known.set(tagId, [...members]);
    return [...members];
  }

  const isActive = (tagId: string): boolean => membersOf(tagId).some(id => byId.get(id)?.isActive === true);
  return {
    tags,
    mergedInto,
    find: tagId => byId.get(resolve(tagId, mergedInto)),
    exactly: tagId => byId.get(tagId),
    membersOf,
    childrenOf: children,
    mergedIn: merged,
    isActive,
    isListed: tag => !mergedInto.has(tag.id) && !tag.isHidden && (tag.isPinned || isActive(tag.id)),
    productsOf: tagId =>
      membersOf(tagId).reduce((sum, id) => {
        const tag = byId.get(id);
        return tag?.isActive && children(id).length === 0 ? sum + tag.products : sum;
      }, 0),
  };
}
