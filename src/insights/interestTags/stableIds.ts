/** A tag by its products' rows or ids. */
export interface TagProducts {
  readonly products: ReadonlySet<string>;
}

/** A tag of a training before. */
export interface KnownTag extends TagProducts {
  readonly id: string;
}

/** Overlap (shared over either, Jaccard 1901) from which two tags are one. */
const leastOverlap = 0.3;

function jaccard(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  let shared = 0;
  for (const id of a) if (b.has(id)) shared++;
  const either = a.size + b.size - shared;
  return either === 0 ? 0 : shared / either;
}

/** FNV-1a over UTF-16 units (Fowler, Noll & Vo), as eight hex digits. */
function hashOf(text: string): string {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return (hash >>> 0).toString(16).padStart(8, '0');
}

/** An id nobody has, from the products alone: the same products, the same id. */
function newId(products: ReadonlySet<string>, taken: ReadonlySet<string>): string {
  const text = [...products].sort().join('\n');
  for (let number = 0; ; number++) {
    const id = `tag-${hashOf(`${number}\n${text}`)}`;
    if (!taken.has(id)) return id;
  }
}

/**
 * Ids for tags: of the tag of a training before with which a tag shares most products, best pairs first, where they
 * share at least {@link leastOverlap}; else a new one. No two tags get the same id, and no new one an old tag's.
 */
export function stableIds(
  tags: readonly TagProducts[],
  known: readonly KnownTag[],
  taken: Set<string>,
): readonly string[] {
  const pairs = tags.flatMap((tag, at) =>
    known.map(({ id, products }) => ({ at, id, overlap: jaccard(tag.products, products) })),
  );
  pairs.sort((a, b) => b.overlap - a.overlap || a.at - b.at || (a.id < b.id ? -1 : 1));
  const ids: (string | undefined)[] = tags.map(() => undefined);
  const used = new Set<string>();
  for (const { at, id, overlap } of pairs) {
    if (overlap < leastOverlap) break;
    if (ids[at] !== undefined || used.has(id)) continue;
    ids[at] = id;
    used.add(id);
  }
  for (const { id } of known) taken.add(id);
  return ids.map((id, at) => {
    const given = id ?? newId(tags[at].products, taken);
    taken.add(given);
    return given;
  });
}
