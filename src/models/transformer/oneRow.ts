import type { Pass } from './network';

/** Scratch of one row's pass through the network; made once per workspace. */
export interface RowScratch {
  readonly x: Float32Array;
  readonly normal: Float32Array;
  readonly qkv: Float32Array;
  readonly attended: Float32Array;
  readonly hidden: Float32Array;
  readonly weights: Float32Array;
}

/** Scratch for a pass's shape. */
export function rowScratchOf({ shape: { width, hidden, span } }: Pass): RowScratch {
  return {
    x: new Float32Array(width),
    normal: new Float32Array(width),
    qkv: new Float32Array(3 * width),
    attended: new Float32Array(width),
    hidden: new Float32Array(hidden),
    weights: new Float32Array(span),
  };
}

/** out = norm(x), as the kernel layerNorm computes it. */
function norm({ floats }: Pass, x: Float32Array, affine: number, out: Float32Array): void {
  const columns = x.length;
  let sum = 0;
  for (const value of x) sum += value;
  const mean = sum / columns;
  let square = 0;
  for (const value of x) square += (value - mean) ** 2;
  const inverse = 1 / Math.sqrt(square / columns + 1e-5);
  for (let k = 0; k < columns; k++)
    out[k] = (x[k] - mean) * inverse * floats[affine + k] + floats[affine + columns + k];
}

/** out = x·W + b. @param weight - place of W among the floats, as `bias` is that of b */
function layer({ floats }: Pass, x: Float32Array, weight: number, bias: number, out: Float32Array): void {
  const columns = out.length;
  for (let k = 0; k < columns; k++) out[k] = floats[bias + k];
  for (let row = 0; row < x.length; row++) {
    const value = x[row];
    const from = weight + row * columns;
    for (let k = 0; k < columns; k++) out[k] += value * floats[from + k];
  }
}

/** Softmax of a head's query against the keys of rows 0 … row, into scratch.weights. */
function attentionWeightsInto(
  pass: Pass,
  scratch: RowScratch,
  cache: Float32Array,
  head: number,
  row: number,
  bias: number,
) {
  const { width, heads, span } = pass.shape;
  const { qkv, weights } = scratch;
  const size = width / heads;
  let high = Number.NEGATIVE_INFINITY;
  for (let j = 0; j <= row; j++) {
    let score = 0;
    const key = j * 2 * width + head * size;
    for (let k = 0; k < size; k++) score += qkv[head * size + k] * cache[key + k];
    const distanceBias = pass.floats[bias + head * (span + 8) + span - 1 - (row - j)];
    weights[j] = score / Math.sqrt(size) + distanceBias;
    high = Math.max(high, weights[j]);
  }
  let sum = 0;
  for (let j = 0; j <= row; j++) {
    weights[j] = Math.exp(weights[j] - high);
    sum += weights[j];
  }
  for (let j = 0; j <= row; j++) weights[j] /= sum;
}

/** Attention of a row over all rows before it and itself, whose keys and values are in the cache. */
function attend(pass: Pass, scratch: RowScratch, cache: Float32Array, row: number, bias: number): void {
  const { width, heads } = pass.shape;
  const { attended, weights } = scratch;
  const size = width / heads;
  attended.fill(0);
  for (let head = 0; head < heads; head++) {
    attentionWeightsInto(pass, scratch, cache, head, row, bias);
    for (let j = 0; j <= row; j++) {
      const value = j * 2 * width + width + head * size;
      for (let k = 0; k < size; k++) attended[head * size + k] += weights[j] * cache[value + k];
    }
  }
}

const add = (from: Float32Array, to: Float32Array): void => {
  for (let k = 0; k < to.length; k++) to[k] += from[k];
};

/**
 * Passes one product at place `row` through the network, given the keys and values of those before it. Equals the last row
 * of `forward` but for rounding. O(d² + row·d).
 *
 * @param caches - per block [span × 2·width]: key then value of each row; those of this row are written
 * @param state - out, [width]
 */
export function forwardRow(
  pass: Pass,
  scratch: RowScratch,
  caches: readonly Float32Array[],
  product: number,
  row: number,
  state: Float32Array,
): void {
  const { floats, shape, places } = pass;
  const { width } = shape;
  const { x, normal, qkv, attended, hidden } = scratch;
  const base = pass.parameters >>> 2;
  const own = (pass.embeddings >>> 2) + product * width;
  for (let k = 0; k < width; k++) x[k] = Math.sqrt(width) * floats[own + k];
  for (const [index, at] of places.blocks.entries()) {
    norm(pass, x, base + at.attentionNorm, normal);
    layer(pass, normal, base + at.qkvWeight, base + at.qkvBias, qkv);
    caches[index].set(qkv.subarray(width), row * 2 * width);
    attend(pass, scratch, caches[index], row, base + at.distanceBias);
    layer(pass, attended, base + at.outWeight, base + at.outBias, normal);
    add(normal, x);
    norm(pass, x, base + at.feedNorm, normal);
    layer(pass, normal, base + at.upWeight, base + at.upBias, hidden);
    for (let k = 0; k < hidden.length; k++) hidden[k] /= 1 + Math.exp(-1.702 * hidden[k]);
    layer(pass, hidden, base + at.downWeight, base + at.downBias, normal);
    add(normal, x);
  }
  norm(pass, x, base + places.lastNorm, state);
}
