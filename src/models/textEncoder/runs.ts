import type { Csr } from '../../numeric/csr';
import type { Rng } from '../../numeric/rng';
import { type OrderRun, runsOf, shuffleOrders } from '../../snapshot/orders';
import type { Snapshot } from '../../snapshot/snapshot';

/** Products that one user likes (preference > 0), in order of their last event. */
export interface LikedProducts {
  readonly rows: Uint32Array;
  /** Places of products of one order, whose sequence is drawn with each call of {@link drawRuns}. */
  readonly orders: readonly OrderRun[];
}

/** Liked products of every user; users with fewer than two are left out. */
export function histories(
  { events, userOffsets, products }: Snapshot,
  preferences: Csr,
): readonly LikedProducts[] {
  const { indptr, indices, values } = preferences;
  const lastEvent = new Uint32Array(products.size);
  const found: LikedProducts[] = [];
  for (let user = 0; user + 1 < indptr.length; user++) {
    const entries: number[] = [];
    for (let entry = indptr[user]; entry < indptr[user + 1]; entry++)
      if (values[entry] > 0) entries.push(entry);
    if (entries.length < 2) continue;
    for (let event = userOffsets[user]; event < userOffsets[user + 1]; event++)
      lastEvent[events.productRow[event]] = event;
    entries.sort((a, b) => lastEvent[indices[a]] - lastEvent[indices[b]]);
    const rows = Uint32Array.from(entries, entry => indices[entry]);
    found.push({ rows, orders: runsOf(Array.from(rows, row => events.order[lastEvent[row]])) });
  }
  return found;
}

/** Log of each product's share of all likes; 0 for a product without likes. */
export function logShares(liked: readonly LikedProducts[], products: number): Float32Array {
  const counts = new Float64Array(products);
  let total = 0;
  for (const { rows } of liked) {
    for (const row of rows) counts[row]++;
    total += rows.length;
  }
  return Float32Array.from(counts, count => (count > 0 ? Math.log(count / total) : 0));
}

/**
 * Cuts histories into runs of at most `window` consecutive products, from a start that is drawn each time, and shuffles them.
 * Changes the sequence within orders of `liked`.
 *
 * @param most - greatest number of runs returned
 */
export function drawRuns(
  liked: readonly LikedProducts[],
  window: number,
  most: number,
  rng: Rng,
): readonly Uint32Array[] {
  const runs: Uint32Array[] = [];
  for (const { rows, orders } of liked) {
    shuffleOrders(rows, orders, rng);
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
