// A short trial inside the training of one model: which of a few candidates finds what shoppers chose next? It asks what the gate asks
// (snapshot/chooseSplit.ts): the latest events are held out by whole orders, shoppers are asked for products that are new to
// them, and ties are drawn by lot.
//
// Budget: at most `maxShoppers` shoppers and `maxScores` scores per candidate. Models that count pairs of products count them only
// for the latest `maxHistory` products of these shoppers: fewer shoppers are asked where that would take more than a quarter of
// the additions of a training (or `minAdditions`, about a fifth of a second, where that is more).

import { oncePer } from '../learning/oncePer';
import type { Csr } from '../numeric/csr';
import { topKInto } from '../numeric/topK';
import { chooseSplit, defaultHeldOutShare, defaultMinHeldOutUsers } from '../snapshot/chooseSplit';
import type { Snapshot } from '../snapshot/snapshot';
import type { Split } from '../snapshot/split';
import { type Histories, historiesOf } from './histories';
import { bestGain, cutoff, gainOfTies } from './listGain';
import type { Scorer, ShopperHistory } from './model';

/** One shopper of a trial. */
export interface TrialShopper {
  /** The latest products before the cut. */
  readonly history: ShopperHistory;
  /** Rows of all products that the shopper met before the cut. */
  readonly known: Uint32Array;
  /** Rows of the products to find: new to the shopper, at least one. */
  readonly relevant: Uint32Array;
}

/** Data to choose on: a split of which the rows are those of the whole snapshot, and some shoppers of it. */
export interface ShopperTrial extends Split, Pick<Histories, 'preferences'> {
  readonly shoppers: readonly TrialShopper[];
  /** 1 for each product of the histories of these shoppers, [products]. */
  readonly isWanted: Uint8Array;
}

export const maxShoppers = 600;
const maxScores = 40_000_000;
const maxHistory = 30;
const minAdditions = 20_000_000;
/** Share of the additions of a training. */
const additionShare = 0.25;
const stride = 7;
/** Of each shopper's products, where events have no order in time. */
const drawnShare = 0.2;
/** With fewer shoppers, nothing is chosen: the first candidate stays. */
export const minShoppers = 20;

/** Returns the latest entries of a history. Purchases and stars are left out: models that need them have no trial here. */
function latestOf({ productRows, weights, occurredAt, now }: ShopperHistory, limit: number): ShopperHistory {
  return {
    productRows: productRows.slice(-limit),
    weights: weights.slice(-limit),
    occurredAt: occurredAt.slice(-limit),
    now,
  };
}

/** Returns shoppers with something to find, evenly spread, as many as the scores of their lists allow. */
function shoppersOf({ train, heldOut }: Split, histories: Histories): readonly TrialShopper[] {
  const { indptr, indices } = histories.preferences;
  const users: number[] = [];
  for (let user = 0; user + 1 < heldOut.offsets.length; user++) {
    if (heldOut.offsets[user + 1] > heldOut.offsets[user] && indptr[user + 1] > indptr[user])
      users.push(user);
  }
  const limit = Math.min(maxShoppers, Math.ceil(maxScores / Math.max(1, train.products.size)));
  const step = Math.max(1, users.length / limit);
  const sameRows = Int32Array.from({ length: train.products.size }, (_, row) => row);
  return Array.from({ length: Math.min(limit, users.length) }, (_, index) => {
    const user = users[Math.floor(index * step)];
    return {
      history: latestOf(histories.of(user, sameRows), maxHistory),
      known: indices.subarray(indptr[user], indptr[user + 1]),
      relevant: heldOut.productRows.subarray(heldOut.offsets[user], heldOut.offsets[user + 1]),
    };
  });
}

/**
 * Returns as many shoppers as counting pairs for the products of their histories allows, and marks these products. A
 * product costs n additions for each of its shoppers, who has n products.
 */
export function affordable(
  shoppers: readonly TrialShopper[],
  { indptr, indices, columns }: Csr,
): Pick<ShopperTrial, 'shoppers' | 'isWanted'> {
  const costs = new Float64Array(columns);
  let total = 0;
  for (let user = 0; user + 1 < indptr.length; user++) {
    const length = indptr[user + 1] - indptr[user];
    for (let entry = indptr[user]; entry < indptr[user + 1]; entry++) costs[indices[entry]] += length;
    total += length * length;
  }
  const budget = Math.max(minAdditions, additionShare * total);
  const isWanted = new Uint8Array(columns);
  const asked: TrialShopper[] = [];
  let spent = 0;
  // In strides, so that those who fit the budget are spread over all.
  const order = Array.from(shoppers.keys()).sort((a, b) => (a % stride) - (b % stride) || a - b);
  for (const index of order) {
    if (spent >= budget) break;
    for (const row of shoppers[index].history.productRows) {
      if (isWanted[row] === 1) continue;
      isWanted[row] = 1;
      spent += costs[row];
    }
    asked.push(shoppers[index]);
  }
  return { shoppers: asked, isWanted };
}

/**
 * Holds out the latest events and returns shoppers to ask. Models that are trained on the same snapshot share the trial.
 *
 * @param seed - of the draw where events have no order in time
 */
