import type { Snapshot } from '../snapshot/snapshot';
import { longestCutoff } from './metrics';

/** Properties of the recommendation lists other than their accuracy. */
export interface BeyondAccuracy {
  /**
   * Mean over list positions of −log₂ of the share of users with the product in training, in bits (self-information,
   * Zhou et al. 2010). High values mean little-known products. A product without users counts as having one.
   */
  readonly novelty: number;
  /** Gini coefficient (1912) of how often products are listed: 0 when all equally often, near 1 when only a few. */
  readonly gini: number;
  /** Mean over users of the KL divergence between the categories of history and list; null without categories. */
  readonly miscalibration: number | null;
}

/** Number of distinct users of each product. */
function usersByProduct({ events, userOffsets, users, products }: Snapshot): Uint32Array {
  const counts = new Uint32Array(products.size);
  const lastUser = new Int32Array(products.size).fill(-1);
  for (let user = 0; user < users.size; user++) {
    for (let event = userOffsets[user]; event < userOffsets[user + 1]; event++) {
      const product = events.productRow[event];
      if (lastUser[product] !== user) counts[product]++;
      lastUser[product] = user;
    }
  }
  return counts;
}

/**
 * Mean self-information of the listed products, in bits. NaN when nothing is listed.
 *
 * @param usersOf - number of training users of each product
 */
export function noveltyOf(topRows: Int32Array, usersOf: Uint32Array, users: number): number {
  let [sum, places] = [0, 0];
  for (const row of topRows) {
    if (row < 0) continue;
    sum -= Math.log2(Math.max(1, usersOf[row]) / users);
    places++;
  }
  return sum / places;
}

/** Gini coefficient of how often each product of the catalogue is listed. NaN when nothing is. */
export function giniOf(topRows: Int32Array, catalogueSize: number): number {
  const counts = new Float64Array(catalogueSize);
  for (const row of topRows) if (row >= 0) counts[row]++;
  counts.sort();
  let [total, weighted] = [0, 0];
  for (const [index, count] of counts.entries()) {
    total += count;
    weighted += (index + 1) * count;
  }
  // G = 2 Σ i·xᵢ / (n Σ xᵢ) − (n + 1) / n, x ascending.
  return (2 * weighted) / (catalogueSize * total) - (catalogueSize + 1) / catalogueSize;
}

/** α: the weight of the history mixed into the list, so that the divergence is finite (Steck 2018 uses 0.01). */
const mixture = 0.01;

/**
 * KL(p | q̃) with q̃ = (1 − α)·q + α·p, in nats: the distance between the categories q of a list and p of a history
 * (Steck 2018, "Calibrated recommendations", eq. 6 and 7).
 */
export function miscalibration(p: Float64Array, q: Float64Array): number {
  let sum = 0;
  for (let category = 0; category < p.length; category++) {
    if (p[category] > 0)
      sum += p[category] * Math.log(p[category] / ((1 - mixture) * q[category] + mixture * p[category]));
  }
  return sum;
}

/** Category indices of every product; empty where it has none. A product counts equally in each of its categories. */
export interface Categories {
  readonly count: number;
  readonly ofProduct: readonly (readonly number[])[];
}

/** Shares of the categories among products; null when no product has a category. */
function sharesOf(rows: Iterable<number>, { count, ofProduct }: Categories): Float64Array | null {
  const shares = new Float64Array(count);
  let total = 0;
  for (const row of rows) {
    const own = row < 0 ? [] : ofProduct[row];
    for (const category of own) shares[category] += 1 / own.length;
    if (own.length > 0) total++;
  }
  return total === 0 ? null : shares.map(share => share / total);
}

/**
 * Computes the properties of the recommendation lists.
 *
 * @param topRows - [lists × longestCutoff], -1 after the end of a list
 * @param historyOf - distinct product rows of the training history of a list's user
 */
export function beyondAccuracy(
  train: Snapshot,
  topRows: Int32Array,
  historyOf: (list: number) => Iterable<number>,
  categories: Categories | undefined,
): BeyondAccuracy {
  const novelty = noveltyOf(topRows, usersByProduct(train), train.users.size);
  const gini = giniOf(topRows, train.products.size);
  if (!categories) return { novelty, gini, miscalibration: null };
  let [sum, lists] = [0, 0];
  for (let list = 0; list < topRows.length / longestCutoff; list++) {
    const p = sharesOf(historyOf(list), categories);
    const q = sharesOf(topRows.subarray(list * longestCutoff, (list + 1) * longestCutoff), categories);
    if (!p || !q) continue;
    sum += miscalibration(p, q);
    lists++;
  }
  return { novelty, gini, miscalibration: lists === 0 ? null : sum / lists };
}
