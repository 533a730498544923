import { interactionCodes } from '../../domain/interaction';
import { createRng } from '../../numeric/rng';
import { heldOutEvents } from '../../snapshot/heldOutEvents';
import type { Snapshot } from '../../snapshot/snapshot';
import { maxShoppers, type TrialShopper } from '../shopperTrial';

/**
 * Returns orders after a cut as questions, at most 300, evenly spread: find a product of the order, drawn by lot, given the others.
 * Products without an event before the cut are left out, and orders of which fewer than two are left.
 *
 * @param train - events before the cut
 * @param seed - of the draw
 */
export function heldOutCarts(snapshot: Snapshot, train: Snapshot, seed: number): readonly TrialShopper[] {
  const { events } = snapshot;
  const isKnown = new Uint8Array(snapshot.products.size);
  for (const row of train.events.productRow) isKnown[row] = 1;
  const marks = heldOutEvents(snapshot, train);
  const carts = new Map<number, Set<number>>();
  for (let event = 0; event < events.length; event++) {
    const row = events.productRow[event];
    if (marks[event] === 0 || isKnown[row] === 0 || events.type[event] !== interactionCodes.PURCHASE)
      continue;
    const cart = carts.get(events.session[event]) ?? new Set();
    carts.set(events.session[event], cart.add(row));
  }
  const asked = [...carts.values()].filter(({ size }) => size >= 2);
  const step = Math.max(1, asked.length / maxShoppers);
  const rng = createRng(seed);
  return Array.from({ length: Math.min(maxShoppers, asked.length) }, (_, index) => {
    const [target, ...others] = rng.shuffle([...asked[Math.floor(index * step)]]);
    const productRows = Uint32Array.from(others);
    return {
      history: {
        productRows,
        weights: new Float32Array(productRows.length).fill(1),
        occurredAt: new Float64Array(productRows.length).fill(train.asOf),
        now: train.asOf,
      },
      known: productRows,
      relevant: Uint32Array.of(target),
    };
  });
}
