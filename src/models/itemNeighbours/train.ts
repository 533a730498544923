// Item-item similarities from the users who interacted with both products. For products i (in a history) and
// j (to recommend), over the users u who have both, with strengths x and steps d from i to j in the user's
// order of time:
//
//   c_ij = Σ_u x_ui · x_uj · prox(d) / W_ui^δ,   W_ui = Σ_k≠i prox(d_ik)     co-occurrence, busy users damped
//   s_ij = c_ij / (N_i^α · N_j^β) · n_ij / (n_ij + λ),   N_i = Σ_u x_ui²
//
// - δ = 0, α = β = ½ is the cosine of Sarwar et al. 2001 (Deshpande & Karypis 2004 for top-N lists).
// - δ = 1, α = 1 and β > 0 is the random walk of RP3β (Paudel et al. 2017), which goes from i to a user, and on
//   to one of W_ui products.
// - n_ij / (n_ij + λ) is the significance weighting of Koren 2008 (eq. 3; after Herlocker et al. 1999): it
//   discounts pairs with few users.
// - prox depends on order: 1 at one instant (a basket), decay^(d - 1) when j came d steps after i, less in the
//   reverse order.
//
// Cost: Σ_u n_u² additions (n_u limited to maxLength), dense scratch of a few numbers per product, and the
// result: the whole product × product matrix is never in memory.

import { checkCancelled } from '../../learning/cancelled';
import type { SettingValues } from '../../learning/settings';
import type { TrainContext } from '../../learning/trainContext';
import type { Csr } from '../../numeric/csr';
import { pause } from '../../numeric/pause';
import { topKInto } from '../../numeric/topK';
import type { Snapshot } from '../../snapshot/snapshot';
import type { itemNeighboursSettings } from './settings';
import { type Timelines, timelinesOf } from './timelines';

/** Values of all settings. */
export type ItemNeighboursConfig = SettingValues<typeof itemNeighboursSettings>;

/** The neighbours of every product, best first. */
export interface Neighbours {
  /** Neighbours of product i are [offsets[i], offsets[i + 1]). Length products + 1. */
  readonly offsets: Uint32Array;
  readonly rows: Uint32Array;
  /** > 0, descending within a product. */
  readonly similarities: Float32Array;
  /** N_i / max N: orders products without a neighbour. 0-1. */
  readonly popularity: Float32Array;
}

/** What training yields: the neighbours, and the evidence behind them. */
export interface TrainedNeighbours extends Neighbours {
  /** N_i. */
  readonly evidence: Float64Array;
}

/** Positions of each product in the timelines. */
interface Places {
  /** Places of product i are [offsets[i], offsets[i + 1]). */
  readonly offsets: Uint32Array;
  readonly users: Uint32Array;
  /** Index into the timelines' entries. */
  readonly entries: Uint32Array;
}

function placesOf({ users, products, offsets, productRows }: Timelines): Places {
  const starts = new Uint32Array(products + 1);
  for (const product of productRows) starts[product + 1]++;
  for (let product = 0; product < products; product++) starts[product + 1] += starts[product];
  const next = starts.slice();
  const places = {
    offsets: starts,
    users: new Uint32Array(productRows.length),
    entries: new Uint32Array(productRows.length),
  };
  for (let user = 0; user < users; user++) {
    for (let entry = offsets[user]; entry < offsets[user + 1]; entry++) {
      const place = next[productRows[entry]]++;
      places.users[place] = user;
      places.entries[place] = entry;
    }
  }
  return places;
}

/** Minimum proximity of a pair: below it, pairs are ignored. */
const minProximity = 1e-3;

/**
 * Returns prox(d) at index reach + d, for -reach ≤ d ≤ reach: j after i where d > 0, before it where d < 0.
 * Pairs further apart count 0.
 */
