import { clampPairWeight, eventWeightOf } from './eventWeight';
import { defaultEventWeights, type EventWeights, type Snapshot } from './snapshot';

/** What every user thinks of every product they met: a CSR matrix, users × products. */
export interface Preferences {
  /** Entries of user row u are [indptr[u], indptr[u + 1]). Length users.size + 1. */
  readonly indptr: Uint32Array;
  /** Product rows, ascending and distinct within a user. */
  readonly indices: Uint32Array;
  /** > 0 liked, < 0 disliked, 0 met without a net opinion (bought and returned). Same length as indices. */
  readonly values: Float32Array;
}

/**
 * Sums the event weights of each (user, product) pair and clamps the sum to ±maxPairWeight. Every pair that has an
 * event has an entry, also when its sum is 0. O(events + pairs·log(pairs of a user)).
 */
export function preferencesOf(
  snapshot: Snapshot,
  eventWeights: EventWeights = defaultEventWeights,
): Preferences {
  const { events, userOffsets } = snapshot;
  const sums = new Float64Array(snapshot.products.size);
  const metBy = new Int32Array(snapshot.products.size).fill(-1);
  const indptr = new Uint32Array(snapshot.users.size + 1);
  const indices = new Uint32Array(events.length);
  const values = new Float32Array(events.length);
  let end = 0;
  for (let user = 0; user < snapshot.users.size; user++) {
    const start = end;
    for (let event = userOffsets[user]; event < userOffsets[user + 1]; event++) {
      const product = events.productRow[event];
      if (metBy[product] !== user) {
        metBy[product] = user;
        sums[product] = 0;
        indices[end++] = product;
      }
      sums[product] += eventWeightOf(events.type[event], events.value[event], eventWeights);
    }
    indices.subarray(start, end).sort();
    for (let entry = start; entry < end; entry++) values[entry] = clampPairWeight(sums[indices[entry]]);
    indptr[user + 1] = end;
  }
  return { indptr, indices: indices.slice(0, end), values: values.slice(0, end) };
}
