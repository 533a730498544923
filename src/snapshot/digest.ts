import { interactionTypes } from '../domain/interaction';
import { defaultEventWeights, type EventWeights } from '../domain/shopPolicy';
import type { EventColumns, ProductDocument, TextColumns } from './snapshot';
import type { Vocabulary } from './vocabulary';

type Section = string | ArrayBufferView<ArrayBuffer>;

const hexOf = (bytes: Uint8Array): string =>
  Array.from(bytes, byte => byte.toString(16).padStart(2, '0')).join('');

/** Joins texts with their lengths in front, so that ['ab', 'c'] and ['a', 'bc'] differ. */
const framed = (texts: readonly string[]): string => texts.map(text => `${text.length}:${text}`).join('');

const idsText = (ids: Vocabulary): string =>
  framed(Array.from({ length: ids.size }, (_, row) => ids.idOf(row)));

const encoder = new TextEncoder();

async function sha256(section: Section): Promise<Uint8Array> {
  const bytes = typeof section === 'string' ? encoder.encode(section) : section;
  return new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
}

type Documents = readonly (ProductDocument | null)[];

/** Documents or texts hashed in one section, so that they are not all in memory twice. */
const textsAtOnce = 4096;

/** Every field in a fixed order, independent of the object's own order; NaN becomes null. */
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

/** One section per `textsAtOnce` entries. */
const sectionsOf = <Entry>(
  entries: readonly Entry[],
  textOf: (some: readonly Entry[]) => string,
): readonly (() => Section)[] =>
  Array.from({ length: Math.ceil(entries.length / textsAtOnce) }, (_, index) => () => {
    const start = index * textsAtOnce;
    return textOf(entries.slice(start, start + textsAtOnce));
  });

const documentSections = (documents: Documents): readonly (() => Section)[] =>
  sectionsOf(documents, some => some.map(documentText).join('\n'));

const textSections = ({ kind, userRow, occurredAt, texts }: TextColumns): readonly (() => Section)[] => [
  () => `texts ${texts.length}`,
  () => kind as Uint8Array<ArrayBuffer>,
  () => userRow as Uint32Array<ArrayBuffer>,
  () => occurredAt as Float64Array<ArrayBuffer>,
  ...sectionsOf(texts, framed),
];

/** Returns a section of the orders; none where every order is at one instant, and thus follows from the other columns. */
function orderSections({ order, occurredAt }: EventColumns): readonly (() => Section)[] {
  const isWide = order.some(
    (number, event) =>
      event > 0 && number === order[event - 1] && occurredAt[event] !== occurredAt[event - 1],
  );
  return isWide ? [() => order as Uint32Array<ArrayBuffer>] : [];
}

/** Returns a section of the weights that differ from the defaults, in the order of the types; none where all are equal. */
function weightSections(weights: EventWeights): readonly (() => Section)[] {
  const changed = interactionTypes.filter(type => weights[type] !== defaultEventWeights[type]);
  if (changed.length === 0) return [];
  return [() => `event weights ${changed.map(type => `${type}=${weights[type]}`).join(' ')}`];
}

/** The other parts of a snapshot. */
interface Described {
  readonly eventWeights: EventWeights;
  readonly documents?: Documents;
  readonly texts?: TextColumns;
}

/**
 * Returns the hex SHA-256 over the SHA-256 of each part, in a fixed order: one part at a time is in memory, not a copy of
 * all. Arrays are hashed as they are in memory (little-endian on all platforms of Node but s390x). Documents, texts, changed
 * event weights and orders that last longer than an instant come last, and only where there are any: a snapshot without them
 * keeps its older digest.
 */
export async function digestOf(
  asOf: number,
  ids: { readonly users: Vocabulary; readonly products: Vocabulary },
  events: EventColumns,
  userOffsets: Uint32Array,
  { eventWeights, documents, texts }: Described,
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
    ...(texts ? textSections(texts) : []),
    ...weightSections(eventWeights),
    ...orderSections(events),
  ];
  const digests = new Uint8Array(sections.length * 32);
  for (const [index, section] of sections.entries()) digests.set(await sha256(section()), index * 32);
  return hexOf(await sha256(digests));
}
