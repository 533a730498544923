/** Length of the lists that trials ask for. */
export const cutoff = 20;

/** Sums of the discounts 1/log₂(rank + 1) of the first places: entry n has n of them. */
const discountSums = new Float64Array(cutoff + 1);
for (let place = 1; place <= cutoff; place++)
  discountSums[place] = discountSums[place - 1] + 1 / Math.log2(place + 1);

/** Returns the discounted gain of the best list for a number of relevant products, at least 1. */
export const bestGain = (relevant: number): number => discountSums[Math.min(cutoff, relevant)];

/** Returns the mean discount of the places after `above` products that `tied` products share by lot; places after the list have 0. */
export const gainOfTies = (above: number, tied: number): number =>
  above >= cutoff
    ? 0
    : (discountSums[Math.min(cutoff, above + tied)] - discountSums[above]) / Math.max(1, tied);
