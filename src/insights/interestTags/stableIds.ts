/** A tag, given by its products' ids. */
export interface TagProducts {
  readonly products: ReadonlySet<string>;
}

/** A tag of a previous training. */
export interface PreviousTag extends TagProducts {
  readonly id: string;
}

/** Two tags are the same from this Jaccard overlap on. */
const minOverlap = 0.3;

/** Returns the number of shared ids over the number of all ids (Jaccard 1901). */
function jaccard(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  let shared = 0;
  for (const id of a) if (b.has(id)) shared++;
  const either = a.size + b.size - shared;
  return either === 0 ? 0 : shared / either;
}

/** Returns FNV-1a over UTF-16 units (Fowler, Noll & Vo) as eight hex digits. */
function hashOf(text: string): string {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return (hash >>> 0).toString(16).padStart(8, '0');
}

/** Returns an unused id that depends only on the products: equal products give equal ids. */
function newId(products: ReadonlySet<string>, taken: ReadonlySet<string>): string {
  const text = [...products].sort().join('\n');
  for (let number = 0; ; number++) {
    const id = `tag-${hashOf(`${number}\n${text}`)}`;
    if (!taken.has(id)) return id;
  }
}

/**
 * Returns ids for tags. A tag gets the id of the previous tag with which it overlaps most, best pairs first, if they
 * overlap by at least {@link minOverlap}; otherwise a new one. No two tags get the same id, and no new tag gets the id of a
 * previous one.
 *
 * @param taken - ids in use; the returned ids are added
 */
export function stableIds(
  tags: readonly TagProducts[],
  previous: readonly PreviousTag[],
  taken: Set<string>,
): readonly string[] {
  const pairs = tags.flatMap((tag, at) =>
    previous.map(({ id, products }) => ({ at, id, overlap: jaccard(tag.products, products) })),
  );
  pairs.sort((a, b) => b.overlap - a.overlap || a.at - b.at || (a.id < b.id ? -1 : 1));
  const ids: (string | undefined)[] = tags.map(() => undefined);
  const used = new Set<string>();
  for (const { at, id, overlap } of pairs) {
    if (overlap < minOverlap) break;
    if (ids[at] !== undefined || used.has(id)) continue;
    ids[at] = id;
    used.add(id);
  }
  for (const { id } of previous) taken.add(id);
  return ids.map((id, at) => {
    const given = id ?? newId(tags[at].products, taken);
    taken.add(given);
    return given;
  });
}
