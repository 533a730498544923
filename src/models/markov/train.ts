// Transitions between products, counted. With steps i … j of one shopper, whose orders are d apart (d = 1: the next order):
//
//   c_ij = Σ r f^(d-1)/|o_j| over j after i  +  b · r g^(d-1)/|o_j| over j before i      d ≤ reach
//        + Σ (1 + b)/2 · r/(|o| - 1) over j in the order o of i           products of an order have no direction
//   r = e^(-ρ × share of all steps that are later)                           recent steps count most
//   p(j | i) = c_ij / Σ_k c_ik,   confidence  n_i / (n_i + κ)                n_i = Σ_k c_ik
//
// |o_j| is the number of steps in the order of j: 1 for an event that is alone at its instant. The next order is thus a set
// of which each product is equally likely. Terms of two sessions are multiplied by acrossShare. Second-order transitions are
// counted over consecutive orders h, i, j of which h and i have one step each: p(j | h, i), with confidence
// n_hi / (n_hi + κ₂). All are divided by popularity^γ.
//
// First-order chains over sessions: Rendle, Freudenthaler & Schmidt-Thieme 2010 (the MC of FPMC). Pairs
// that skip steps, with decreasing weight: Ludewig & Jannach 2018, "Evaluation of session-based recommendation algorithms"
// (sequential rules). Confidence by count is the estimate of Witten & Bell 1991 with κ for their number of types.
//
// Cost: steps × (2·reach + 1) × |o| additions, |o| ≤ 200 (`maxOrderSteps`), and a dense row of scratch.

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

/** What training yields: the transitions, and the evidence behind them. */
export interface TrainedTransitions {
  readonly transitions: Transitions;
  /** n_i: weight of the transitions from each product. */
  readonly evidence: Float64Array;
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

/** Maximum number of steps of an order that count. The sequence within an order is drawn, so the first ones are a sample. */
const maxOrderSteps = 200;

/** Steps grouped by order. */
interface Orders {
  /** Order of each step, dense from 0. */
  readonly orderOf: Uint32Array;
  /** Steps of order o are [offsets[o], offsets[o + 1]). */
  readonly offsets: Uint32Array;
  /** First and last + 1 order of the user of each order, so that no transition crosses users. */
  readonly firsts: Uint32Array;
  readonly lasts: Uint32Array;
}

function ordersOf({ offsets, orders }: Steps): Orders {
  const orderOf = new Uint32Array(orders.length);
  const starts: number[] = [];
  const firsts: number[] = [];
  const lasts: number[] = [];
  for (let user = 0; user + 1 < offsets.length; user++) {
    const first = starts.length;
    for (let step = offsets[user]; step < offsets[user + 1]; step++) {
      if (step === offsets[user] || orders[step] !== orders[step - 1]) starts.push(step);
      orderOf[step] = starts.length - 1;
    }
    for (let order = first; order < starts.length; order++) {
      firsts.push(first);
      lasts.push(starts.length);
    }
  }
  return {
    orderOf,
    offsets: Uint32Array.from([...starts, orders.length]),
    firsts: Uint32Array.from(firsts),
    lasts: Uint32Array.from(lasts),
  };
}

/** Returns the first and last + 1 step of an order that count. */
function boundsOf({ offsets }: Orders, order: number): readonly [number, number] {
  return [offsets[order], Math.min(offsets[order + 1], offsets[order] + maxOrderSteps)];
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
  readonly orders: Orders;
  /** Weight by distance, [reach + 1]; 0 at distance 0. */
  readonly forward: Float64Array;
  readonly backward: Float64Array;
  /** Weight of the other products of an order together. */
  readonly within: number;
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
    orders: ordersOf(steps),
    forward: weights(1, forwardDecay),
    backward: weights(backwardShare, backwardDecay),
    within: (1 + backwardShare) / 2,
    acrossShare,
    discounts: discountsOf(counts, config.popularityExponent),
    sums: new Float64Array(products),
    touched: new Uint32Array(products),
    found: new Float32Array(products),
  };
}

/** Another order of a step's user, as a source of transitions. */
interface OtherOrder {
  readonly order: number;
  /** Of all its products together. */
  readonly weight: number;
  /** Whether the step's own product counts, too. */
  readonly countsRepeats: boolean;
}

/** Adds the transitions from one step to the products of an order; returns the number of products touched so far. */
function addOrder(counter: Counter, step: number, other: OtherOrder, touchedBefore: number): number {
  const { steps, recency, orders, acrossShare, sums, touched } = counter;
  const { productRows, sessions } = steps;
  const [start, end] = boundsOf(orders, other.order);
  const isOwn = orders.orderOf[step] === other.order;
  const each = other.weight / (isOwn ? end - start - 1 : end - start);
  let count = touchedBefore;
  for (let to = start; to < end; to++) {
    if (productRows[to] === productRows[step] && !other.countsRepeats) continue;
    const share = sessions[to] === sessions[step] ? recency[step] : acrossShare * recency[step];
    const weight = each * share;
    if (!(weight > 0)) continue;
    if (sums[productRows[to]] === 0) touched[count++] = productRows[to];
    sums[productRows[to]] += weight;
  }
  return count;
}