function proximityTable(config: ItemNeighboursConfig, longest: number): Float64Array {
  const { proximityDecay, proximityFloor, backwardShare } = config;
  const forward = [1];
  for (let distance = 1; distance <= longest; distance++) {
    const proximity = Math.max(proximityDecay ** (distance - 1), proximityFloor);
    if (proximity < minProximity) break;
    forward.push(proximity);
  }
  const backward = forward.slice(1).map(proximity => proximity * backwardShare);
  return Float64Array.from([...backward.reverse(), ...forward]);
}

/** State for the co-occurrences of one product: inputs and sums. */
interface Scratch {
  readonly timelines: Timelines;
  readonly places: Places;
  /** W_ui^-δ of every entry of the timelines. */
  readonly damping: Float64Array;
  readonly proximity: Float64Array;
  readonly sums: Float64Array;
  readonly support: Uint32Array;
  readonly touched: Uint32Array;
}

/** Returns the first entry of the user within reach before `own`. */
function firstWithin({ offsets, steps }: Timelines, user: number, own: number, reach: number): number {
  let first = own;
  while (first > offsets[user] && steps[own] - steps[first - 1] <= reach) first--;
  return first;
}

/** Returns W_ui of one entry. Where a user's products share one instant, it is their number less one. */
function weightAround(timelines: Timelines, user: number, own: number, proximity: Float64Array): number {
  const { offsets, steps } = timelines;
  const end = offsets[user + 1];
  if (steps[end - 1] === 0) return end - offsets[user] - 1;
  const reach = (proximity.length - 1) / 2;
  let weight = -1;
  let entry = firstWithin(timelines, user, own, reach);
  for (; entry < end && steps[entry] - steps[own] <= reach; entry++) {
    weight += proximity[reach + steps[entry] - steps[own]];
  }
  return weight;
}

/** Returns W_ui^-δ of every entry. */
function dampingOf(timelines: Timelines, proximity: Float64Array, exponent: number): Float64Array {
  const { users, offsets, steps } = timelines;
  const damping = new Float64Array(steps.length);
  for (let user = 0; user < users; user++) {
    for (let own = offsets[user]; own < offsets[user + 1]; own++) {
      const weight = weightAround(timelines, user, own, proximity);
      damping[own] = weight > 0 ? weight ** -exponent : 1;
    }
  }
  return damping;
}

function scratchOf(timelines: Timelines, config: ItemNeighboursConfig): Scratch {
  const { products, steps } = timelines;
  const longest = steps.reduce((max, step) => Math.max(max, step), 0);
  const proximity = proximityTable(config, longest);
  return {
    timelines,
    places: placesOf(timelines),
    damping: dampingOf(timelines, proximity, config.userDamping),
    proximity,
    sums: new Float64Array(products),
    support: new Uint32Array(products),
    touched: new Uint32Array(products),
  };
}

/** Adds c_ij and n_ij for all j of one i to sums and support; returns the number of j touched. */
function addCoOccurrences(scratch: Scratch, product: number): number {
  const { timelines, places, damping, proximity, sums, support, touched } = scratch;
  const { offsets, productRows, steps, strengths } = timelines;
  const reach = (proximity.length - 1) / 2;
  let count = 0;
  for (let place = places.offsets[product]; place < places.offsets[product + 1]; place++) {
    const user = places.users[place];
    const own = places.entries[place];
    const weight = damping[own] * strengths[own];
    let entry = firstWithin(timelines, user, own, reach);
    for (; entry < offsets[user + 1] && steps[entry] - steps[own] <= reach; entry++) {
      if (entry === own) continue;
      const other = productRows[entry];
      if (support[other]++ === 0) touched[count++] = other;
      sums[other] += weight * strengths[entry] * proximity[reach + steps[entry] - steps[own]];
    }
  }
  return count;
}

/** Converts sums into similarities for the touched products, and clears the scratch for the next product. */
function takeSimilarities(
  scratch: Scratch,
  count: number,
  scales: { readonly source: number; readonly target: Float64Array; readonly shrinkage: number },
  out: Float32Array,
): void {
  const { sums, support, touched } = scratch;
  for (let index = 0; index < count; index++) {
    const other = touched[index];
    const significance = support[other] / (support[other] + scales.shrinkage);
    out[index] = sums[other] * scales.source * scales.target[other] * significance;
    sums[other] = 0;
    support[other] = 0;
  }
}

