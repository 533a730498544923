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

/**
 * Returns one question per order with a held-out product and another one: find a held-out product of it, drawn at random
 * (seeded), given the others. Products without an event in the training part are left out. Where no order is left, carts of one
 * session are asked for the same way.
 *
 * @param train - the part of the snapshot that models learn from
 */
export function heldOutCarts(snapshot: Snapshot, train: Snapshot, seed: number): Questions {
  const known = new Uint8Array(train.products.size);
  for (const row of train.events.productRow) known[row] = 1;
  const marks = heldOutEvents(snapshot, train);
  const rng = createRng(seed);
  for (const type of [interactionCodes.PURCHASE, interactionCodes.CART_ADD]) {
    const carts = cartsOf(snapshot, type, marks, row => known[row] === 1).flatMap(cart => {
      const targets = [...cart.keys()].filter(row => cart.get(row));
      if (targets.length === 0 || cart.size < 2) return [];
      const target = targets[rng.int(targets.length)];
      return [[target, ...[...cart.keys()].filter(row => row !== target)]];
    });
    if (carts.length > 0) return cartQuestionsOf(train, carts, snapshot.asOf);
  }
  return cartQuestionsOf(train, [], snapshot.asOf);
}
