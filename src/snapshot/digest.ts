import type { EventColumns, ProductDocument } from './snapshot';
import type { Vocabulary } from './vocabulary';

type Section = string | ArrayBufferView<ArrayBuffer>;

const hexOf = (bytes: Uint8Array): string =>
  Array.from(bytes, byte => byte.toString(16).padStart(2, '0')).join('');

/** Ids with their lengths in front, so that ['ab', 'c'] and ['a', 'bc'] differ. */
function idsText(ids: Vocabulary): string {
  const parts: string[] = [];
  for (let row = 0; row < ids.size; row++) {
    const id = ids.idOf(row);
    parts.push(`${id.length}:${id}`);
  }
  return parts.join('');
}

const encoder = new TextEncoder();

async function sha256(section: Section): Promise<Uint8Array> {
  const bytes = typeof section === 'string' ? encoder.encode(section) : section;
  return new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
}

type Documents = readonly (ProductDocument | null)[];

/** Documents hashed at a time, so that their text is not in memory twice. */
const documentsAtOnce = 4096;

/** Every field in a fixed order, whatever order the object has them in; NaN reads as null. */
const documentText = (document: ProductDocument | null): string =>
  document === null
    ? 'null'
    : JSON.stringify([
        document.titles,
        document.descriptions,
        document.categoryPath,
        document.features,
        document.priceMinor,
      ]);

function documentSections(documents: Documents): readonly (() => Section)[] {
  return Array.from({ length: Math.ceil(documents.length / documentsAtOnce) }, (_, index) => () => {
    const start = index * documentsAtOnce;
    return documents
      .slice(start, start + documentsAtOnce)
      .map(documentText)
      .join('\n');
  });
}

/**
 * Hex SHA-256 over the SHA-256 of each part, in a fixed order: one part at a time is in memory, not a copy of all.
 * Arrays are hashed as they lie in memory (little-endian on every platform Node runs on but s390x).
 * Documents come last and only where there are any: a snapshot without them has the digest it always had.
 */
export async function digestOf(
  asOf: number,
  ids: { readonly users: Vocabulary; readonly products: Vocabulary },
  events: EventColumns,
  userOffsets: Uint32Array,
  documents?: Documents,
): Promise<string> {
  const sections: readonly (() => Section)[] = [
    () => `affinity snapshot 1 asOf=${asOf}`,
    () => idsText(ids.users),
    () => idsText(ids.products),
    () => events.productRow as Uint32Array<ArrayBuffer>,
    () => events.type as Uint8Array<ArrayBuffer>,
    () => events.value as Float32Array<ArrayBuffer>,
    () => events.occurredAt as Float64Array<ArrayBuffer>,
    () => events.session as Uint32Array<ArrayBuffer>,
    () => userOffsets as Uint32Array<ArrayBuffer>,
    ...(documents ? documentSections(documents) : []),
  ];
  const digests = new Uint8Array(sections.length * 32);
  for (const [index, section] of sections.entries()) digests.set(await sha256(section()), index * 32);
  return hexOf(await sha256(digests));
}
