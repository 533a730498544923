import { type InteractionType, interactionCodes } from '../../domain/interaction';
import { parseDecimal } from '../../intake/numbers';
import { createSnapshotBuilder } from '../../snapshot/builder';
import type { Snapshot } from '../../snapshot/snapshot';
import { checkId } from './checkId';
import { invalidFile } from './invalidFile';
import type { LineSource } from './lineSource';
import { recordsOf } from './recordsFile';
import { createTimeColumn } from './timeColumn';

const roles = ['user', 'item', 'type', 'time', 'session', 'category', 'price'] as const;
/** User, item, type and time. */
const neededRoles = 4;

/** Names of event types in the Taobao data set (Alibaba 2018). */
const taobaoNames: ReadonlyMap<string, InteractionType> = new Map([
  ['PV', 'VIEW'],
  ['FAV', 'WISHLIST'],
  ['CART', 'CART_ADD'],
  ['BUY', 'PURCHASE'],
]);
const typeCodes: ReadonlyMap<string, number> = new Map([
  ...Object.entries(interactionCodes),
  ...[...taobaoNames].map(([name, type]) => [name, interactionCodes[type]] as const),
]);
const search = interactionCodes.SEARCH;

function typeOf(text: string, place: string): number {
  const code = typeCodes.get(text.toUpperCase());
  if (code !== undefined) return code;
  throw invalidFile(place, `a type among ${[...typeCodes.keys()].join(', ')}`, text, 'Correct it.');
}

/** Columns of the events read so far. */
interface EventColumns {
  readonly userIds: string[];
  readonly productIds: (string | null)[];
  readonly types: number[];
  readonly sessionIds: (string | null)[];
  readonly occurredAt: number[];
}

function addEvent(
  columns: EventColumns,
  [user, item, type, , session]: readonly string[],
  occurredAt: number,
  place: string,
): void {
  const code = typeOf(type, place);
  if (item === '' && code !== search)
    throw invalidFile(place, 'an item with every type but SEARCH', 'none', 'Fill it in or drop the line.');
  columns.userIds.push(checkId(user, place));
  columns.productIds.push(item === '' ? null : checkId(item, place));
  columns.types.push(code);
  columns.sessionIds.push(session === '' ? null : session);
  columns.occurredAt.push(occurredAt);
}

/** Category and price of a product; '' where unknown. */
interface ProductFacts {
  readonly category: string;
  readonly price: string;
}

function snapshotOf(columns: EventColumns, products: ReadonlyMap<string, ProductFacts>): Promise<Snapshot> {
  const builder = createSnapshotBuilder({ asOf: Number.MAX_SAFE_INTEGER, endsAtLastEvent: true });
  for (const [id, { category, price }] of products) {
    const categoryPath = category === '' ? [] : [category];
    const priceMinor = price === '' ? Number.NaN : Number(price);
    builder.describe(id, { titles: [], descriptions: [], categoryPath, features: [], priceMinor });
  }
  const length = columns.userIds.length;
  builder.add({
    ...columns,
    length,
    types: Uint8Array.from(columns.types),
    values: new Float64Array(length).fill(Number.NaN),
    // Only whether a search took place matters here, not its words.
    queryTexts: columns.types.map(type => (type === search ? '' : null)),
    occurredAt: Float64Array.from(columns.occurredAt),
  });
  return builder.build();
}

function checkPrice(price: string, place: string): void {
  if (price === '' || parseDecimal(price) >= 0) return;
  throw invalidFile(
    place,
    'a price that is a number of minor units',
    price,
    'Correct it, or leave it empty.',
  );
}

/**
 * Reads `user,item,type,time[,session,category,price]`, one event per line, in any order. Records without a user are
 * skipped; a price is in minor units.
 *
 * @param named - role → header or column number, as `--columns` gives it
 * @param timeFormat - as --time-format gives it
 * @param maxUsers - only events of this many users are read, the first ones of the file
 * @throws {GatewayError} EVALUATION_INVALID with file and line
 */
export async function readEventsFile(
  source: LineSource,
  named: ReadonlyMap<string, string>,
  maxUsers = Number.POSITIVE_INFINITY,
  timeFormat?: string,
): Promise<Snapshot> {
  const columns: EventColumns = { userIds: [], productIds: [], types: [], sessionIds: [], occurredAt: [] };
  const products = new Map<string, ProductFacts>();
  const users = new Set<string>();
  const timeOf = createTimeColumn({ format: timeFormat, isOrderEnough: false });
  for await (const { place, values } of recordsOf(source, { roles, requiredRoles: neededRoles, named })) {
    const [user, item, , time, , category, price] = values;
    if (user === '' || (users.size >= maxUsers && !users.has(user))) continue;
    users.add(user);
    addEvent(columns, values, timeOf(time, place), place);
    checkPrice(price, place);
    if (item !== '' && (category !== '' || price !== '')) products.set(item, { category, price });
  }
  if (users.size === 0)
    throw invalidFile(
      source.name,
      'lines with a user, an item, a type and a time',
      'none',
      'Use a non-empty file.',
    );
  return snapshotOf(columns, products);
}
