import type { Csr } from '../../numeric/csr';
import { type OrderRun, runsOf } from '../../snapshot/orders';
import type { Snapshot } from '../../snapshot/snapshot';

/** Liked products of every user; each but a user's first can be a target. */
export interface Examples {
  /** Products of user row u are [offsets[u], offsets[u + 1]) of `products`, by their last event, oldest first. */
  readonly offsets: Uint32Array;
  readonly products: Uint32Array;
  /** Places of products of one order, which each epoch draws anew. */
  readonly runs: readonly OrderRun[];
}

/** Users' liked products in order of time. */
export function examplesOf({ events, userOffsets, users, products }: Snapshot, preferences: Csr): Examples {
  const lastEvent = new Uint32Array(products.size);
  const offsets = new Uint32Array(users.size + 1);
  const rows: number[] = [];
  const orders: number[] = [];
  for (let user = 0; user < users.size; user++) {
    for (let event = userOffsets[user]; event < userOffsets[user + 1]; event++) {
      lastEvent[events.productRow[event]] = event;
    }
    const liked: number[] = [];
    for (let entry = preferences.indptr[user]; entry < preferences.indptr[user + 1]; entry++) {
      if (preferences.values[entry] > 0) liked.push(preferences.indices[entry]);
    }
    liked.sort((a, b) => lastEvent[a] - lastEvent[b]);
    for (const row of liked) {
      rows.push(row);
      orders.push(events.order[lastEvent[row]]);
    }
    offsets[user + 1] = rows.length;
  }
  return { offsets, products: Uint32Array.from(rows), runs: runsOf(orders) };
}

/** Times that each product was liked. */
export function countsOf({ products }: Examples, size: number): Uint32Array {
  const counts = new Uint32Array(size);
  for (const row of products) counts[row]++;
  return counts;
}

/** Places of targets, ascending: all but each user's first. */
export function targetsOf({ offsets, products }: Examples): Uint32Array {
  const places = new Uint32Array(products.length);
  let end = 0;
  for (let user = 0; user + 1 < offsets.length; user++) {
    for (let at = offsets[user] + 1; at < offsets[user + 1]; at++) places[end++] = at;
  }
  return places.slice(0, end);
}

/** For each place the first place of its user. */
export function startsOf({ offsets, products }: Examples): Uint32Array {
  const starts = new Uint32Array(products.length);
  for (let user = 0; user + 1 < offsets.length; user++) {
    starts.fill(offsets[user], offsets[user], offsets[user + 1]);
  }
  return starts;
}
