// The small parts of the two towers, forward and backward, in plain loops over typed arrays. Products of matrices are in
// step.ts.
//
//   product:  y = E[id] (0 without) + mean of its features' embeddings
//   history:  h = Σ αₖ·yₖ,  α = softmax(yₖ·query/√d + age[k]),  k counted from the latest

import type { ProductFeatures } from './features';
import { ages, type Tables } from './parameters';

/** Row of `age` for entry `at` of `count`, oldest first. */
const ageOf = (at: number, count: number): number => Math.min(count - 1 - at, ages - 1);

/** Parameters of the product tower. */
export type ProductTables = Pick<Tables, 'ids' | 'features'>;

/**
 * Computes y of one product.
 *
 * @param hasOwn - whether its own embedding counts; without, it is known by its features alone
 * @param out - y, [columns]
 */
export function readProduct(
  { ids, features }: ProductTables,
  { offsets, rows }: ProductFeatures,
  row: number,
  hasOwn: boolean,
  out: Float32Array,
): void {
  const columns = out.length;
  if (hasOwn) out.set(ids.subarray(row * columns, (row + 1) * columns));
  else out.fill(0);
  const share = 1 / (offsets[row + 1] - offsets[row]);
  for (let feature = offsets[row]; feature < offsets[row + 1]; feature++) {
    const from = rows[feature] * columns;
    for (let k = 0; k < columns; k++) out[k] += share * features[from + k];
  }
}

/** Attention logit of a product without the bias of its age: y·query/√d. */
export function itemLogit(item: Float32Array, query: Float32Array): number {
  let dot = 0;
  for (let k = 0; k < item.length; k++) dot += item[k] * query[k];
  return dot / Math.sqrt(item.length);
}

/** Arguments and results of pooling a history. */
export interface Pooling {
  /** y of products, [items × columns], and their attention logits, [items]. */
  readonly items: Float32Array;
  readonly logits: Float32Array;
  /** Rows of `items`, oldest first; at least one. */
  readonly places: Uint32Array;
  /** α of each place, out. */
  readonly shares: Float32Array;
}

/** Computes h of a history. @param out - [columns] */
export function poolHistory(age: Float32Array, pooling: Pooling, out: Float32Array): void {
  const { items, logits, places, shares } = pooling;
  const columns = out.length;
  let high = Number.NEGATIVE_INFINITY;
  for (let at = 0; at < places.length; at++) {
    shares[at] = logits[places[at]] + age[ageOf(at, places.length)];
    high = Math.max(high, shares[at]);
  }
  let sum = 0;
  for (let at = 0; at < places.length; at++) {
    shares[at] = Math.exp(shares[at] - high);
    sum += shares[at];
  }
  out.fill(0);
  for (let at = 0; at < places.length; at++) {
    shares[at] /= sum;
    const [share, from] = [shares[at], places[at] * columns];
    for (let k = 0; k < columns; k++) out[k] += share * items[from + k];
  }
}

/** Gradients of the arguments of pooling. */
export interface PoolGradients {
  /** Same shapes as in Pooling. */
  readonly items: Float32Array;
  readonly logits: Float32Array;
  readonly age: Float32Array;
}

/**
 * Adds to the gradients of the arguments of pooling, given that of h; `shares` as poolHistory left them.
 *
 * @param gradient - of h, [columns]
 * @param dots - scratch, at least as long as the history
 */
export function poolHistoryBackward(
  { items, places, shares }: Pooling,
  gradient: Float32Array,
  gradients: PoolGradients,
  dots: Float32Array,
): void {
  const columns = gradient.length;
  let mean = 0;
  for (let at = 0; at < places.length; at++) {
    const [share, from] = [shares[at], places[at] * columns];
    let dot = 0;
    for (let k = 0; k < columns; k++) {
      dot += gradient[k] * items[from + k];
      gradients.items[from + k] += share * gradient[k];
    }
    dots[at] = dot;
    mean += share * dot;
  }
  for (let at = 0; at < places.length; at++) {
    const logit = shares[at] * (dots[at] - mean);
    gradients.age[ageOf(at, places.length)] += logit;
    gradients.logits[places[at]] += logit;
  }
}

/** Adds to the gradients of an item and the query, given that of the item's attention logit. */
export function itemLogitBackward(
  gradient: number,
  item: Float32Array,
  query: Float32Array,
  itemGradient: Float32Array,
  queryGradient: Float32Array,
): void {
  const scaled = gradient / Math.sqrt(item.length);
  for (let k = 0; k < item.length; k++) {
    itemGradient[k] += scaled * query[k];
    queryGradient[k] += scaled * item[k];
  }
}

/** Scales rows to `length`, in place; rows of zeros stay. @param inverses - out: length/|x| of each row; 0 for zeros */
export function normalizeRows(
  rows: Float32Array,
  columns: number,
  length: number,
  inverses: Float32Array,
): void {
  for (let row = 0; row < rows.length / columns; row++) {
    let square = 0;
    for (let k = row * columns; k < (row + 1) * columns; k++) square += rows[k] * rows[k];
    inverses[row] = square > 0 ? length / Math.sqrt(square) : 0;
    for (let k = row * columns; k < (row + 1) * columns; k++) rows[k] *= inverses[row];
  }
}

/** Replaces the gradient of normalised rows by that of the rows before, in place. */
export function normalizeRowsBackward(
  rows: Float32Array,
  columns: number,
  length: number,
  inverses: Float32Array,
  gradient: Float32Array,
): void {
  for (let row = 0; row < rows.length / columns; row++) {
    let dot = 0;
    for (let k = row * columns; k < (row + 1) * columns; k++) dot += gradient[k] * rows[k];
    const along = dot / length ** 2;
    for (let k = row * columns; k < (row + 1) * columns; k++) {
      gradient[k] = inverses[row] * (gradient[k] - along * rows[k]);
    }
  }
}
