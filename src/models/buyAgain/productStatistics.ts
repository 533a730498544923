import { type CategoryTree, shrunkMeans } from '../categories';
import { lineAfter, type Timelines } from './timelines';

/** What is known of each product at an instant, from purchases up to it. One value per product; all finite. */
export interface ProductStatistics {
  /** Log of the share of its buyers who bought it again, shrunk to its category's and the shop's. */
  readonly repeat: Float64Array;
  /** Mean of log(1 + days) between two purchases of one shopper, shrunk likewise. */
  readonly gap: Float64Array;
  /** Log of 1 + number of its buyers. */
  readonly popularity: Float64Array;
  /** Log of the latest month's share of its purchases against that share of the shop, shrunk to 0. */
  readonly trend: Float64Array;
  /** Log of 1 + days since anybody bought it. */
  readonly sold: Float64Array;
  /** Log-odds that a shopper who never bought it buys it within a month. */
  readonly firstPurchase: Float64Array;
}

/** Names of the statistics, in the order of an artifact's arrays. */
export const statisticNames = [
  'repeat',
  'gap',
  'popularity',
  'trend',
  'sold',
  'firstPurchase',
] as const satisfies readonly (keyof ProductStatistics)[];

export const msPerDay = 86_400_000;
const recentDays = 30;
/** Buyers at which a product's own repeat share counts as much as its category's, and a category's as the shop's. */
const repeatStrengths = { category: 20, product: 10 };
const gapStrengths = { category: 20, product: 5 };
const trendStrength = 5;
/** Buyers at which a product's own share of buyers among those interested counts as much as the shop's. */
const shareStrength = 5;

/** Plain counts, one per product. */
interface Counts {
  readonly buyers: Float64Array;
  /** Buyers with a second order. */
  readonly repeaters: Float64Array;
  readonly purchases: Float64Array;
  readonly recentPurchases: Float64Array;
  /** Purchases of the latest month that were the shopper's first of the product. */
  readonly recentBuyers: Float64Array;
  readonly gapSums: Float64Array;
  readonly gaps: Float64Array;
  /** Instant of the latest purchase; -Infinity for a product never bought. */
  readonly soldAt: Float64Array;
  /** Shoppers with a purchase. */
  shoppers: number;
}

const emptyCounts = (products: number): Counts => ({
  buyers: new Float64Array(products),
  repeaters: new Float64Array(products),
  purchases: new Float64Array(products),
  recentPurchases: new Float64Array(products),
  recentBuyers: new Float64Array(products),
  gapSums: new Float64Array(products),
  gaps: new Float64Array(products),
  soldAt: new Float64Array(products).fill(Number.NEGATIVE_INFINITY),
  shoppers: 0,
});

/** One shopper's earlier purchases of a product. */
interface Earlier {
  readonly at: number;
  readonly orders: number;
}

/** Counts one purchase. */
function countLine(
  counts: Counts,
  row: number,
  at: number,
  isRecent: boolean,
  earlier: Earlier | undefined,
): void {
  counts.purchases[row]++;
  counts.recentPurchases[row] += Number(isRecent);
  counts.soldAt[row] = Math.max(counts.soldAt[row], at);
  if (earlier === undefined) {
    counts.buyers[row]++;
    counts.recentBuyers[row] += Number(isRecent);
    return;
  }
  if (earlier.orders === 1) counts.repeaters[row]++;
  counts.gapSums[row] += Math.log1p((at - earlier.at) / msPerDay);
  counts.gaps[row]++;
}

function countsAt({ offsets, productRows, instants }: Timelines, products: number, instant: number): Counts {
  const counts = emptyCounts(products);
  const since = instant - recentDays * msPerDay;
  for (let user = 0; user + 1 < offsets.length; user++) {
    const end = lineAfter(instants, offsets[user], offsets[user + 1], instant);
    counts.shoppers += Number(end > offsets[user]);
    const bought = new Map<number, Earlier>();
    for (let line = offsets[user]; line < end; line++) {
      const [row, at] = [productRows[line], instants[line]];
      const earlier = bought.get(row);
      countLine(counts, row, at, at > since, earlier);
      bought.set(row, { at, orders: (earlier?.orders ?? 0) + 1 });
    }
  }
  return counts;
}

const sumOf = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0);

/** Returns part / whole per product over that of the shop, shrunk to 1. */
function relativeShares(part: Float64Array, whole: Float64Array, strength: number): Float64Array {
  const share = (sumOf(part) + 1) / (sumOf(whole) + 1);
  return part.map((value, row) => (value + strength * share) / ((whole[row] + strength) * share));
}

/** Shoppers per product with an event of interest up to an instant. */
function interestedAt({ interests }: Timelines, products: number, instant: number): Float64Array {
  const interested = new Float64Array(products);
  for (const [entry, row] of interests.productRows.entries())
    if (interests.instants[entry] <= instant) interested[row]++;
  return interested;
}

/**
 * Returns buyers as expected from those interested in each product: their share of buyers, shrunk to the shop's. Where every event is a
 * purchase, these are the buyers; where nearly all are views, mainly the shoppers who viewed the product.
 */
function expectedBuyers(buyers: Float64Array, interested: Float64Array): Float64Array {
  const share = (sumOf(buyers) + 1) / (sumOf(interested) + 1);
  return interested.map(
    (count, row) => (count * (buyers[row] + shareStrength)) / (count + shareStrength / share) + share / 2,
  );
}

/** Log-odds of a first purchase within a month: the product's expected buyers so far, by how fast they came lately. */
function firstPurchases({ buyers, recentBuyers, shoppers }: Counts, interested: Float64Array): Float64Array {
  const monthly = (sumOf(recentBuyers) + 1) / (sumOf(buyers) + 1);
  const lately = relativeShares(recentBuyers, buyers, trendStrength);
  return expectedBuyers(buyers, interested).map((count, row) => {
    const expected = count * monthly * lately[row];
    const odds = expected / (shoppers + 1);
    return Math.log(odds / (1 + odds));
  });
}

/**
 * Returns the statistics of every product from the purchases up to an instant. O(purchases + products).
 *
 * @param instant - milliseconds since the epoch
 */
export function productStatisticsAt(
  timelines: Timelines,
  categories: CategoryTree,
  instant: number,
): ProductStatistics {
  const counts = countsAt(timelines, categories.leafOf.length, instant);
  const interested = interestedAt(timelines, categories.leafOf.length, instant);
  const repeats = { sums: counts.repeaters, counts: counts.buyers };
  const gaps = { sums: counts.gapSums, counts: counts.gaps };
  const month = Math.log1p(recentDays);
  return {
    repeat: shrunkMeans(categories, repeats, repeatStrengths, { sum: 1, count: 20 }).products.map(Math.log),
    gap: shrunkMeans(categories, gaps, gapStrengths, { sum: month, count: 1 }).products,
    popularity: counts.buyers.map(Math.log1p),
    trend: relativeShares(counts.recentPurchases, counts.purchases, trendStrength).map(Math.log),
    sold: counts.soldAt.map(at => Math.log1p(Math.min(3650, (instant - at) / msPerDay))),
    firstPurchase: firstPurchases(counts, interested),
  };
}
