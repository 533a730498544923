// What a shopper did at one instant is an order: a set of events without a direction among them. Exports of orders give all
// lines one time, and many have days only. docs/decisions/0012 has the reasons and what every model makes of an order.
//
// Events of an order still need a sequence in memory, the same for any order of the file. It is drawn: by a hash of the
// shopper, the instant and the product together. It differs from shopper to shopper and from order to order, so it has no
// relation to the order of ids, which could be learned.

import { interactionCodes } from '../domain/interaction';
import { hashText, mixBits } from '../numeric/hashText';
import type { Rng } from '../numeric/rng';
import { noSession } from './rawColumns';

const purchase = interactionCodes.PURCHASE;
const wordSize = 2 ** 32;

/**
 * Returns a function that draws the place of a product within an order: lower ones come first.
 *
 * @param userHash - `hashText` of the shopper's id
 * @param occurredAt - milliseconds since the epoch
 * @returns takes `hashText` of a product's id
 */
export function placesInOrder(userHash: number, occurredAt: number): (productHash: number) => number {
  const high = mixBits(userHash ^ Math.floor(occurredAt / wordSize));
  const order = mixBits(high ^ (occurredAt % wordSize));
  return productHash => mixBits(order ^ productHash);
}

/** Columns that orders are found in, sorted by user and time. */
export interface OrderColumns {
  readonly type: Uint8Array;
  readonly occurredAt: Float64Array;
  /** The session that the client named, as a number; {@link noSession} for none. */
  readonly named: Uint32Array;
}

/** The named session of which all events [start, end) are purchases; {@link noSession} where there is none. */
function purchasedSession({ type, named }: OrderColumns, start: number, end: number): number {
  for (let event = start; event < end; event++) {
    if (type[event] !== purchase || named[event] !== named[start]) return noSession;
  }
  return named[start];
}

/**
 * Numbers the orders densely, ascending: events of one shopper at one instant. Where an instant holds nothing but purchases
 * of one session that the client named (an invoice), and the shopper's next instant nothing but purchases of the same
 * session, both are one order.
 *
 * @param userOffsets - events of user row u are [userOffsets[u], userOffsets[u + 1])
 */
export function ordersOf(userOffsets: Uint32Array, columns: OrderColumns): Uint32Array {
  const { occurredAt } = columns;
  const orders = new Uint32Array(occurredAt.length);
  let count = -1;
  for (let user = 0; user + 1 < userOffsets.length; user++) {
    let before = noSession;
    for (let start = userOffsets[user]; start < userOffsets[user + 1]; ) {
      let end = start + 1;
      while (end < userOffsets[user + 1] && occurredAt[end] === occurredAt[start]) end++;
      const session = purchasedSession(columns, start, end);
      if (session === noSession || session !== before) count++;
      orders.fill(count, start, end);
      [before, start] = [session, end];
    }
  }
  return orders;
}

/** Returns the instant of each event's order, that of its latest event, milliseconds since the epoch. */
export function orderInstantsOf({
  order,
  occurredAt,
}: {
  readonly order: Uint32Array;
  readonly occurredAt: Float64Array;
}): Float64Array {
  const instants = occurredAt.slice();
  for (let event = instants.length - 2; event >= 0; event--) {
    if (order[event] === order[event + 1]) instants[event] = instants[event + 1];
  }
  return instants;
}

/** A run of entries [start, end) of one order, at least two. */
export interface OrderRun {
  readonly start: number;
  readonly end: number;
}

/** Returns the runs of two or more neighbours with the same number. @param orders - equal only within one shopper's order */
export function runsOf(orders: ArrayLike<number>): readonly OrderRun[] {
  const runs: OrderRun[] = [];
  for (let start = 0; start < orders.length; ) {
    let end = start + 1;
    while (end < orders.length && orders[end] === orders[start]) end++;
    if (end - start > 1) runs.push({ start, end });
    start = end;
  }
  return runs;
}

/**
 * Draws the sequence within every order anew, in place. Training calls it once per epoch, so that no sequence can be learned.
 * Data without orders of several products draw nothing.
 *
 * @param rows - one per entry of the numbers that the runs were found in
 */
export function shuffleOrders(rows: Uint32Array, runs: readonly OrderRun[], rng: Rng): void {
  for (const { start, end } of runs) rng.shuffle(rows.subarray(start, end));
}

/** Returns the hash of every id, for {@link placesInOrder}. */
export const hashesOf = (ids: readonly string[]): Uint32Array => Uint32Array.from(ids, hashText);