export const shopperTrialOf = oncePer(
  String,
  async (snapshot: Snapshot, seed: number): Promise<ShopperTrial> => {
    const share = defaultHeldOutShare;
    const minUsers = defaultMinHeldOutUsers;
    const { split } = await chooseSplit(snapshot, { share, minUsers, drawnShare, seed });
    const histories = historiesOf(split.train);
    const { preferences } = histories;
    return { ...split, preferences, ...affordable(shoppersOf(split, histories), preferences) };
  },
);

/** Returns NDCG@20 of the relevant products by their scores; a group of equal scores has the mean of its places. */
function ndcgOf(scores: Float32Array, { relevant }: TrialShopper, best: Float32Array): number {
  const last = best.length < cutoff ? Number.NEGATIVE_INFINITY : best[cutoff - 1];
  let gain = 0;
  for (const row of relevant) {
    const own = scores[row];
    if (!(own >= last)) continue;
    const above = best.findLastIndex(score => score > own) + 1;
    let tied = 0;
    if (own > last) tied = best.filter(score => score === own).length;
    else for (const score of scores) if (score === own) tied++;
    gain += gainOfTies(above, tied);
  }
  return gain / bestGain(relevant.length);
}

/** sums ← own + weight · other. */
function addScores(own: Float32Array, other: Float32Array, weight: number, sums: Float32Array): void {
  for (let row = 0; row < sums.length; row++) {
    const isAdded = weight > 0 && !Number.isNaN(other[row]);
    sums[row] = isAdded ? (Number.isNaN(own[row]) ? 0 : own[row]) + weight * other[row] : own[row];
  }
}

/** Returns NDCG@20 of every shopper under a scorer; 0 where it has no score. */
export function trialGains(scorer: Scorer, shoppers: readonly TrialShopper[]): Float64Array {
  const scores = new Float32Array(scorer.products.size);
  const rows = new Uint32Array(cutoff);
  const best = new Float32Array(cutoff);
  return Float64Array.from(shoppers, shopper => {
    scorer.scoreInto([shopper.history], scores);
    for (const row of shopper.known) scores[row] = Number.NaN;
    return ndcgOf(scores, shopper, best.subarray(0, topKInto(scores, rows, best)));
  });
}

/**
 * Returns NDCG@20 of every shopper under the sums base + weight · added, one array per weight. Each scorer is asked once, so that weights
 * cost additions. Where the base has no score of a product it counts 0; with weight 0, and for shoppers of whom
 * `added` knows nothing, products without a score of the base have none.
 */
export function trialGainsOfSums(
  base: Scorer,
  added: Scorer,
  weights: readonly number[],
  shoppers: readonly TrialShopper[],
): readonly Float64Array[] {
  const { size } = base.products;
  const [own, other, sums] = [new Float32Array(size), new Float32Array(size), new Float32Array(size)];
  const rows = new Uint32Array(cutoff);
  const best = new Float32Array(cutoff);
  const gains = weights.map(() => new Float64Array(shoppers.length));
  for (const [index, shopper] of shoppers.entries()) {
    base.scoreInto([shopper.history], own);
    added.scoreInto([shopper.history], other);
    for (const [place, weight] of weights.entries()) {
      addScores(own, other, weight, sums);
      for (const row of shopper.known) sums[row] = Number.NaN;
      gains[place][index] = ndcgOf(sums, shopper, best.subarray(0, topKInto(sums, rows, best)));
    }
  }
  return gains;
}

/** Gain over the first candidate, in standard errors of the paired difference, that counts as noise. */
const noiseErrors = 1.25;

/** Returns how far the mean of `gains` is above that of `first`, less what counts as noise, or a share of it if that is more. */
function gainBeyondNoise(gains: Float64Array, first: Float64Array, minShare: number): number {
  const differences = gains.map((gain, index) => gain - first[index]);
  const count = Math.max(1, differences.length);
  const mean = differences.reduce((sum, difference) => sum + difference, 0) / count;
  const squares = differences.reduce((sum, difference) => sum + (difference - mean) ** 2, 0);
  const least = (minShare * first.reduce((sum, gain) => sum + gain, 0)) / count;
  return mean - Math.max(least, noiseErrors * Math.sqrt(squares / count / Math.max(1, count - 1)));
}

/**
 * Returns the first candidate that no later one is better than, by more than noise: order them from the simplest or the most
 * personal to the others.
 *
 * @param gainsOf - one gain per shopper, the same shoppers each time
 * @param minShare - of the mean gain, that a better candidate must have more
 */
export function bestCandidate<Candidate>(
  [first, ...others]: readonly [Candidate, ...Candidate[]],
  gainsOf: (candidate: Candidate) => Float64Array,
  minShare = 0,
): Candidate {
  let best = { candidate: first, gains: gainsOf(first) };
  if (best.gains.length < minShoppers) return first;
  for (const candidate of others) {
    const gains = gainsOf(candidate);
    if (gainBeyondNoise(gains, best.gains, minShare) > 0) best = { candidate, gains };
  }
  return best.candidate;
}
