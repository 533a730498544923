import { byCodeUnits } from '../numeric/byCodeUnits';
import type { RawColumns } from './rawColumns';
import { rawColumnsOf } from './rawColumns';
import type { ShopperText } from './texts';

/** Maximum numbers of events and texts of one shopper that count in a training: the latest ones. Each is at least 1. */
export interface ShopperBounds {
  readonly events: number;
  readonly eventsPerProduct: number;
  /** Days are of UTC. */
  readonly eventsPerProductAndDay: number;
  readonly texts: number;
}

/**
 * Bounds for the trainings of shops. They change no training on the public data sets or the demo shop: no shopper there has
 * more than 7,983 events, 85 with one product, or 22 with one product on one day.
 */
export const defaultShopperBounds: ShopperBounds = {
  events: 10_000,
  eventsPerProduct: 100,
  eventsPerProductAndDay: 25,
  texts: 1_000,
};

const msPerDay = 86_400_000;

/** Events with their ids, before they have rows. */
export interface UnboundedEvents {
  readonly columns: RawColumns;
  readonly length: number;
  readonly userCount: number;
  readonly productIds: readonly string[];
}

/** Returns the events of each user, for the users whose number of events a bound may reduce. */
function eventsOfBusyUsers(
  { columns, length, userCount }: UnboundedEvents,
  atMost: number,
): Map<number, number[]> {
  const counts = new Uint32Array(userCount);
  for (let event = 0; event < length; event++) counts[columns.user[event]]++;
  const busy = new Map<number, number[]>();
  for (let event = 0; event < length; event++) {
    const user = columns.user[event];
    if (counts[user] <= atMost) continue;
    const events = busy.get(user);
    if (events === undefined) busy.set(user, [event]);
    else events.push(event);
  }
  return busy;
}

/** Latest first. A total order of events that differ in a field, so that the input order does not matter. */
const latestFirst =
  ({ columns: { occurredAt, product, type, value }, productIds }: UnboundedEvents) =>
  (a: number, b: number): number =>
    occurredAt[b] - occurredAt[a] ||
    byCodeUnits(productIds[product[a]], productIds[product[b]]) ||
    type[a] - type[b] ||
    Number(value[a] > value[b]) - Number(value[a] < value[b]);

/** Counts the kept events of one user for one product. */
interface ProductCount {
  all: number;
  /** Day of the last kept event, and the kept events of that day. Events come in order of time. */
  day: number;
  ofDay: number;
}

/** Returns whether the bounds allow one more event of a product on a day, and counts it if they do. */
function countIfWithin(count: ProductCount, day: number, bounds: ShopperBounds): boolean {
  if (count.day !== day) [count.day, count.ofDay] = [day, 0];
  if (count.all >= bounds.eventsPerProduct || count.ofDay >= bounds.eventsPerProductAndDay) return false;
  count.all++;
  count.ofDay++;
  return true;
}

/** Marks with 1 the events of one user that the bounds leave out. @param events - latest first */
function markDropped(
  events: readonly number[],
  { columns }: UnboundedEvents,
  bounds: ShopperBounds,
  dropped: Uint8Array,
): void {
  const counts = new Map<number, ProductCount>();
  let kept = 0;
  for (const event of events) {
    const product = columns.product[event];
    const day = Math.floor(columns.occurredAt[event] / msPerDay);
    const count = counts.get(product) ?? { all: 0, day, ofDay: 0 };
    counts.set(product, count);
    if (kept < bounds.events && countIfWithin(count, day, bounds)) kept++;
    else dropped[event] = 1;
  }
}

/** Copies the events that are not marked. */
function withoutDropped(
  { columns, length }: UnboundedEvents,
  dropped: Uint8Array,
): Pick<UnboundedEvents, 'columns' | 'length'> {
  const rest = rawColumnsOf(length);
  let end = 0;
  for (let event = 0; event < length; event++) {
    if (dropped[event] === 1) continue;
    rest.user[end] = columns.user[event];
    rest.product[end] = columns.product[event];
    rest.type[end] = columns.type[event];
    rest.value[end] = columns.value[event];
    rest.occurredAt[end] = columns.occurredAt[event];
    rest.session[end++] = columns.session[event];
  }
  return { columns: rest, length: end };
}

/**
 * Leaves out the events of each shopper beyond the bounds, so that one shopper, or a bot with one account, decides neither
 * popularity nor transitions. The latest events are kept. Returns the same columns where no shopper exceeds a bound.
 * O(events), and n·log n for the shoppers whose number of events exceeds the smallest bound.
 */
export function withinBounds(
  events: UnboundedEvents,
  bounds: ShopperBounds,
): Pick<UnboundedEvents, 'columns' | 'length'> {
  const dropped = new Uint8Array(events.length);
  const { eventsPerProduct, eventsPerProductAndDay } = bounds;
  const busy = eventsOfBusyUsers(events, Math.min(bounds.events, eventsPerProduct, eventsPerProductAndDay));
  for (const ofUser of busy.values()) markDropped(ofUser.sort(latestFirst(events)), events, bounds, dropped);
  return dropped.includes(1) ? withoutDropped(events, dropped) : events;
}

/** Returns the latest texts of each shopper, as many as the bound allows, in their input order. */
export function textsWithinBounds(
  texts: readonly ShopperText[],
  { texts: atMost }: ShopperBounds,
): readonly ShopperText[] {
  const counts = new Map<string, number>();
  for (const { userId } of texts) counts.set(userId, (counts.get(userId) ?? 0) + 1);
  if (![...counts.values()].some(count => count > atMost)) return texts;
  const kept = new Map<string, number>();
  const dropped = new Set<ShopperText>();
  const latest = texts.toSorted((a, b) => b.occurredAt - a.occurredAt || byCodeUnits(a.text, b.text));
  for (const text of latest) {
    const count = kept.get(text.userId) ?? 0;
    if (count >= atMost) dropped.add(text);
    kept.set(text.userId, count + 1);
  }
  return texts.filter(text => !dropped.has(text));
}
