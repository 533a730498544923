// How likely a shopper chooses again what they met, where the part that tells repeats says nothing about it: products that they viewed
// and did not buy. Logistic regression over the trial on how much they met the product and how long ago. Whether a shopper goes back to
// a product is mainly a habit of the shop's shoppers; sums of parts that were weighed for new products say less about it.

import type { ShopperHistory } from '../model';

const msPerDay = 86_400_000;

/** An intercept; logarithms of the product's weight, of the number of products in later orders, and of the days since. */
export const revisitColumns = 4;

/** How products that were met get log-odds. */
export interface RevisitLine {
  /** `viewed`: products that were not bought, where a part tells repeats of the others; `met`: all. */
  readonly covers: 'viewed' | 'met';
  /** [revisitColumns] */
  readonly coefficients: Float64Array;
}

/** Returns the entries of liked products that a line covers, ascending. */
export function revisitEntries(
  { weights, purchases }: ShopperHistory,
  covers: RevisitLine['covers'],
): readonly number[] {
  const isRepeat = (entry: number): boolean => covers === 'viewed' && (purchases?.orders[entry] ?? 0) > 0;
  return [...weights.keys()].filter(entry => weights[entry] > 0 && !isRepeat(entry));
}

/** Writes the columns of one entry. @param out - [revisitColumns] */
export function revisitInto(
  { productRows, weights, occurredAt, now }: ShopperHistory,
  entry: number,
  out: Float64Array,
): void {
  // Entries of one instant are an order without sequence.
  let last = entry;
  while (last + 1 < productRows.length && occurredAt[last + 1] === occurredAt[entry]) last++;
  out[0] = 1;
  out[1] = Math.log1p(weights[entry]);
  out[2] = Math.log1p(productRows.length - 1 - last);
  out[3] = Math.log1p(Math.max(0, now - occurredAt[entry]) / msPerDay);
}

/** Returns the log-odds of some columns. @param columns - of one entry or more, from `start` */
export function revisitLogOdds(coefficients: Float64Array, columns: Float64Array, start = 0): number {
  let logOdds = 0;
  for (let column = 0; column < revisitColumns; column++)
    logOdds += coefficients[column] * columns[start + column];
  return logOdds;
}
