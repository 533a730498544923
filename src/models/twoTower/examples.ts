import type { Csr } from '../../numeric/csr';
import type { Rng } from '../../numeric/rng';
import type { Snapshot } from '../../snapshot/snapshot';

/** Liked products of every user; each but a user's first can be a target. */
export interface Examples {
  /** Products of user row u are [offsets[u], offsets[u + 1]) of `products`, by their last event, oldest first. */
  readonly offsets: Uint32Array;
  readonly products: Uint32Array;
  /** Time of each product's last event. */
  readonly times: Float64Array;
}

/** Users' liked products in order of time. */
export function examplesOf({ events, userOffsets, users, products }: Snapshot, preferences: Csr): Examples {
  const lastAt = new Float64Array(products.size);
  const offsets = new Uint32Array(users.size + 1);
  const rows: number[] = [];
  const times: number[] = [];
  for (let user = 0; user < users.size; user++) {
    for (let event = userOffsets[user]; event < userOffsets[user + 1]; event++) {
      lastAt[events.productRow[event]] = events.occurredAt[event];
    }
    const liked: number[] = [];
    for (let entry = preferences.indptr[user]; entry < preferences.indptr[user + 1]; entry++) {
      if (preferences.values[entry] > 0) liked.push(preferences.indices[entry]);
    }
    liked.sort((a, b) => lastAt[a] - lastAt[b] || a - b);
    for (const row of liked) {
      rows.push(row);
      times.push(lastAt[row]);
    }
    offsets[user + 1] = rows.length;
  }
  return { offsets, products: Uint32Array.from(rows), times: Float64Array.from(times) };
}

/** Times that each product was liked. */
export function countsOf({ products }: Examples, size: number): Uint32Array {
  const counts = new Uint32Array(size);
  for (const row of products) counts[row]++;
  return counts;
}

/** Shuffles products of the same time among themselves: their order has no meaning and must not be learned. */
export function shuffleTies({ offsets, products, times }: Examples, rng: Rng): void {
  for (let user = 0; user + 1 < offsets.length; user++) {
    let start = offsets[user];
    for (let at = start + 1; at <= offsets[user + 1]; at++) {
      if (at < offsets[user + 1] && times[at] === times[start]) continue;
      if (at - start > 1) rng.shuffle(products.subarray(start, at));
      start = at;
    }
  }
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
