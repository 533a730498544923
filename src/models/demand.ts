// What a shop's shoppers want now: popularity in which old choices count less. How fast demand changes is asked of the shop: the
// half-life is that whose list at an earlier instant holds most of what shoppers chose after it.
// Cost: one pass over the events, and per half-life one over the pairs.

import { checkCancelled } from '../learning/cancelled';
import { oncePer } from '../learning/oncePer';
import type { TrainContext } from '../learning/trainContext';
import type { Csr } from '../numeric/csr';
import { pause } from '../numeric/pause';
import { topK } from '../numeric/topK';
import { defaultHeldOutShare, defaultMinHeldOutUsers, haveCommonClock } from '../snapshot/chooseSplit';
import { clampPairWeight, eventWeightOf } from '../snapshot/eventWeight';
import { orderInstantsOf } from '../snapshot/orders';
import type { Snapshot } from '../snapshot/snapshot';
import { bestGain, cutoff, gainOfTies } from './listGain';
import { standingOf } from './productScores';

/** So long that nothing decays in a shop's lifetime. */
export const longestHalfLifeDays = 3650;
/** Those tried, the longest first: of equals it is kept. */
const triedHalfLives = [longestHalfLifeDays, 60, 30, 14, 7, 4, 2, 1];
const msPerDay = 86_400_000;

/** One shopper's preference for one product. */
interface Preference {
  readonly product: number;
  readonly weight: number;
  /** Instant of its last event, milliseconds since the epoch. */
  readonly lastAt: number;
}

/** Preferences before an instant, and what shoppers with any of them chose for the first time after it. */
interface Halves {
  readonly before: readonly Preference[];
  readonly after: readonly ReadonlySet<number>[];
}

/** Returns the sums of preferences by product, each halved per half-life of its age. */
function decayedSums(
  preferences: Iterable<Preference>,
  products: number,
  newest: number,
  halfLifeDays: number,
): Float64Array {
  const sums = new Float64Array(products);
  for (const { product, weight, lastAt } of preferences)
    sums[product] += standingOf(weight) * 2 ** -((newest - lastAt) / (halfLifeDays * msPerDay));
  return sums;
}

/** Returns the preferences of all users with the instants of their last events. */
function* datedPreferences(
  { events, userOffsets, users, products }: Snapshot,
  { indptr, indices, values }: Csr,
): Generator<Preference> {
  const lastAt = new Float64Array(products.size);
  for (let user = 0; user < users.size; user++) {
    // Events are in time order, so the last write is the latest event.
    for (let event = userOffsets[user]; event < userOffsets[user + 1]; event++)
      lastAt[events.productRow[event]] = events.occurredAt[event];
    for (let entry = indptr[user]; entry < indptr[user + 1]; entry++)
      yield { product: indices[entry], weight: values[entry], lastAt: lastAt[indices[entry]] };
  }
}

/**
 * Returns the demand of every product: the sum of its preferences, each log₂(1 + weight) and halved per half-life of its age, as of
 * the newest event. Negative where dislikes prevail. O(events).
 *
 * @param preferences - of the same snapshot
 */
export function demandOf(snapshot: Snapshot, preferences: Csr, halfLifeDays: number): Float64Array {
  const newest = snapshot.events.occurredAt.reduce((max, at) => Math.max(max, at), Number.NEGATIVE_INFINITY);
  return decayedSums(datedPreferences(snapshot, preferences), snapshot.products.size, newest, halfLifeDays);
}

function halvesAt(snapshot: Snapshot, cut: number): Halves {
  const { events, userOffsets, users, eventWeights } = snapshot;
  const before: Preference[] = [];
  const after: ReadonlySet<number>[] = [];
  for (let user = 0; user < users.size; user++) {
    const known = new Map<number, { weight: number; lastAt: number }>();
    const chosen = new Set<number>();
    for (let event = userOffsets[user]; event < userOffsets[user + 1]; event++) {
      const [product, lastAt] = [events.productRow[event], events.occurredAt[event]];
      const weight = eventWeightOf(events.type[event], events.value[event], eventWeights);
      if (lastAt <= cut) known.set(product, { weight: (known.get(product)?.weight ?? 0) + weight, lastAt });
      else if (weight > 0 && known.size > 0 && !known.has(product)) chosen.add(product);
    }
    for (const [product, { weight, lastAt }] of known)
      before.push({ product, weight: clampPairWeight(weight), lastAt });
    if (chosen.size > 0) after.push(chosen);
  }
  return { before, after };
}

/** Returns the mean NDCG@20 of one list for all shoppers. */
function qualityOf(sums: Float64Array, after: Halves['after']): number {
  const { rows, length } = topK(Float32Array.from(sums), cutoff);
  const places = new Map(Array.from(rows.subarray(0, length), (row, place) => [row, place]));
  let total = 0;
  for (const chosen of after) {
    let gain = 0;
    for (const product of chosen) {
      const place = places.get(product);
      if (place !== undefined) gain += gainOfTies(place, 1);
    }
    total += gain / bestGain(chosen.size);
  }
  return total / after.length;
}

/**
 * Returns the half-life in days that would have been best at the instant before the latest tenth of the events; of equals the longest,
 * which is popularity. Where users share no clock, ages mean nothing and it is the longest. Null with too few shoppers to ask.
 *
 * @throws {GatewayError} CANCELLED
 */
export const chooseHalfLife = oncePer(
  (_context: TrainContext) => '',
  async (snapshot: Snapshot, context: TrainContext): Promise<number | null> => {
    if (!haveCommonClock(snapshot)) return longestHalfLifeDays;
    const instants = orderInstantsOf(snapshot.events).sort();
    const cut = instants[Math.floor((1 - defaultHeldOutShare) * (instants.length - 1))];
    const { before, after } = halvesAt(snapshot, cut);
    if (after.length < defaultMinHeldOutUsers) return null;
    let best = { halfLife: longestHalfLifeDays, quality: Number.NEGATIVE_INFINITY };
    for (const halfLife of triedHalfLives) {
      await pause();
      checkCancelled(context);
      const quality = qualityOf(decayedSums(before, snapshot.products.size, cut, halfLife), after);
      if (quality > best.quality) best = { halfLife, quality };
    }
    return best.halfLife;
  },
);
