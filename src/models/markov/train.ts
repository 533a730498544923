// Transitions between products, counted. With steps i … j of one shopper, d apart (d = 1: the next step):
//
//   c_ij = Σ r f^(d-1) over j after i  +  b · r g^(d-1) over j before i      d ≤ reach; times acrossShare across sessions
//   r = e^(-ρ × share of all steps that are later)                           recent steps count most
//   p(j | i) = c_ij / Σ_k c_ik,   confidence  n_i / (n_i + κ)                n_i = Σ_k c_ik
//
// and of second order, over consecutive steps h, i, j: p(j | h, i), with confidence n_hi / (n_hi + κ₂). All
// are divided by popularity^γ. First-order chains over sessions: Rendle, Freudenthaler & Schmidt-Thieme 2010
// (the MC of FPMC). Pairs that skip steps, with decreasing weight: Ludewig & Jannach 2018, "Evaluation of
// session-based recommendation algorithms" (sequential rules). Confidence by count is the estimate of Witten
// & Bell 1991 with κ for their number of types.
//
// Cost: steps × 2·reach additions and a dense row of scratch.

import { checkCancelled } from '../../learning/cancelled';
import type { SettingValues } from '../../learning/settings';
import type { TrainContext } from '../../learning/trainContext';
import { pause } from '../../numeric/pause';
import { topKInto } from '../../numeric/topK';
import type { Steps } from '../../snapshot/steps';
import { type ListBuilder, listsBuilder } from './lists';
import type { markovSettings } from './settings';

/** Values of all settings. */
export type MarkovConfig = SettingValues<typeof markovSettings>;

/** Counted transitions, ready for scoring. */
export interface Transitions {
  /** Successors of product i are [offsets[i], offsets[i + 1]), best first. Length products + 1. */
  readonly offsets: Uint32Array;
  readonly rows: Uint32Array;
  /** p(j | i), corrected for popularity. > 0. */
  readonly shares: Float32Array;
  /** Confidence n_i / (n_i + κ): 0 for a product from which no user continued. */
  readonly trusts: Float32Array;
  /** Steps to each product, divided by the highest. 0-1. */
  readonly popularity: Float32Array;
  /** Pairs (h, i) in order of i, then h: those of product i are [pairStarts[i], pairStarts[i + 1]). */
  readonly pairStarts: Uint32Array;
  readonly pairEarlier: Uint32Array;
  /** Successors of pair q are [pairOffsets[q], pairOffsets[q + 1]). Length pairs + 1. */
  readonly pairOffsets: Uint32Array;
  readonly pairRows: Uint32Array;
  /** p(j | h, i), corrected for popularity, times the confidence in the pair. > 0. */
  readonly pairShares: Float32Array;
}

/** Steps grouped by product. */
interface Places {
  /** Steps at product i are [offsets[i], offsets[i + 1]). */
  readonly offsets: Uint32Array;
  readonly steps: Uint32Array;
}

function placesOf({ productRows }: Steps, products: number): Places {
  const offsets = new Uint32Array(products + 1);
  for (const product of productRows) offsets[product + 1]++;
  for (let product = 0; product < products; product++) offsets[product + 1] += offsets[product];
  const next = offsets.slice();
  const steps = new Uint32Array(productRows.length);
  for (let step = 0; step < productRows.length; step++) steps[next[productRows[step]]++] = step;
  return { offsets, steps };
}

/** Returns the first and last + 1 step of the user of each step, so that no transition crosses users. */
function boundsOf({ offsets, productRows }: Steps): {
  readonly starts: Uint32Array;
  readonly ends: Uint32Array;
} {
  const starts = new Uint32Array(productRows.length);
  const ends = new Uint32Array(productRows.length);
  for (let user = 0; user + 1 < offsets.length; user++) {
    starts.fill(offsets[user], offsets[user], offsets[user + 1]);
    ends.fill(offsets[user + 1], offsets[user], offsets[user + 1]);
  }
  return { starts, ends };
}

/**
 * Returns (steps to j + 2)^-γ, scaled so that the average step keeps its weight and shares stay near
 * probabilities. The 2 keeps products with a single shopper from ranking first.
 */
