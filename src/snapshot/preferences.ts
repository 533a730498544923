import type { Csr } from '../numeric/csr';
import { clampPairWeight, eventWeightOf } from './eventWeight';
import type { Snapshot } from './snapshot';

/**
 * Returns the preferences of all users, users × products: the sum of the snapshot's event weights of each pair, clamped
 * to ±maxPairWeight. > 0 liked, < 0 disliked, 0 no net opinion (bought and returned). Every pair with an event has an
 * entry. O(events + pairs·log(pairs per user)).
 */
export function preferencesOf(snapshot: Snapshot): Csr {
  const { events, userOffsets, eventWeights } = snapshot;
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
  const [rows, columns] = [snapshot.users.size, snapshot.products.size];
  return { rows, columns, indptr, indices: indices.slice(0, end), values: values.slice(0, end) };
}