/** Returns N_i = Σ x_ui². */
function totalsOf({ products, productRows, strengths }: Timelines): Float64Array {
  const totals = new Float64Array(products);
  for (let entry = 0; entry < productRows.length; entry++) {
    totals[productRows[entry]] += strengths[entry] ** 2;
  }
  return totals;
}

/** Returns N^-exponent, 0 where N is 0. */
const scaled = (totals: Float64Array, exponent: number): Float64Array =>
  totals.map(total => (total > 0 ? total ** -exponent : 0));

/** Lists of neighbours that grow as products are processed. */
interface NeighbourLists {
  readonly offsets: Uint32Array;
  rows: Uint32Array;
  similarities: Float32Array;
}

function append(lists: NeighbourLists, product: number, rows: Uint32Array, similarities: Float32Array): void {
  const start = lists.offsets[product];
  const end = start + rows.length;
  if (end > lists.rows.length) {
    const capacity = Math.max(end, 2 * lists.rows.length, 1024);
    const grownRows = new Uint32Array(capacity);
    const grownSimilarities = new Float32Array(capacity);
    grownRows.set(lists.rows);
    grownSimilarities.set(lists.similarities);
    lists.rows = grownRows;
    lists.similarities = grownSimilarities;
  }
  lists.rows.set(rows, start);
  lists.similarities.set(similarities, start);
  lists.offsets[product + 1] = end;
}

/** Products between two checks of the signal. */
const productsAtOnce = 512;

/**
 * Computes the neighbours of every product. Deterministic: sums run in order of user and time, ties go to the
 * lower row.
 *
 * @param isWanted - 1 for each product whose neighbours are needed, the others get none; absent: all
 * @throws {GatewayError} CANCELLED
 */
export async function trainNeighbours(
  snapshot: Snapshot,
  preferences: Csr,
  config: ItemNeighboursConfig,
  context: TrainContext,
  isWanted?: Uint8Array,
): Promise<TrainedNeighbours> {
  const timelines = timelinesOf(snapshot, preferences, config.maxLength);
  const scratch = scratchOf(timelines, config);
  const totals = totalsOf(timelines);
  const source = scaled(totals, config.sourceExponent);
  const target = scaled(totals, config.targetExponent);
  const found = new Float32Array(timelines.products);
  const bestIndices = new Uint32Array(config.neighbours);
  const best = new Float32Array(config.neighbours);
  const lists: NeighbourLists = {
    offsets: new Uint32Array(timelines.products + 1),
    rows: new Uint32Array(0),
    similarities: new Float32Array(0),
  };
  for (let product = 0; product < timelines.products; product++) {
    if (product % productsAtOnce === 0) {
      await pause();
      checkCancelled(context);
      context.onProgress(product, timelines.products);
    }
    if (isWanted?.[product] === 0) {
      lists.offsets[product + 1] = lists.offsets[product];
      continue;
    }
    const count = addCoOccurrences(scratch, product);
    // In order of row, so that topK breaks ties by row.
    scratch.touched.subarray(0, count).sort();
    takeSimilarities(scratch, count, { source: source[product], target, shrinkage: config.shrinkage }, found);
    const kept = topKInto(found.subarray(0, count), bestIndices, best);
    const rows = bestIndices.subarray(0, kept).map(index => scratch.touched[index]);
    append(lists, product, rows, best.subarray(0, kept));
  }
  context.onProgress(timelines.products, timelines.products);
  const end = lists.offsets[timelines.products];
  const highest = totals.reduce((max, total) => Math.max(max, total), Number.MIN_VALUE);
  return {
    offsets: lists.offsets,
    rows: lists.rows.slice(0, end),
    similarities: lists.similarities.slice(0, end),
    popularity: Float32Array.from(totals, total => total / highest),
    evidence: totals,
  };
}