/** Adds all transitions from one step; returns the number of products touched so far. */
function addFrom(counter: Counter, step: number, touchedBefore: number): number {
  const { orders, forward, backward, within } = counter;
  const own = orders.orderOf[step];
  const [start, end] = boundsOf(orders, own);
  if (step >= end) return touchedBefore;
  let count = touchedBefore;
  for (let distance = 1; distance < forward.length && own + distance < orders.lasts[own]; distance++) {
    // A product follows itself only if the very next order repeats it, counted once; repeats further apart are ignored.
    const other = { order: own + distance, weight: forward[distance], countsRepeats: distance === 1 };
    count = addOrder(counter, step, other, count);
  }
  for (let distance = 1; distance < backward.length && own - distance >= orders.firsts[own]; distance++) {
    const other = { order: own - distance, weight: backward[distance], countsRepeats: false };
    count = addOrder(counter, step, other, count);
  }
  if (end - start === 1) return count;
  return addOrder(counter, step, { order: own, weight: within, countsRepeats: false }, count);
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

/** Returns the positions of i in consecutive orders (h, i, j) where h and i have one step each, for one i, by h, then by time. */
function middlesOf({ steps, places, orders }: Counter, product: number): Uint32Array {
  const { productRows, sessions } = steps;
  const { orderOf, offsets, firsts, lasts } = orders;
  const isAlone = (order: number): boolean => offsets[order + 1] - offsets[order] === 1;
  const isMiddle = (step: number): boolean => {
    const own = orderOf[step];
    return (
      own > firsts[own] &&
      own + 1 < lasts[own] &&
      isAlone(own) &&
      isAlone(own - 1) &&
      productRows[step - 1] !== product &&
      sessions[step - 1] === sessions[step + 1]
    );
  };
  return places.steps
    .subarray(places.offsets[product], places.offsets[product + 1])
    .filter(isMiddle)
    .sort((a, b) => productRows[a - 1] - productRows[b - 1] || a - b);
}

/** Counts the successors of each pair (h, i) of one product i. */
function addPairs(counter: Counter, product: number, shrinkage: number, pairs: PairLists): void {
  const { steps, recency, orders, sums, touched } = counter;
  const middles = middlesOf(counter, product);
  for (let from = 0; from < middles.length; ) {
    const earlier = steps.productRows[middles[from] - 1];
    let count = 0;
    let to = from;
    for (; to < middles.length && steps.productRows[middles[to] - 1] === earlier; to++) {
      const [start, end] = boundsOf(orders, orders.orderOf[middles[to]] + 1);
      for (let next = start; next < end; next++) {
        const row = steps.productRows[next];
        if (sums[row] === 0) touched[count++] = row;
        sums[row] += recency[middles[to]] / (end - start);
      }
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

/** Returns the number of steps to each product, divided by the highest. */
function popularityOf({ offsets }: Places): Float32Array {
  const counts = Float32Array.from(offsets.subarray(1), (end, product) => end - offsets[product]);
  const highest = counts.reduce((most, count) => Math.max(most, count), 1);
  return counts.map(count => count / highest);
}

/** Products between two checks of the signal. */
const productsAtOnce = 512;

/**
 * Counts the transitions of first and second order. Deterministic.
 *
 * @param isWanted - 1 for each product whose transitions are needed, the others get none; absent: all
 * @throws {GatewayError} CANCELLED
 */
export async function trainTransitions(
  steps: Steps,
  products: number,
  config: MarkovConfig,
  context: TrainContext,
  isWanted?: Uint8Array,
): Promise<TrainedTransitions> {
  const counter = counterOf(steps, products, config);
  const { offsets } = counter.places;
  const lists = listsBuilder();
  const pairs: PairLists = { starts: new Uint32Array(products + 1), earlier: [], lists: listsBuilder() };
  const trusts = new Float32Array(products);
  const evidence = new Float64Array(products);
  for (let product = 0; product < products; product++) {
    if (product % productsAtOnce === 0) {
      await pause();
      checkCancelled(context);
      context.onProgress(product, products);
    }
    let count = 0;
    const end = isWanted?.[product] === 0 ? offsets[product] : offsets[product + 1];
    for (let place = offsets[product]; place < end; place++) {
      count = addFrom(counter, counter.places.steps[place], count);
    }
    const total = takeShares(counter, count);
    evidence[product] = total;
    trusts[product] = total > 0 ? total / (total + config.shrinkage) : 0;
    keepBest(counter, count, config.maxTransitions, lists);
    pairs.starts[product + 1] = pairs.earlier.length;
    if (end > offsets[product] && config.secondOrderShare > 0)
      addPairs(counter, product, config.secondOrderShrinkage, pairs);
  }
  context.onProgress(products, products);
  const first = lists.build();
  const second = pairs.lists.build();
  const transitions = {
    offsets: first.offsets,
    rows: first.rows,
    shares: first.shares,
    trusts,
    popularity: popularityOf(counter.places),
    pairStarts: pairs.starts,
    pairEarlier: Uint32Array.from(pairs.earlier),
    pairOffsets: second.offsets,
    pairRows: second.rows,
    pairShares: second.shares,
  };
  return { transitions, evidence };
}
