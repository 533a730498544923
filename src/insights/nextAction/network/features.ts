import type { Step } from '../step';
import type { Lookups } from './shape';

/** Prices are clipped to this many deviations. */
const farthestPrice = 3;
/** Scale of the logarithm of seconds: about 1 for half an hour. */
const timeScale = 1 / 8;

/** Writes the dense features of a step, each of about 0–1 or of deviation about 1, to [denseCount] places. */
export function denseInto(step: Readonly<Step>, out: Float32Array, at: number): void {
  const { price, gapSeconds, sessionSeconds, position } = step;
  out[at] = Math.max(-farthestPrice, Math.min(farthestPrice, price));
  out[at + 1] = Math.log1p(gapSeconds) * timeScale;
  out[at + 2] = Math.log1p(sessionSeconds) * timeScale;
  out[at + 3] = step.startsSession;
  out[at + 4] = Math.log1p(position) / 2;
  out[at + 5] = Math.log1p(step.sessions) / 3;
  out[at + 6] = Number(step.sessions === 0);
  out[at + 7] = step.seenInSession;
  out[at + 8] = step.seenBefore;
  out[at + 9] = step.isFirstProduct;
  out[at + 10] = step.isSameProduct;
  out[at + 11] = step.isSameCategory;
  out[at + 12] = step.wasInCart;
  out[at + 13] = step.wasBought;
  out[at + 14] = Number(step.cartSize > 0);
  out[at + 15] = Math.log1p(step.cartSize);
  out[at + 16] = Number(step.cartAdds > 0);
  out[at + 17] = Math.log1p(step.cartAdds);
  out[at + 18] = Number(step.purchases > 0);
  out[at + 19] = Math.log1p(step.purchases);
  out[at + 20] = Math.log1p(step.products) / 2;
  out[at + 21] = Math.log1p(step.boughtInCategory) / 2;
  out[at + 22] = Number(step.products === 1);
  writeHabits(step, out, at + 23);
}

/** Views or sessions that are added to the denominators of rates, so that few events do not give extreme rates. */
const priorCount = 4;

/** Writes the shopper's habits so far, as smoothed rates. */
function writeHabits(step: Readonly<Step>, out: Float32Array, at: number): void {
  const sessions = step.sessions + 1 + priorCount;
  out[at] = step.priceDistance;
  out[at + 1] = step.categoryShare;
  out[at + 2] = step.clicks / (step.views + 1);
  out[at + 3] = Math.log1p(step.views) / 2;
  out[at + 4] = Math.log1p(step.clicks) / 2;
  out[at + 5] = step.everClicks / (step.everViews + priorCount);
  out[at + 6] = step.everCartAdds / sessions;
  out[at + 7] = step.everPurchases / sessions;
  out[at + 8] = step.everEvents / sessions / 8;
}

/** Writes the table rows that a step looks up to [indexCount] places, `stride` apart. */
export function indicesInto(
  step: Readonly<Step>,
  { fields, categoryStart }: Lookups,
  out: Uint32Array,
  at: number,
  stride: number,
): void {
  let place = at;
  for (const { field, first, last } of fields) {
    out[place] = Math.min(first + step[field], last);
    place += stride;
  }
  out[place] = categoryStart + step.category;
}
