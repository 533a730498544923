import type { Csr } from '../../numeric/csr';
import type { Rng } from '../../numeric/rng';
import type { Snapshot } from '../../snapshot/snapshot';

/** Products that each user likes (preference > 0), in order of their last event; users with fewer than two are left out. */
export function histories(
  { events, userOffsets, products }: Snapshot,
  preferences: Csr,
): readonly Uint32Array[] {
  const { indptr, indices, values } = preferences;
  const lastAt = new Float64Array(products.size);
  const found: Uint32Array[] = [];
  for (let user = 0; user + 1 < indptr.length; user++) {
    const entries: number[] = [];
    for (let entry = indptr[user]; entry < indptr[user + 1]; entry++)
      if (values[entry] > 0) entries.push(entry);
    if (entries.length < 2) continue;
    for (let event = userOffsets[user]; event < userOffsets[user + 1]; event++)
      lastAt[events.productRow[event]] = events.occurredAt[event];
    entries.sort((a, b) => lastAt[indices[a]] - lastAt[indices[b]] || a - b);
    found.push(Uint32Array.from(entries, entry => indices[entry]));
  }
  return found;
}

/** Log of each product's share of all likes; 0 for a product without likes. */
export function logShares(liked: readonly Uint32Array[], products: number): Float32Array {
  const counts = new Float64Array(products);
  let total = 0;
  for (const rows of liked) {
    for (const row of rows) counts[row]++;
    total += rows.length;
  }
  return Float32Array.from(counts, count => (count > 0 ? Math.log(count / total) : 0));
}

/**
 * Cuts histories into runs of at most `window` consecutive products, from a start that is drawn each time, and shuffles them.
 *
 * @param most - greatest number of runs returned
 */
export function drawRuns(
  liked: readonly Uint32Array[],
  window: number,
  most: number,
  rng: Rng,
): readonly Uint32Array[] {
  const runs: Uint32Array[] = [];
  for (const rows of liked) {
    const first = rows.length > window ? rng.int(window) : 0;
    if (first >= 2) runs.push(rows.subarray(0, first));
    for (let start = first; rows.length - start >= 2; start += window)
      runs.push(rows.subarray(start, Math.min(start + window, rows.length)));
  }
  return rng.shuffle(runs).slice(0, most);
}

/** Runs in batches of at least `batchSize` products and two runs. The last batch may have fewer products; a single run is dropped. */
export function batchesOf(runs: readonly Uint32Array[], batchSize: number): (readonly Uint32Array[])[] {
  const batches: (readonly Uint32Array[])[] = [];
  let [start, products] = [0, 0];
  for (const [index, run] of runs.entries()) {
    products += run.length;
    const isFull = products >= batchSize && index > start;
    if (!isFull && !(index === runs.length - 1 && index > start)) continue;
    batches.push(runs.slice(start, index + 1));
    [start, products] = [index + 1, 0];
  }
  return batches;
}
