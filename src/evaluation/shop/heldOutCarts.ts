import { interactionCodes } from '../../domain/interaction';
import { createRng } from '../../numeric/rng';
import { heldOutEvents } from '../../snapshot/heldOutEvents';
import type { Snapshot } from '../../snapshot/snapshot';
import { cartQuestionsOf } from '../baskets';
import type { Questions } from '../questions';

/** Distinct products of each session with an event of the type, in order of their events, and which of them are held out. */
function cartsOf(
  { events }: Snapshot,
  type: number,
  marks: Uint8Array,
  isKnown: (row: number) => boolean,
): readonly ReadonlyMap<number, boolean>[] {
  const bySession = new Map<number, Map<number, boolean>>();
  for (let event = 0; event < events.length; event++) {
    const product = events.productRow[event];
    if (events.type[event] !== type || !isKnown(product)) continue;
    const cart = bySession.get(events.session[event]) ?? new Map<number, boolean>();
    bySession.set(events.session[event], cart);
    cart.set(product, (cart.get(product) ?? true) && marks[event] === 1);
  }
  return [...bySession.values()];
}

/** With fewer orders, carts that were not bought are asked if there are more of them. */
const minOrders = 30;

/**
 * Returns one question per order with a held-out product and another one: find a held-out product of it, drawn at random
 * (seeded), given the others. Products without an event in the training part are left out. Where fewer than 30 orders are left,
 * carts of one session are asked the same way, if there are more.
 *
 * @param train - the part of the snapshot that models learn from
 */
export function heldOutCarts(snapshot: Snapshot, train: Snapshot, seed: number): Questions {
  const known = new Uint8Array(train.products.size);
  for (const row of train.events.productRow) known[row] = 1;
  const marks = heldOutEvents(snapshot, train);
  const rng = createRng(seed);
  const askedOf = (type: number): readonly (readonly number[])[] =>
    cartsOf(snapshot, type, marks, row => known[row] === 1).flatMap(cart => {
      const targets = [...cart.keys()].filter(row => cart.get(row));
      if (targets.length === 0 || cart.size < 2) return [];
      const target = targets[rng.int(targets.length)];
      return [[target, ...[...cart.keys()].filter(row => row !== target)]];
    });
  const orders = askedOf(interactionCodes.PURCHASE);
  const carts = orders.length < minOrders ? askedOf(interactionCodes.CART_ADD) : [];
  return cartQuestionsOf(train, carts.length > orders.length ? carts : orders, snapshot.asOf);
}
