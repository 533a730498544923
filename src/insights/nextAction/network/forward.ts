import type { CategoryForecast, Forecast, Forecaster } from '../forecaster';
import type { Step } from '../step';
import { denseInto, indicesInto } from './features';
import type { MinuteBuckets } from './minutes';
import {
  bucketCount,
  denseCount,
  gateCount,
  headPlaces,
  indexCount,
  lookupsOf,
  type NetworkShape,
  weightPlaces,
} from './shape';

/** A trained network, as serving needs it. */
export interface NetworkWeights {
  readonly shape: NetworkShape;
  /** See weightPlaces. */
  readonly weights: Float32Array;
  readonly buckets: MinuteBuckets;
}

/** Most categories of a forecast. */
const namedCategories = 5;

const sigmoidOf = (x: number): number => 1 / (1 + Math.exp(-x));

/** Part of an array. */
interface Span {
  readonly array: Float32Array;
  readonly first: number;
  readonly count: number;
}

/**
 * out += x·W; W [x.count × out.length], row-major, from place `at` of the weights. Takes four rows at a time, to load and
 * store each number of `out` a quarter as often.
 *
 * @param x - count a multiple of 4
 */
function addProduct(
  { array, first, count }: Span,
  weights: Float32Array,
  at: number,
  out: Float32Array,
): void {
  const columns = out.length;
  for (let row = 0; row < count; row += 4) {
    const place = first + row;
    const [a, b, c, d] = [array[place], array[place + 1], array[place + 2], array[place + 3]];
    const w0 = at + row * columns;
    const w1 = w0 + columns;
    const w2 = w1 + columns;
    const w3 = w2 + columns;
    for (let k = 0; k < columns; k++)
      out[k] += a * weights[w0 + k] + b * weights[w1 + k] + c * weights[w2 + k] + d * weights[w3 + k];
  }
}

function setBias(out: Float32Array, weights: Float32Array, at: number): void {
  for (let column = 0; column < out.length; column++) out[column] = weights[at + column];
}

/** One step of an LSTM, in place: `state` is the state, then the cell; `sums` are those of i, f, g, o. */
function advanceLstm(sums: Float32Array, columns: number, state: Float32Array): void {
  for (let k = 0; k < columns; k++) {
    const i = sigmoidOf(sums[k]);
    const f = sigmoidOf(sums[columns + k]);
    const g = Math.tanh(sums[2 * columns + k]);
    const o = sigmoidOf(sums[3 * columns + k]);
    state[columns + k] = f * state[columns + k] + i * g;
    state[k] = o * Math.tanh(state[columns + k]);
  }
}

/** One step of a gated recurrent unit, in place. */
function advanceGru(sums: Float32Array, hiddens: Float32Array, columns: number, state: Float32Array): void {
  for (let k = 0; k < columns; k++) {
    const z = sigmoidOf(sums[k] + hiddens[k]);
    const r = sigmoidOf(sums[columns + k] + hiddens[columns + k]);
    const n = Math.tanh(sums[2 * columns + k] + r * hiddens[2 * columns + k]);
    state[k] = (1 - z) * n + z * state[k];
  }
}

/** Softmax of the scores [first, first + out.length). */
function softmaxInto(scores: Float32Array, first: number, out: Float32Array): void {
  let high = Number.NEGATIVE_INFINITY;
  for (let k = 0; k < out.length; k++) high = Math.max(high, scores[first + k]);
  let sum = 0;
  for (let k = 0; k < out.length; k++) {
    out[k] = Math.exp(scores[first + k] - high);
    sum += out[k];
  }
  for (let k = 0; k < out.length; k++) out[k] /= sum;
}

/** The most likely categories, without 0, which stands for all others. */
function bestOf(probabilities: Float32Array): CategoryForecast[] {
  const best: CategoryForecast[] = [];
  for (let category = 1; category < probabilities.length; category++) {
    const probability = probabilities[category];
    if (best.length === namedCategories && probability <= best[best.length - 1].probability) continue;
    let place = best.length;
    while (place > 0 && best[place - 1].probability < probability) place--;
    best.splice(place, 0, { category, probability });
    best.length = Math.min(best.length, namedCategories);
  }
  return best;
}

