import type { ShopperPurchases } from '../model';
import { msPerDay, type ProductStatistics } from './productStatistics';

/** Names of the features of one bought product, in the order of the coefficients. */
export const featureNames = [
  'intercept',
  'orders',
  'since',
  'shopperOrders',
  'shopperGap',
  'shopperSince',
  'repeat',
  'popularity',
  'trend',
  'sold',
  'gap',
  'isRepeated',
  'phase',
  'distance',
  'ordersSince',
  'basket',
  'shopperRepeats',
  'age',
] as const;

/** Number of features. */
export const featureCount = featureNames.length;

/** Days that stand for the shopper's interval between orders until there is a second order. */
const priorShopperGap = 30;

const logDays = (ms: number): number => Math.log1p(Math.max(0, ms) / msPerDay);

/** How a shopper buys, as numbers; each takes the shopper's purchases and an instant not before the latest of them. */
export const shopperFeatures: readonly ((purchases: ShopperPurchases, now: number) => number)[] = [
  ({ orderCount }) => Math.log(orderCount),
  ({ orderCount, firstOrderAt, lastOrderAt }) =>
    Math.log1p(((lastOrderAt - firstOrderAt) / msPerDay + priorShopperGap) / orderCount),
  ({ lastOrderAt }, now) => logDays(now - lastOrderAt),
  ({ lineCount, orderCount }) => Math.log(lineCount / orderCount),
  ({ lineCount, productCount }) => (lineCount - productCount) / lineCount,
];

/**
 * Writes the features of one bought product at an instant. They use nothing later than the instant.
 *
 * The own interval is (span of the purchases + the product's interval) / number of orders: one interval of the product's kind
 * as a prior. `phase` is log((days since + 1) / (interval + 1)): 0 when the product is due, above it when it is overdue.
 *
 * @param entry - of the purchases' columns; the product was bought
 * @param row - of the product in `statistics`
 * @param now - not before the shopper's latest order, milliseconds since the epoch
 * @param out - [featureCount]
 */
export function featuresInto(
  purchases: ShopperPurchases,
  entry: number,
  statistics: ProductStatistics,
  row: number,
  now: number,
  out: Float64Array,
): void {
  const [shopperOrders, shopperGap, shopperSince, basket, shopperRepeats] = shopperFeatures.map(featureOf =>
    featureOf(purchases, now),
  );
  const orders = purchases.orders[entry];
  const [firstAt, lastAt] = [purchases.firstAt[entry], purchases.lastAt[entry]];
  const since = Math.max(0, now - lastAt) / msPerDay;
  const interval = ((lastAt - firstAt) / msPerDay + Math.expm1(statistics.gap[row])) / orders;
  const phase = Math.log((since + 1) / (interval + 1));
  out[0] = 1;
  out[1] = Math.log(orders);
  out[2] = Math.log1p(since);
  out[3] = shopperOrders;
  out[4] = shopperGap;
  out[5] = shopperSince;
  out[6] = statistics.repeat[row];
  out[7] = statistics.popularity[row];
  out[8] = statistics.trend[row];
  out[9] = statistics.sold[row];
  out[10] = statistics.gap[row];
  out[11] = Number(orders > 1);
  out[12] = phase;
  out[13] = Math.abs(phase);
  out[14] = Math.log1p(purchases.ordersSince[entry]);
  out[15] = basket;
  out[16] = shopperRepeats;
  out[17] = logDays(now - firstAt);
}
