import type { Csr } from '../numeric/csr';
import { hasStars } from '../snapshot/eventWeight';
import { preferencesOf } from '../snapshot/preferences';
import type { Snapshot } from '../snapshot/snapshot';
import type { ShopperHistory } from './model';

/** The history of each user of a snapshot, in the form that a scorer takes it at the snapshot's end. */
export interface Histories {
  /** Pairs with at least one event: indices are the products that a user has events with. */
  readonly preferences: Csr;
  /** Returns the history of a user row, in the rows of `scorerRows` (-1: unknown to the scorer, left out). */
  of(user: number, scorerRows: Int32Array): ShopperHistory;
}

/**
 * Returns a function that reads the latest stars a user gave each of the named products, NaN where none; undefined where
 * the snapshot has no ratings.
 */
function starsReader({
  events,
  userOffsets,
  products,
}: Snapshot): ((user: number, productRows: Uint32Array) => Float32Array) | undefined {
  if (!events.type.some(hasStars)) return undefined;
  const latest = new Float32Array(products.size).fill(Number.NaN);
  return (user, productRows) => {
    const [start, end] = [userOffsets[user], userOffsets[user + 1]];
    for (let event = start; event < end; event++) {
      const isRated = hasStars(events.type[event]) && !Number.isNaN(events.value[event]);
      if (isRated) latest[events.productRow[event]] = events.value[event];
    }
    const stars = Float32Array.from(productRows, row => latest[row]);
    for (let event = start; event < end; event++) latest[events.productRow[event]] = Number.NaN;
    return stars;
  };
}

/** Returns histories from a snapshot: one entry per product, oldest last event first, equal times in order of product row. */
export function historiesOf(snapshot: Snapshot): Histories {
  const { events, userOffsets, asOf } = snapshot;
  const preferences = preferencesOf(snapshot);
  const lastAt = new Float64Array(snapshot.products.size);
  const starsOf = starsReader(snapshot);
  return {
    preferences,
    of(user, scorerRows) {
      for (let event = userOffsets[user]; event < userOffsets[user + 1]; event++) {
        lastAt[events.productRow[event]] = events.occurredAt[event];
      }
      const entries: number[] = [];
      for (let entry = preferences.indptr[user]; entry < preferences.indptr[user + 1]; entry++) {
        if (scorerRows[preferences.indices[entry]] >= 0) entries.push(entry);
      }
      const timeOf = (entry: number): number => lastAt[preferences.indices[entry]];
      entries.sort((a, b) => timeOf(a) - timeOf(b) || a - b);
      const productRows = Uint32Array.from(entries, entry => preferences.indices[entry]);
      return {
        productRows: productRows.map(row => scorerRows[row]),
        weights: Float32Array.from(entries, entry => preferences.values[entry]),
        occurredAt: Float64Array.from(entries, timeOf),
        now: asOf,
        ...(starsOf && { stars: starsOf(user, productRows) }),
      };
    },
  };
}