function discountsOf(counts: Uint32Array, exponent: number): Float64Array {
  const raw = Float64Array.from(counts, count => (count + 2) ** -exponent);
  let [sum, steps] = [0, 0];
  for (let product = 0; product < counts.length; product++) {
    sum += counts[product] * raw[product];
    steps += counts[product];
  }
  return steps > 0 ? raw.map(value => (value * steps) / sum) : raw;
}

/**
 * Returns e^(-decay × share of the steps that are later) of every step: by rank, so that it is independent of
 * time units.
 */
function recencyOf({ occurredAt }: Steps, decay: number): Float32Array {
  const times = occurredAt.slice().sort();
  const shareLater = (at: number): number => {
    let [low, high] = [0, times.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (times[middle] <= at) low = middle + 1;
      else high = middle;
    }
    return 1 - low / times.length;
  };
  return Float32Array.from(occurredAt, at => Math.exp(-decay * shareLater(at)));
}

/** State for counting the transitions of one product, allocated once. */
interface Counter {
  readonly steps: Steps;
  readonly recency: Float32Array;
  readonly places: Places;
  readonly starts: Uint32Array;
  readonly ends: Uint32Array;
  /** Weight by distance, [reach + 1]; 0 at distance 0. */
  readonly forward: Float64Array;
  readonly backward: Float64Array;
  readonly acrossShare: number;
  readonly discounts: Float64Array;
  /** [products], all 0 between two products. */
  readonly sums: Float64Array;
  readonly touched: Uint32Array;
  readonly found: Float32Array;
}

function counterOf(steps: Steps, products: number, config: MarkovConfig): Counter {
  const { reach, forwardDecay, backwardShare, backwardDecay, acrossShare } = config;
  const places = placesOf(steps, products);
  const counts = Uint32Array.from(
    { length: products },
    (_, product) => places.offsets[product + 1] - places.offsets[product],
  );
  const weights = (scale: number, decay: number): Float64Array =>
    Float64Array.from({ length: reach + 1 }, (_, distance) =>
      distance === 0 ? 0 : scale * decay ** (distance - 1),
    );
  return {
    steps,
    recency: recencyOf(steps, config.recencyDecay),
    places,
    ...boundsOf(steps),
    forward: weights(1, forwardDecay),
    backward: weights(backwardShare, backwardDecay),
    acrossShare,
    discounts: discountsOf(counts, config.popularityExponent),
    sums: new Float64Array(products),
    touched: new Uint32Array(products),
    found: new Float32Array(products),
  };
}

/** Adds the transitions from one step in one direction; returns the number of products touched so far. */
function addFrom(counter: Counter, step: number, direction: 1 | -1, touchedBefore: number): number {
  const { steps, recency, starts, ends, forward, backward, acrossShare, sums, touched } = counter;
  const { productRows, sessions } = steps;
  const weights = direction === 1 ? forward : backward;
  let count = touchedBefore;
  for (let distance = 1; distance < weights.length; distance++) {
    const other = step + direction * distance;
    if (other < starts[step] || other >= ends[step]) break;
    // A product follows itself only if the very next step repeats it, counted once; repeats further apart are
    // ignored.
    if (productRows[other] === productRows[step] && (direction === -1 || distance > 1)) continue;
    const share = sessions[other] === sessions[step] ? recency[step] : acrossShare * recency[step];
    const weight = weights[distance] * share;
    if (!(weight > 0)) continue;
    if (sums[productRows[other]] === 0) touched[count++] = productRows[other];
    sums[productRows[other]] += weight;
  }
  return count;
}

/** Converts the touched sums into shares in `found`, clears them, and returns n_i. */
function takeShares({ sums, touched, found, discounts }: Counter, count: number): number {
  // In order of row, so that topK breaks ties by row.
  touched.subarray(0, count).sort();
  let total = 0;
  for (let index = 0; index < count; index++) total += sums[touched[index]];
  for (let index = 0; index < count; index++) {
    found[index] = (sums[touched[index]] / total) * discounts[touched[index]];
    sums[touched[index]] = 0;
  }
  return total;
}