/** Reads events: computes x from looked-up rows and dense features, and stores it after state and cell. */
function eventReader({
  shape,
  weights,
}: NetworkWeights): (step: Readonly<Step>, state: Float32Array) => Span {
  const { columns } = shape;
  const at = weightPlaces(shape);
  const dense: Span = { array: new Float32Array(denseCount), first: 0, count: denseCount };
  const indices = new Uint32Array(indexCount);
  const lookups = lookupsOf(shape);
  const x = new Float32Array(columns);
  const span: Span = { array: x, first: 0, count: columns };
  return (step, state) => {
    denseInto(step, dense.array, 0);
    indicesInto(step, lookups, indices, 0, 1);
    setBias(x, weights, at.inputBias);
    for (let field = 0; field < indexCount; field++) {
      const row = at.table + indices[field] * columns;
      for (let k = 0; k < columns; k++) x[k] += weights[row + k];
    }
    addProduct(dense, weights, at.dense, x);
    for (let k = 0; k < columns; k++) {
      x[k] = Math.max(x[k], 0);
      state[2 * columns + k] = x[k];
    }
    return span;
  };
}

/** Advances states by an event. Allocates only one Span. */
function stepper(network: NetworkWeights): Forecaster['step'] {
  const { shape, weights } = network;
  const { columns, isLstm } = shape;
  const at = weightPlaces(shape);
  const read = eventReader(network);
  const sums = new Float32Array(gateCount(shape) * columns);
  const hiddens = new Float32Array(isLstm ? 0 : sums.length);
  return (state, step) => {
    const x = read(step, state);
    const before: Span = { array: state, first: 0, count: columns };
    setBias(sums, weights, at.gateBias);
    addProduct(x, weights, at.input, sums);
    if (isLstm) {
      addProduct(before, weights, at.state, sums);
      advanceLstm(sums, columns, state);
    } else {
      setBias(hiddens, weights, at.stateBias);
      addProduct(before, weights, at.state, hiddens);
      advanceGru(sums, hiddens, columns, state);
    }
    state[3 * columns] = Number(step.cartSize > 0);
  };
}

/**
 * Serves a network in plain typed arrays; equals the passes of training but for rounding. A state holds that of the cell, the
 * last event and whether a cart is open. An event costs one step.
 */
export function networkForecaster(network: NetworkWeights): Forecaster {
  const { shape, weights, buckets } = network;
  const { columns, types, categories } = shape;
  const at = weightPlaces(shape);
  const heads = headPlaces(shape);
  const scores = new Float32Array(heads.length);
  const hidden: Span = { array: new Float32Array(columns), first: 0, count: columns };
  const times = new Float32Array(bucketCount);
  const kinds = new Float32Array(categories + 1);
  return {
    open: () => new Float32Array(3 * columns + 1),
    step: stepper(network),
    forecast(state): Forecast {
      setBias(hidden.array, weights, at.hiddenBias);
      addProduct({ array: state, first: 2 * columns, count: columns }, weights, at.hiddenInput, hidden.array);
      addProduct({ array: state, first: 0, count: columns }, weights, at.hiddenState, hidden.array);
      for (let k = 0; k < columns; k++) hidden.array[k] = Math.max(hidden.array[k], 0);
      setBias(scores, weights, at.headBias);
      addProduct(hidden, weights, at.head, scores);
      const actions = new Float32Array(types + 1);
      softmaxInto(scores, heads.actions, actions);
      softmaxInto(scores, heads.buckets, times);
      softmaxInto(scores, heads.category, kinds);
      const [purchase, abandonment, ...returns] = [0, 1, 2, 3, 4].map(flag =>
        sigmoidOf(scores[heads.flags + flag]),
      );
      return {
        actions,
        expectedMinutes: times.reduce((sum, share, bucket) => sum + share * buckets.means[bucket], 0),
        categories: bestOf(kinds),
        purchase,
        abandonment: state[3 * columns] > 0 ? abandonment : null,
        returnWithin: [returns[0], returns[1], returns[2]],
      };
    },
  };
}
