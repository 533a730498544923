import { interactionCodes } from '../domain/interaction';
import type { Csr } from '../numeric/csr';
import { hasStars } from '../snapshot/eventWeight';
import { orderInstantsOf } from '../snapshot/orders';
import { preferencesOf } from '../snapshot/preferences';
import type { Snapshot } from '../snapshot/snapshot';
import type { ShopperHistory, ShopperPurchases } from './model';
import { type PurchaseLine, purchaseLedgerOf } from './purchases';

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

/** Returns a function that reads what a user bought of the named products; undefined where the user bought nothing. */
function purchasesReader(
  { events, userOffsets }: Snapshot,
  instants: Float64Array,
): (user: number, productRows: Uint32Array) => ShopperPurchases | undefined {
  return (user, productRows) => {
    const lines: PurchaseLine<number>[] = [];
    for (let event = userOffsets[user]; event < userOffsets[user + 1]; event++) {
      if (events.type[event] === interactionCodes.PURCHASE)
        lines.push([events.productRow[event], instants[event]]);
    }
    return purchaseLedgerOf(lines).of([...productRows]);
  };
}

/**
 * Returns histories from a snapshot: one entry per product, in the sequence of their last events. The time of an entry is that
 * of its order (orders.ts), so that entries of one order have one time.
 */
export function historiesOf(snapshot: Snapshot): Histories {
  const { events, userOffsets, asOf } = snapshot;
  const preferences = preferencesOf(snapshot);
  const instants = orderInstantsOf(events);
  const lastEvent = new Uint32Array(snapshot.products.size);
  const starsOf = starsReader(snapshot);
  const purchasesOf = purchasesReader(snapshot, instants);
  return {
    preferences,
    of(user, scorerRows) {
      for (let event = userOffsets[user]; event < userOffsets[user + 1]; event++) {
        lastEvent[events.productRow[event]] = event;
      }
      const entries: number[] = [];
      for (let entry = preferences.indptr[user]; entry < preferences.indptr[user + 1]; entry++) {
        if (scorerRows[preferences.indices[entry]] >= 0) entries.push(entry);
      }
      const eventOf = (entry: number): number => lastEvent[preferences.indices[entry]];
      entries.sort((a, b) => eventOf(a) - eventOf(b));
      const productRows = Uint32Array.from(entries, entry => preferences.indices[entry]);
      const purchases = purchasesOf(user, productRows);
      return {
        productRows: productRows.map(row => scorerRows[row]),
        weights: Float32Array.from(entries, entry => preferences.values[entry]),
        occurredAt: Float64Array.from(entries, entry => instants[eventOf(entry)]),
        now: asOf,
        ...(starsOf && { stars: starsOf(user, productRows) }),
        ...(purchases && { purchases }),
      };
    },
  };
}