/** Appends the `limit` best products found, best first. */
function keepBest({ touched, found }: Counter, count: number, limit: number, lists: ListBuilder): void {
  const places = new Uint32Array(Math.min(limit, count));
  const shares = new Float32Array(places.length);
  topKInto(found.subarray(0, count), places, shares);
  lists.append(
    places.map(place => touched[place]),
    shares,
  );
}

/** Pairs of second order found so far. */
interface PairLists {
  readonly starts: Uint32Array;
  readonly earlier: number[];
  readonly lists: ListBuilder;
}

/** Returns the positions of i within consecutive (h, i, j), for one i, in order of h, then of time. */
function middlesOf({ steps, places, starts, ends }: Counter, product: number): Uint32Array {
  const { productRows, sessions } = steps;
  const isMiddle = (step: number): boolean =>
    step > starts[step] &&
    step + 1 < ends[step] &&
    productRows[step - 1] !== product &&
    sessions[step - 1] === sessions[step + 1];
  return places.steps
    .subarray(places.offsets[product], places.offsets[product + 1])
    .filter(isMiddle)
    .sort((a, b) => productRows[a - 1] - productRows[b - 1] || a - b);
}

/** Counts the successors of each pair (h, i) of one product i. */
function addPairs(counter: Counter, product: number, shrinkage: number, pairs: PairLists): void {
  const { steps, recency, sums, touched } = counter;
  const middles = middlesOf(counter, product);
  for (let from = 0; from < middles.length; ) {
    const earlier = steps.productRows[middles[from] - 1];
    let count = 0;
    let to = from;
    for (; to < middles.length && steps.productRows[middles[to] - 1] === earlier; to++) {
      const next = steps.productRows[middles[to] + 1];
      if (sums[next] === 0) touched[count++] = next;
      sums[next] += recency[middles[to]];
    }
    const total = takeShares(counter, count);
    const confidence = total / (total + shrinkage);
    const rows = touched.slice(0, count);
    pairs.earlier.push(earlier);
    pairs.lists.append(
      rows,
      counter.found.slice(0, count).map(share => share * confidence),
    );
    from = to;
  }
  pairs.starts[product + 1] = pairs.earlier.length;
}

/** Products between two checks of the signal. */
const productsAtOnce = 512;

/**
 * Counts the transitions of first and second order. Deterministic.
 *
 * @throws {GatewayError} CANCELLED
 */
export async function trainTransitions(
  steps: Steps,
  products: number,
  config: MarkovConfig,
  context: TrainContext,
): Promise<Transitions> {
  const counter = counterOf(steps, products, config);
  const { offsets } = counter.places;
  const lists = listsBuilder();
  const pairs: PairLists = { starts: new Uint32Array(products + 1), earlier: [], lists: listsBuilder() };
  const trusts = new Float32Array(products);
  for (let product = 0; product < products; product++) {
    if (product % productsAtOnce === 0) {
      await pause();
      checkCancelled(context);
      context.onProgress(product, products);
    }
    let count = 0;
    for (let place = offsets[product]; place < offsets[product + 1]; place++) {
      count = addFrom(counter, counter.places.steps[place], 1, count);
      count = addFrom(counter, counter.places.steps[place], -1, count);
    }
    const total = takeShares(counter, count);
    trusts[product] = total > 0 ? total / (total + config.shrinkage) : 0;
    keepBest(counter, count, config.maxTransitions, lists);
    pairs.starts[product + 1] = pairs.earlier.length;
    if (config.secondOrderShare > 0) addPairs(counter, product, config.secondOrderShrinkage, pairs);
  }
  context.onProgress(products, products);
  const highest = offsets.reduce(
    (most, end, index) => Math.max(most, index > 0 ? end - offsets[index - 1] : 0),
    1,
  );
  const first = lists.build();
  const second = pairs.lists.build();
  return {
    offsets: first.offsets,
    rows: first.rows,
    shares: first.shares,
    trusts,
    popularity: Float32Array.from(
      trusts,
      (_, product) => (offsets[product + 1] - offsets[product]) / highest,
    ),
    pairStarts: pairs.starts,
    pairEarlier: Uint32Array.from(pairs.earlier),
    pairOffsets: second.offsets,
    pairRows: second.rows,
    pairShares: second.shares,
  };
}
