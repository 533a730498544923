import type { Steps } from '../snapshot/steps';
import type { ShopperHistory } from './model';

/** Products followed by at least this number of other distinct products get no repeat rate. */
const ages = 20;
/** Weight classes: about one interaction, about two, more. */
const classes = 3;
/** Number of rates: ages × weight classes. */
export const repeatRatesLength = ages * classes;
/** Prior number of chances without a repeat per rate: it shrinks rates that rest on few data towards 0. */
const priorChances = 50;

const classOf = (weight: number): number => (weight < 1.5 ? 0 : weight < 2.5 ? 1 : 2);

/** Index of the rate for a product followed by `age` other distinct products, in later orders. */
const placeOf = (age: number, weight: number): number => classOf(weight) * ages + age;

/** A product met, by its latest order. */
interface Met {
  readonly product: number;
  readonly weight: number;
  readonly order: number;
}

/** Returns how many of the products are in later orders than each. @param met - in order of time */
function agesIn(met: readonly Met[]): number[] {
  const own: number[] = new Array(met.length).fill(0);
  for (let entry = met.length - 2; entry >= 0; entry--) {
    const isSameOrder = met[entry].order === met[entry + 1].order;
    own[entry] = isSameOrder ? own[entry + 1] : met.length - entry - 1;
  }
  return own;
}

/** One order: steps [start, end). */
interface OrderOfSteps {
  readonly start: number;
  readonly end: number;
}

/** Counts, for every step of an order, the chances and repeats of the products met before the order. */
function countOrder(
  { productRows }: Steps,
  { start, end }: OrderOfSteps,
  met: readonly Met[],
  counts: { readonly chances: Float64Array; readonly repeats: Float64Array },
): void {
  const chosen = new Set(productRows.subarray(start, end));
  const own = agesIn(met);
  for (const [entry, { product, weight }] of met.entries()) {
    const place = placeOf(own[entry], weight);
    counts.chances[place] += end - start;
    if (chosen.has(product)) counts.repeats[place]++;
  }
}

/** Returns the products met with an order more; those that are too old for a rate are left out. */
function withOrder(
  { productRows, weights, orders }: Steps,
  { start, end }: OrderOfSteps,
  met: readonly Met[],
): readonly Met[] {
  const sums = new Map<number, number>();
  for (let step = start; step < end; step++) sums.set(productRows[step], weights[step]);
  const kept: Met[] = [];
  for (const entry of met) {
    const added = sums.get(entry.product);
    if (added === undefined) kept.push(entry);
    else sums.set(entry.product, entry.weight + added);
  }
  for (const [product, weight] of sums) kept.push({ product, weight, order: orders[start] });
  const own = agesIn(kept);
  return kept.filter((_, entry) => own[entry] < ages);
}

/**
 * Returns how often a step of the next order went back to a product, by the number of distinct products in later orders and by
 * its summed weight. Rates are counted, so they are near 0 in a shop without repeats and need no setting.
 *
 * @returns [ages × weight classes], each ≥ 0 and < 1
 */
export function repeatRatesOf(steps: Steps): Float32Array {
  const { offsets, orders } = steps;
  const counts = {
    chances: new Float64Array(repeatRatesLength),
    repeats: new Float64Array(repeatRatesLength),
  };
  for (let user = 0; user + 1 < offsets.length; user++) {
    let met: readonly Met[] = [];
    for (let start = offsets[user]; start < offsets[user + 1]; ) {
      let end = start + 1;
      while (end < offsets[user + 1] && orders[end] === orders[start]) end++;
      countOrder(steps, { start, end }, met, counts);
      met = withOrder(steps, { start, end }, met);
      start = end;
    }
  }
  const { chances, repeats } = counts;
  return Float32Array.from(chances, (count, place) => repeats[place] / (count + priorChances));
}

/**
 * Adds to the score of each liked product of a history the rate at which shoppers go back to products of its age and
 * weight. Scores must be approximate probabilities of the next product.
 *
 * @param out - [products]
 * @param share - multiplies the rates: lower where the scores already model repeats
 */
export function addRepeats(rates: Float32Array, history: ShopperHistory, out: Float32Array, share = 1): void {
  const { productRows, weights, occurredAt } = history;
  let [liked, age, instant] = [0, 0, Number.NaN];
  for (let entry = productRows.length - 1; entry >= 0; entry--) {
    if (!(weights[entry] > 0)) continue;
    if (occurredAt[entry] !== instant) [age, instant] = [liked, occurredAt[entry]];
    if (age >= ages) break;
    out[productRows[entry]] += share * rates[placeOf(age, weights[entry])];
    liked++;
  }
}
