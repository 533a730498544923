import { GatewayError } from '../domain/errors';
import { can } from '../models/capability';
import { historiesOf } from '../models/histories';
import type { Scorer, ShopperHistory } from '../models/model';
import { createRng } from '../numeric/rng';
import { snapshotFromPairs } from '../snapshot/fromPairs';
import type { Snapshot } from '../snapshot/snapshot';
import { rowsIn } from './measure';
import { type Ids, type Rows, rowsWhere, timesOf } from './rows';
import type { Sample } from './sample';

/** Ratings to train on and ratings to predict. */
export interface RatingTask {
  readonly train: Snapshot;
  /** In order of user row, one entry per rating; rows of `train`. */
  readonly user: Uint32Array;
  readonly product: Uint32Array;
  readonly stars: Float32Array;
}

/** How ratings are held out. */
export interface RatingSplitOptions {
  /** `random`: drawn with the seed; `time`: the latest. */
  readonly by: 'random' | 'time';
  readonly seed: number;
  /** `validation` splits the training part of `test` in the same way; the test ratings are then in neither part. */
  readonly holdOut: 'test' | 'validation';
}

/** Share of the ratings that is held out. */
const heldOutShare = 0.1;

/** A user's ratings of one instant. */
interface RatedOrder {
  readonly at: number;
  readonly rows: readonly number[];
}

/** Returns the ratings of each user and instant, in order of the file. */
function ratedOrders({ user }: Rows, times: Float64Array): RatedOrder[] {
  const byUser = new Map<number, Map<number, number[]>>();
  const orders: { at: number; rows: number[] }[] = [];
  for (const [row, own] of user.entries()) {
    const ofUser = byUser.get(own) ?? new Map<number, number[]>();
    byUser.set(own, ofUser);
    const rows = ofUser.get(times[row]);
    if (rows !== undefined) rows.push(row);
    else {
      const first = [row];
      ofUser.set(times[row], first);
      orders.push({ at: times[row], rows: first });
    }
  }
  return orders;
}

/** Rows in the order in which they are held out, and the number of rows of the test and of the validation. */
interface HoldOutOrder {
  readonly order: Uint32Array;
  readonly test: number;
  readonly validation: number;
}

const tenthOf = (count: number): number => Math.floor(count * heldOutShare);

/** A shuffled tenth, and a tenth of the other nine tenths. */
function drawnOrder(rows: Rows, seed: number): HoldOutOrder {
  const order = createRng(seed).shuffle(Uint32Array.from(rows.user.keys()));
  const test = tenthOf(order.length);
  return { order, test, validation: tenthOf(order.length - test) };
}

/** Returns how many rows the first orders from `start` on have together, as many orders as do not exceed `most` rows. */
function rowsWithin(orders: readonly RatedOrder[], start: number, most: number): number {
  let [skipped, count] = [0, 0];
  for (const { rows } of orders) {
    if (skipped < start) skipped += rows.length;
    else if (count + rows.length > most) break;
    else count += rows.length;
  }
  return count;
}

/**
 * The latest first, and at most a tenth of them. A user's ratings of one instant stay on one side. Which of several users'
 * ratings of one instant come first is drawn with the seed.
 *
 * @throws {GatewayError} EVALUATION_INVALID when the latest instant alone has too many ratings
 */
function latestOrder(rows: Rows, times: Float64Array, seed: number): HoldOutOrder {
  const orders = createRng(seed)
    .shuffle(ratedOrders(rows, times))
    .sort((a, b) => b.at - a.at);
  const test = rowsWithin(orders, 0, tenthOf(rows.user.length));
  if (test === 0)
    throw new GatewayError(
      'EVALUATION_INVALID',
      'Expected times that divide the ratings; got a tenth or more of them at the latest instant of one user. Use --rating-split random.',
    );
  const validation = rowsWithin(orders, test, tenthOf(rows.user.length - test));
  return { order: Uint32Array.from(orders.flatMap(({ rows: own }) => own)), test, validation };
}

/**
 * Holds out a tenth of the ratings; for `validation`, a tenth of the other nine tenths.
 *
 * @throws {GatewayError} EVALUATION_INVALID
 */
export async function ratingSplit(ids: Ids, rows: Rows, options: RatingSplitOptions): Promise<RatingTask> {
  const times = timesOf(rows);
  const { by, seed } = options;
  const { order, test, validation } =
    by === 'random' ? drawnOrder(rows, seed) : latestOrder(rows, times, seed);
  const [start, end] = options.holdOut === 'test' ? [0, test] : [test, test + validation];
  const learned = new Uint8Array(order.length);
  for (const row of order.subarray(end)) learned[row] = 1;
  const kept = rowsWhere(rows, row => learned[row] === 1);
  const occurredAt = times.filter((_, row) => learned[row] === 1);
  const train = await snapshotFromPairs({ ...ids, ...kept, occurredAt, stars: kept.rating });
  const userRow = (row: number): number => train.users.rowOf(ids.userIds[rows.user[row]]);
  const asked = order.slice(start, end).sort((a, b) => userRow(a) - userRow(b) || a - b);
  return {
    train,
    user: Uint32Array.from(asked, userRow),
    product: Uint32Array.from(asked, row => train.products.rowOf(ids.productIds[rows.product[row]])),
    stars: Float32Array.from(asked, row => rows.rating[row]),
  };
}

/** Errors of predicted ratings. */
export interface RatingEvaluation {
  readonly users: number;
  readonly ratings: number;
  readonly items: number;
  /** Root of the mean squared error over ratings. */
  readonly rmse: number;
  /** Mean absolute error over ratings. */
  readonly mae: number;
  /** Squared and absolute errors, summed over the ratings of each user; the weight is the number of ratings. */
  readonly sample: Sample;
}

