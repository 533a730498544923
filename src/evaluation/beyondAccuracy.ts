import type { Snapshot } from '../snapshot/snapshot';
import { longestCutoff } from './metrics';

/** What the lists are like, whether or not they are right. */
export interface BeyondAccuracy {
  /**
   * Mean over listed places of −log₂ of the share of users who met the product in training, in bits: how little known
   * what is shown is (Zhou et al. 2010, self-information). A product nobody met counts as met by one.
   */
  readonly novelty: number;
  /** Of how often the products of the catalogue are listed: 0 all alike, towards 1 a few only (Gini 1912). */
  readonly gini: number;
  /** Mean over users of the KL divergence of the list's categories from the history's; null without categories. */
  readonly miscalibration: number | null;
}

/** Distinct users who met each product. */
function usersByProduct({ events, userOffsets, users, products }: Snapshot): Uint32Array {
  const counts = new Uint32Array(products.size);
  const metBy = new Int32Array(products.size).fill(-1);
  for (let user = 0; user < users.size; user++) {
    for (let event = userOffsets[user]; event < userOffsets[user + 1]; event++) {
      const product = events.productRow[event];
      if (metBy[product] !== user) counts[product]++;
      metBy[product] = user;
    }
  }
  return counts;
}

/** Mean self-information of the listed places, in bits. NaN without any. */
export function noveltyOf(topRows: Int32Array, metBy: Uint32Array, users: number): number {
  let [sum, places] = [0, 0];
  for (const row of topRows) {
    if (row < 0) continue;
    sum -= Math.log2(Math.max(1, metBy[row]) / users);
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

/** How much of the history is mixed into the list, so that the divergence is finite (Steck 2018: α = 0.01). */
const mixture = 0.01;

/**
 * KL(p | q̃), q̃ = (1 − α)·q + α·p, in nats: how far the categories of a list q are from those of a history p (Steck
 * 2018, "Calibrated recommendations", eq. 6 and 7).
 */
export function miscalibration(p: Float64Array, q: Float64Array): number {
  let sum = 0;
  for (let category = 0; category < p.length; category++) {
    if (p[category] > 0)
      sum += p[category] * Math.log(p[category] / ((1 - mixture) * q[category] + mixture * p[category]));
  }
  return sum;
}

/** Categories of every product: indices, empty where it has none. A product with several is as much in each. */
export interface Categories {
  readonly count: number;
  readonly ofProduct: readonly (readonly number[])[];
}

/** Shares of the categories among products; null where none has one. */
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
 * What the lists are like.
 *
 * @param topRows - [lists × longestCutoff], -1 behind the end of a list
 * @param historyOf - product rows of the training history of a list's user (a product once)
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
