import { createRng } from '../numeric/rng';
import type { Snapshot } from './snapshot';
import { heldOutOf, type Split, withEvents } from './split';

/** Returns the distinct products of a user's events, in order of row. */
function productsOfUser({ events, userOffsets }: Snapshot, user: number): Uint32Array {
  const distinct = new Set(events.productRow.subarray(userOffsets[user], userOffsets[user + 1]));
  return Uint32Array.from(distinct).sort();
}

/**
 * Holds out a random share of every user's distinct products, for data without order. A user with two or more products
 * loses at least one and keeps at least one. Every event with a held-out product leaves the training part.
 *
 * @param share - 0 < share < 1
 * @param seed - of the draw
 */
export async function holdOutShare(snapshot: Snapshot, share: number, seed: number): Promise<Split> {
  if (!(share > 0 && share < 1)) throw new RangeError(`Expected a share between 0 and 1; got ${share}.`);
  const rng = createRng(seed);
  const { events, userOffsets, users } = snapshot;
  const isHeld = new Uint8Array(events.length);
  const lists: number[][] = [];
  for (let user = 0; user < users.size; user++) {
    const distinct = productsOfUser(snapshot, user);
    const wanted = Math.max(1, Math.round(share * distinct.length));
    const held = new Set<number>();
    for (const product of distinct.length < 2 ? [] : rng.shuffle(distinct).subarray(0, wanted)) {
      if (held.size < distinct.length - 1) held.add(product);
    }
    for (let event = userOffsets[user]; event < userOffsets[user + 1]; event++) {
      isHeld[event] = Number(held.has(events.productRow[event]));
    }
    lists.push([...held]);
  }
  const train = await withEvents(snapshot, snapshot.asOf, event => isHeld[event] === 0);
  return { train, heldOut: heldOutOf(lists) };
}