/** Mean, lowest and highest training rating. */
function rangeOf({ events }: Snapshot): {
  readonly mean: number;
  readonly low: number;
  readonly high: number;
} {
  let [sum, low, high] = [0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const stars of events.value) {
    sum += stars;
    low = Math.min(low, stars);
    high = Math.max(high, stars);
  }
  return { mean: sum / Math.max(1, events.length), low, high };
}

const usersAtATime = 64;

/** Ratings of one user in a task. */
interface UserPart {
  readonly user: number;
  readonly start: number;
  readonly end: number;
}

function partsOf({ user }: RatingTask, limit: number): UserPart[] {
  const parts: UserPart[] = [];
  for (let start = 0; start < user.length && parts.length < limit; ) {
    let end = start + 1;
    while (end < user.length && user[end] === user[start]) end++;
    parts.push({ user: user[start], start, end });
    start = end;
  }
  return parts;
}

/** How to evaluate ratings. */
export interface RatingOptions {
  readonly limitUsers?: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: (usersDone: number, users: number) => void;
  /** Awaited regularly, so that an abort can arrive. */
  readonly pause?: () => Promise<void>;
}

/**
 * Predicts every held-out rating. Where the scorer knows nothing or returns NaN, the prediction is the mean of the
 * training ratings. Predictions are clamped to the range of the training ratings.
 *
 * @throws {GatewayError} EVALUATION_INVALID when the scorer cannot predict ratings, CANCELLED
 */
export async function evaluateRatings(
  task: RatingTask,
  scorer: Scorer,
  options: RatingOptions = {},
): Promise<RatingEvaluation> {
  const { train, product, stars } = task;
  if (!can(scorer, 'rate'))
    throw new GatewayError(
      'EVALUATION_INVALID',
      'Expected models that predict ratings; got one that does not. Leave it out of --models.',
    );
  const { mean, low, high } = rangeOf(train);
  const scorerRows = rowsIn(train.products, scorer.products);
  const histories = historiesOf(train);
  const out = new Float32Array(scorer.products.size);
  const parts = partsOf(task, options.limitUsers ?? Number.POSITIVE_INFINITY);
  const values = new Float64Array(parts.length * 2);
  const weights = new Float64Array(parts.length);
  for (const [index, { user, start, end }] of parts.entries()) {
    if (options.signal?.aborted)
      throw new GatewayError(
        'CANCELLED',
        'Expected the evaluation to finish; got a cancellation. Start it again.',
      );
    scorer.rateInto(histories.of(user, scorerRows), out);
    for (let rating = start; rating < end; rating++) {
      const row = scorerRows[product[rating]];
      const predicted = row >= 0 && !Number.isNaN(out[row]) ? out[row] : mean;
      const error = Math.min(Math.max(predicted, low), high) - stars[rating];
      values[2 * index] += error * error;
      values[2 * index + 1] += Math.abs(error);
    }
    weights[index] = end - start;
    if (index % usersAtATime === 0) {
      options.onProgress?.(index + 1, parts.length);
      await options.pause?.();
    }
  }
  const sum = (list: Float64Array): number => list.reduce((total, value) => total + value, 0);
  const ratings = sum(weights);
  const column = (at: number): number => sum(values.filter((_, index) => index % 2 === at)) / ratings;
  return {
    users: parts.length,
    ratings,
    items: train.products.size,
    rmse: Math.sqrt(column(0)),
    mae: column(1),
    sample: { names: ['mse', 'mae'], values, weights, units: Uint32Array.from(parts, part => part.user) },
  };
}

/** Returns a baseline as a scorer: its scores are the stars that it predicts. */
function raterOf(
  train: Snapshot,
  rateInto: (history: ShopperHistory, out: Float32Array) => void,
): Scorer<'rate'> {
  return {
    products: train.products,
    scoreInto: (histories, out) => {
      for (const [index, history] of histories.entries())
        rateInto(history, out.subarray(index * train.products.size, (index + 1) * train.products.size));
    },
    rateInto,
  };
}

/** Predicts the mean of the training ratings for every user and product. */
export function globalMeanRater(train: Snapshot): Scorer<'rate'> {
  const { mean } = rangeOf(train);
  return raterOf(train, (_history, out) => out.fill(mean));
}

/** Number of ratings at the mean that are added to those of a product or a user (Koren 2010: λ₂ = 25, λ₃ = 10). */
const productShrinkage = 25;
const userShrinkage = 10;

/**
 * Predicts mean + product bias + user bias; each bias shrinks towards 0 when it has few ratings (Koren 2010, "Factor in
 * the neighbors", eq. 2–4, decoupled).
 */
export function biasRater(train: Snapshot): Scorer<'rate'> {
  const { mean } = rangeOf(train);
  const { events, products } = train;
  const sums = new Float64Array(products.size);
  const counts = new Uint32Array(products.size);
  for (let event = 0; event < events.length; event++) {
    sums[events.productRow[event]] += events.value[event] - mean;
    counts[events.productRow[event]]++;
  }
  const productBias = sums.map((sum, row) => sum / (productShrinkage + counts[row]));
  return raterOf(train, ({ productRows, stars }, out) => {
    let [sum, count] = [0, 0];
    for (const [index, row] of productRows.entries()) {
      const given = stars?.[index] ?? Number.NaN;
      if (Number.isNaN(given)) continue;
      sum += given - mean - productBias[row];
      count++;
    }
    const userBias = sum / (userShrinkage + count);
    for (let row = 0; row < out.length; row++) out[row] = mean + productBias[row] + userBias;
  });
}
