import { type InteractionType, interactionCodes } from '../../../../domain/interaction';
import { createSnapshotBuilder } from '../../../../snapshot/builder';
import type { Snapshot } from '../../../../snapshot/snapshot';
import { invalidFile } from '../lines';
import { recordsOf } from '../recordsFile';

const roles = ['user', 'item', 'type', 'time', 'session', 'category', 'price'] as const;
/** User, item, type and time. */
const neededRoles = 4;

/** Words other shops have for types: Taobao's (Alibaba 2018). */
const otherWords: ReadonlyMap<string, InteractionType> = new Map([
  ['PV', 'VIEW'],
  ['FAV', 'WISHLIST'],
  ['CART', 'CART_ADD'],
  ['BUY', 'PURCHASE'],
]);
const typeCodes: ReadonlyMap<string, number> = new Map([
  ...Object.entries(interactionCodes),
  ...[...otherWords].map(([word, type]) => [word, interactionCodes[type]] as const),
]);
const search = interactionCodes.SEARCH;

/** Numbers below are seconds, others milliseconds: 10¹¹ seconds are in the year 5138. */
const leastMilliseconds = 1e11;

function timeOf(text: string, place: string): number {
  const value = Number(text);
  if (text !== '' && Number.isFinite(value))
    return Math.abs(value) < leastMilliseconds ? value * 1000 : value;
  const at = Date.parse(text.replace(' ', 'T'));
  if (Number.isFinite(at)) return at;
  throw invalidFile(place, 'a time: ISO 8601, or seconds or milliseconds since 1970', text, 'Correct it.');
}

function typeOf(text: string, place: string): number {
  const code = typeCodes.get(text.toUpperCase());
  if (code !== undefined) return code;
  throw invalidFile(place, `a type among ${[...typeCodes.keys()].join(', ')}`, text, 'Correct it.');
}

/** Takes what a file says, line by line. */
interface EventSink {
  readonly userIds: string[];
  readonly productIds: (string | null)[];
  readonly types: number[];
  readonly sessionIds: (string | null)[];
  readonly occurredAt: number[];
}

function take(sink: EventSink, [user, item, type, time, session]: readonly string[], place: string): void {
  const code = typeOf(type, place);
  if (item === '' && code !== search)
    throw invalidFile(place, 'an item with every type but SEARCH', 'none', 'Fill it in or drop the line.');
  sink.userIds.push(user);
  sink.productIds.push(item === '' ? null : item);
  sink.types.push(code);
  sink.sessionIds.push(session === '' ? null : session);
  sink.occurredAt.push(timeOf(time, place));
}

/**
 * Reads `user,item,type,time[,session,category,price]`, one event a line, in any order. Records without a user (nobody's) are
 * passed over; a price is in minor units.
 *
 * @param named - role → header or number, as `--columns` says
 * @param mostUsers - events of so many users only, the first of the file
 * @throws {GatewayError} EVALUATION_INVALID with file and line
 */
export async function readEventsFile(
  path: string,
  named: ReadonlyMap<string, string>,
  mostUsers = Number.POSITIVE_INFINITY,
): Promise<Snapshot> {
  const sink: EventSink = { userIds: [], productIds: [], types: [], sessionIds: [], occurredAt: [] };
  const known = new Map<string, { readonly category: string; readonly price: string }>();
  const users = new Set<string>();
  for await (const { place, values } of recordsOf(path, { roles, needed: neededRoles, named })) {
    const [user, item, , , , category, price] = values;
    if (user === '' || (users.size >= mostUsers && !users.has(user))) continue;
    users.add(user);
    take(sink, values, place);
    if (item !== '' && (category !== '' || price !== '')) known.set(item, { category, price });
  }
  if (users.size === 0)
    throw invalidFile(
      path,
      'lines with a user, an item, a type and a time',
      'none',
      'Give a file that has some.',
    );
  const builder = createSnapshotBuilder({ asOf: Number.MAX_SAFE_INTEGER, endsAtLastEvent: true });
  for (const [id, { category, price }] of known) {
    const categoryPath = category === '' ? [] : [category];
    const priceMinor = price === '' ? Number.NaN : Number(price);
    builder.describe(id, { titles: [], descriptions: [], categoryPath, features: [], priceMinor });
  }
  const length = sink.userIds.length;
  builder.add({
    ...sink,
    length,
    types: Uint8Array.from(sink.types),
    values: new Float64Array(length).fill(Number.NaN),
    // What was searched for does not matter here, only that it was.
    queryTexts: sink.types.map(type => (type === search ? '' : null)),
    occurredAt: Float64Array.from(sink.occurredAt),
  });
  return builder.build();
}
