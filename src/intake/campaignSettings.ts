import { type Audience, type AudienceFilter, filterProblems, type ProductUse } from '../domain/audience';
import {
  type CampaignSettings,
  campaignChannels,
  campaignObjectives,
  type OfferTerms,
  offerKinds,
} from '../domain/campaign';
import { toProductId } from '../domain/ids';
import { weekdays } from '../domain/localTime';
import { isJsonObject } from './jsonObject';
import { isStorable } from './storable';

/** Ends the reading of a value that is none of an export. */
class Unreadable extends Error {}

/** Converts a value of a file. @throws {Unreadable} */
type Read<Value> = (value: unknown) => Value;
type Readers<Row> = { readonly [Name in keyof Row]: Read<Row[Name]> };

function unreadable(): never {
  throw new Unreadable();
}

const text =
  (low: number, high: number): Read<string> =>
  value =>
    typeof value === 'string' && value.length >= low && value.length <= high && isStorable(value)
      ? value
      : unreadable();

const number =
  (low: number, high: number): Read<number> =>
  value =>
    typeof value === 'number' && value >= low && value <= high ? value : unreadable();

const whole =
  (low: number, high: number): Read<number> =>
  value =>
    Number.isInteger(value) ? number(low, high)(value) : unreadable();

const oneOf =
  <Word extends string>(words: readonly Word[]): Read<Word> =>
  value =>
    words.find(word => word === value) ?? unreadable();

const orNull =
  <Value>(read: Read<Value>): Read<Value | null> =>
  value =>
    value === null ? null : read(value);

const list =
  <Value>(read: Read<Value>, low: number, high: number): Read<readonly Value[]> =>
  value =>
    Array.isArray(value) && value.length >= low && value.length <= high ? value.map(read) : unreadable();

/** Reads an object with exactly these fields. */
const object =
  <Row extends object>(readers: Readers<Row>): Read<Row> =>
  value => {
    const names = Object.keys(readers) as (keyof Row & string)[];
    if (!isJsonObject(value) || Object.keys(value).length !== names.length) return unreadable();
    return Object.fromEntries(names.map(name => [name, readers[name](value[name])])) as Row;
  };

const maxMoney = 2_147_483_647;
const days = whole(1, 3650);
const id = text(1, 256);
const word = text(0, 1_000);
const categories = list(list(word, 1, 100), 0, 200);

const productUse = object<ProductUse>({
  productIds: list(value => toProductId(id(value)), 0, 200),
  categories,
  days,
});

const attributeValue: Read<string | number | boolean> = value =>
  typeof value === 'boolean' || (typeof value === 'number' && Number.isFinite(value)) ? value : word(value);

/** Reads each condition by its key. */
const conditions: ReadonlyMap<string, (value: unknown, depth: number) => AudienceFilter> = new Map<
  string,
  (value: unknown, depth: number) => AudienceFilter
>([
  ['all', (value, depth) => ({ all: list(part => filterOf(part, depth + 1), 1, 50)(value) })],
  ['any', (value, depth) => ({ any: list(part => filterOf(part, depth + 1), 1, 50)(value) })],
  ['not', (value, depth) => ({ not: filterOf(value, depth + 1) })],
  ['interestTag', value => ({ interestTag: object({ tagId: id, minWeight: number(0, 1) })(value) })],
  ['bought', value => ({ bought: productUse(value) })],
  ['viewed', value => ({ viewed: productUse(value) })],
  ['orders', value => ({ orders: object({ atLeast: whole(1, 10_000), days: orNull(days) })(value) })],
  [
    'lastOrder',
    value => ({ lastOrder: object({ olderThanDays: orNull(days), newerThanDays: orNull(days) })(value) }),
  ],
  ['attribute', value => ({ attribute: object({ name: word, equals: attributeValue })(value) })],
  ['predictedResponse', value => ({ predictedResponse: object({ atLeast: number(0, 1) })(value) })],
]);

/** Bounds the reading; the bound of a filter is in domain/audience.ts. */
const maxDepth = 20;

function filterOf(value: unknown, depth: number): AudienceFilter {
  const [entry, ...others] = isJsonObject(value) ? Object.entries(value) : [];
  if (entry === undefined || others.length > 0 || depth > maxDepth) return unreadable();
  const [key, condition] = entry;
  return (conditions.get(key) ?? unreadable)(condition, depth);
}

const audience: Read<Audience> = value => {
  if (!isJsonObject(value)) return unreadable();
  const names = Object.keys(value).sort().join();
  if (value['by'] === 'MODEL' && names === 'by') return { by: 'MODEL' };
  if (value['by'] !== 'FILTER' || names !== 'by,filter') return unreadable();
  const filter = filterOf(value['filter'], 1);
  return filterProblems(filter, []).length === 0 ? { by: 'FILTER', filter } : unreadable();
};

const minute = whole(0, 1439);

const settings = object<CampaignSettings>({
  objective: oneOf(campaignObjectives),
  channels: list(object({ channel: oneOf(campaignChannels), costMinor: whole(0, maxMoney) }), 1, 5),
  frequencyCap: orNull(object({ contacts: whole(1, 100), days: whole(1, 365) })),
  quietHours: orNull(object({ startMinute: minute, endMinute: minute })),
  sendingWindows: list(
    object({ weekdays: list(oneOf(weekdays), 1, 7), startMinute: minute, endMinute: whole(1, 1440) }),
    0,
    20,
  ),
  attributionWindowDays: orNull(whole(1, 365)),
  audience,
});

const terms = object<OfferTerms>({
  kind: oneOf(offerKinds),
  categories,
  points: orNull(whole(1, maxMoney)),
});

function readOrNull<Value>(read: Read<Value>, value: unknown): Value | null {
  try {
    return read(value);
  } catch (error) {
    if (error instanceof Unreadable) return null;
    throw error;
  }
}

/** Reads the settings of a campaign of an export. Null where they are none. */
export const readCampaignSettings = (value: unknown): CampaignSettings | null => readOrNull(settings, value);

/** Reads the terms of an offer of an export. Null where they are none. */
export const readOfferTerms = (value: unknown): OfferTerms | null => readOrNull(terms, value);
