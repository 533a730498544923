import type { Csr } from '../../numeric/csr';
import type { Snapshot } from '../../snapshot/snapshot';
import { standingOf } from '../productScores';

/** Liked products of every user, in order of their last event. */
export interface Timelines {
  readonly users: number;
  readonly products: number;
  /** Entries of user row u are [offsets[u], offsets[u + 1]). Length users + 1. */
  readonly offsets: Uint32Array;
  /** Oldest first; the sequence within an order is drawn (orders.ts). */
  readonly productRows: Uint32Array;
  /** Number of earlier orders of the user: 0 for the oldest; products of one order share it. */
  readonly steps: Uint32Array;
  /**
   * Square root of the preference's popularity contribution: 1 for a view, 1.6 for a purchase. A pair counts
   * the product of both.
   */
  readonly strengths: Float32Array;
}

/**
 * Returns each user's liked products (preference > 0), in order of their last event, limited to the latest
 * `maxLength`.
 *
 * @param preferences - of the same snapshot
 */
export function timelinesOf(snapshot: Snapshot, preferences: Csr, maxLength: number): Timelines {
  const { events, userOffsets, users, products } = snapshot;
  const { indptr, indices, values } = preferences;
  const lastEvent = new Uint32Array(products.size);
  const offsets = new Uint32Array(users.size + 1);
  const productRows = new Uint32Array(indices.length);
  const steps = new Uint32Array(indices.length);
  const strengths = new Float32Array(indices.length);
  let end = 0;
  for (let user = 0; user < users.size; user++) {
    for (let event = userOffsets[user]; event < userOffsets[user + 1]; event++) {
      lastEvent[events.productRow[event]] = event;
    }
    const entries: number[] = [];
    for (let entry = indptr[user]; entry < indptr[user + 1]; entry++)
      if (values[entry] > 0) entries.push(entry);
    entries.sort((a, b) => lastEvent[indices[a]] - lastEvent[indices[b]]);
    let step = 0;
    for (const entry of entries.slice(-maxLength)) {
      const order = events.order[lastEvent[indices[entry]]];
      if (end > offsets[user] && order !== events.order[lastEvent[productRows[end - 1]]]) step++;
      productRows[end] = indices[entry];
      steps[end] = step;
      strengths[end++] = Math.sqrt(standingOf(values[entry]));
    }
    offsets[user + 1] = end;
  }
  return {
    users: users.size,
    products: products.size,
    offsets,
    productRows: productRows.slice(0, end),
    steps: steps.slice(0, end),
    strengths: strengths.slice(0, end),
  };
}
