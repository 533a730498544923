import { defaultEventWeights, type EventWeights } from '../domain/shopPolicy';
import { byCodeUnits } from '../numeric/byCodeUnits';
import { digestOf } from './digest';
import { documentRows } from './documents';
import { hashesOf, ordersOf, placesInOrder } from './orders';
import { noSession, type RawColumns } from './rawColumns';
import { sessionsOf } from './sessions';
import type { EventColumns, ProductDocument, Snapshot } from './snapshot';
import { type ShopperText, textColumnsOf } from './texts';
import { type Vocabulary, vocabularyOf } from './vocabulary';

/** Input of {@link assemble}. `columns` may be longer than `length`: only the first `length` events count. */
export interface RawEvents {
  readonly asOf: number;
  readonly length: number;
  readonly columns: RawColumns;
  readonly userIds: readonly string[];
  readonly productIds: readonly string[];
  readonly sessionIds: readonly string[];
  /** By product id. Absent where no product is described. */
  readonly documents?: ReadonlyMap<string, ProductDocument>;
  /** In any order. Absent where texts were not read. */
  readonly texts?: readonly ShopperText[];
  /** {@link defaultEventWeights} when absent: for data that belong to no shop. */
  readonly eventWeights?: EventWeights;
}

/** Sorts ids by their UTF-16 code units, independent of any locale. Returns them and the row of each old index. */
function sortedIds(ids: readonly string[]): {
  readonly vocabulary: Vocabulary;
  readonly rowOf: Uint32Array;
} {
  const order = Uint32Array.from(ids.keys()).sort((a, b) => byCodeUnits(ids[a], ids[b]));
  const rowOf = new Uint32Array(ids.length);
  for (let row = 0; row < order.length; row++) rowOf[order[row]] = row;
  return { vocabulary: vocabularyOf(Array.from(order, index => ids[index])), rowOf };
}

/** Sorts events by user row with a counting sort: stable, O(events). */
function groupByUser(
  raw: RawEvents,
  userRowOf: Uint32Array,
): { readonly order: Uint32Array; readonly offsets: Uint32Array<ArrayBuffer> } {
  const offsets = new Uint32Array(raw.userIds.length + 1);
  for (let event = 0; event < raw.length; event++) offsets[userRowOf[raw.columns.user[event]] + 1]++;
  for (let row = 0; row < raw.userIds.length; row++) offsets[row + 1] += offsets[row];
  const next = offsets.slice();
  const order = new Uint32Array(raw.length);
  for (let event = 0; event < raw.length; event++) {
    order[next[userRowOf[raw.columns.user[event]]]++] = event;
  }
  return { order, offsets };
}

/** Compares numbers; NaN comes before every number and equals itself. */
const byNumber = (a: number, b: number): number =>
  a === b ? 0 : Number.isNaN(a) ? Number(Number.isNaN(b)) - 1 : Number.isNaN(b) ? 1 : a - b;

/**
 * Returns a total order of the events of one user, independent of their input order: time, then the product's drawn place in
 * the order (orders.ts), type, value, session. Models cannot distinguish events that are equal in all of these.
 */
function eventOrder(raw: RawEvents): (a: number, b: number) => number {
  const { user, product, type, value, occurredAt, session } = raw.columns;
  const [users, products] = [hashesOf(raw.userIds), hashesOf(raw.productIds)];
  const sessionId = (event: number): string =>
    session[event] === noSession ? '' : raw.sessionIds[session[event]];
  const byProduct = (a: number, b: number): number => {
    if (product[a] === product[b]) return 0;
    const placeOf = placesInOrder(users[user[a]], occurredAt[a]);
    const [first, second] = [placeOf(products[product[a]]), placeOf(products[product[b]])];
    return first - second || byCodeUnits(raw.productIds[product[a]], raw.productIds[product[b]]);
  };
  return (a, b) =>
    occurredAt[a] - occurredAt[b] ||
    byProduct(a, b) ||
    type[a] - type[b] ||
    byNumber(value[a], value[b]) ||
    byCodeUnits(sessionId(a), sessionId(b));
}

/** Returns the sorted events as columns. */
function eventColumnsOf(
  { columns, length }: RawEvents,
  order: Uint32Array,
  offsets: Uint32Array,
  productRowOf: Uint32Array,
): EventColumns {
  const type = Uint8Array.from(order, event => columns.type[event]);
  const occurredAt = Float64Array.from(order, event => columns.occurredAt[event]);
  const named = Uint32Array.from(order, event => columns.session[event]);
  return {
    length,
    productRow: Uint32Array.from(order, event => productRowOf[columns.product[event]]),
    type,
    value: Float32Array.from(order, event => columns.value[event]),
    occurredAt,
    session: sessionsOf(offsets, occurredAt, named),
    order: ordersOf(offsets, { type, occurredAt, named }),
  };
}

/** Builds a snapshot: sorts the events and gives users, products and sessions their rows. */
export async function assemble(raw: RawEvents): Promise<Snapshot> {
  const users = sortedIds(raw.userIds);
  const products = sortedIds(raw.productIds);
  const { order, offsets } = groupByUser(raw, users.rowOf);
  const compare = eventOrder(raw);
  for (let row = 0; row < raw.userIds.length; row++) {
    order.subarray(offsets[row], offsets[row + 1]).sort(compare);
  }
  const events = eventColumnsOf(raw, order, offsets, products.rowOf);
  const ids = { users: users.vocabulary, products: products.vocabulary };
  const documents = raw.documents && documentRows(ids.products, raw.documents);
  const texts = raw.texts && textColumnsOf(raw.texts, ids.users, raw.asOf);
  const { eventWeights = defaultEventWeights } = raw;
  const described = { eventWeights, ...(documents && { documents }), ...(texts && { texts }) };
  const digest = await digestOf(raw.asOf, ids, events, offsets, described);
  return Object.freeze({
    asOf: raw.asOf,
    ...ids,
    events: Object.freeze(events),
    userOffsets: offsets,
    ...described,
    digest,
  });
}
