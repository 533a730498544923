// The two towers, forward and backward, in plain loops over typed arrays: what is small in them. The products of
// matrices are in network.ts.
//
//   product:  y = own·[id] + mean of its features' rows
//   history:  h = Σ αₖ·yₖ,  α = softmax(yₖ·query/√d + age[k]),  k counted from the latest

import type { ProductFeatures } from './features';
import { ages, type Tables } from './parameters';

/** Row of `age` for entry `at` of `count`, oldest first. */
const ageOf = (at: number, count: number): number => Math.min(count - 1 - at, ages - 1);

/** What the product tower reads. */
export type ProductTables = Pick<Tables, 'ids' | 'features'>;

/**
 * y of one product.
 *
 * @param hasOwn - whether its own numbers count; without, it is known by its features alone
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

/** Adds the gradient of y to those of the tables. */
export function readProductBackward(
  gradients: ProductTables,
  { offsets, rows }: ProductFeatures,
  row: number,
  hasOwn: boolean,
  gradient: Float32Array,
): void {
  const columns = gradient.length;
  if (hasOwn) {
    for (let k = 0; k < columns; k++) gradients.ids[row * columns + k] += gradient[k];
  }
  const share = 1 / (offsets[row + 1] - offsets[row]);
  for (let feature = offsets[row]; feature < offsets[row + 1]; feature++) {
    const from = rows[feature] * columns;
    for (let k = 0; k < columns; k++) gradients.features[from + k] += share * gradient[k];
  }
}

/** What reading a history takes and leaves. */
export interface Pooling {
  /** y of products, [items × columns]. */
  readonly items: Float32Array;
  /** Rows of `items`, oldest first; at least one. */
  readonly places: Uint32Array;
  /** α of each place, out. */
  readonly shares: Float32Array;
}

/** What the pooling learns. */
export type PoolTables = Pick<Tables, 'query' | 'age'>;

/** h of a history. @param out - [columns] */
export function poolHistory({ query, age }: PoolTables, pooling: Pooling, out: Float32Array): void {
  const { items, places, shares } = pooling;
  const columns = out.length;
  const scale = 1 / Math.sqrt(columns);
  let high = Number.NEGATIVE_INFINITY;
  for (let at = 0; at < places.length; at++) {
    let dot = 0;
    for (let k = 0, from = places[at] * columns; k < columns; k++) dot += items[from + k] * query[k];
    shares[at] = scale * dot + age[ageOf(at, places.length)];
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
    for (let k = 0, from = places[at] * columns; k < columns; k++) out[k] += shares[at] * items[from + k];
  }
}

/** Adds the gradient of h to those of the products read, the query and the ages; `shares` as poolHistory left them. */
export function poolHistoryBackward(
  { query }: PoolTables,
  { items, places, shares }: Pooling,
  gradient: Float32Array,
  itemGradients: Float32Array,
  gradients: PoolTables,
): void {
  const columns = gradient.length;
  const scale = 1 / Math.sqrt(columns);
  const dotOf = (place: number): number => {
    let dot = 0;
    for (let k = 0, from = place * columns; k < columns; k++) dot += gradient[k] * items[from + k];
    return dot;
  };
  let mean = 0;
  for (let at = 0; at < places.length; at++) mean += shares[at] * dotOf(places[at]);
  for (let at = 0; at < places.length; at++) {
    const from = places[at] * columns;
    const logit = shares[at] * (dotOf(places[at]) - mean);
    gradients.age[ageOf(at, places.length)] += logit;
    for (let k = 0; k < columns; k++) {
      itemGradients[from + k] += shares[at] * gradient[k] + scale * logit * query[k];
      gradients.query[k] += scale * logit * items[from + k];
    }
  }
}

/** Rows made `length` long, in place; rows of zeros stay. @param inverses - length/|x| of each row, out */
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

/** Turns the gradient of normalised rows into that of the rows they were, in place. */
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
