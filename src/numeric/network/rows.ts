import type { Numbers } from './numbers';

/** out[i] = scale·table[indices[i]]; rows of `columns`. */
export function gatherRows(
  table: Numbers,
  indices: Uint32Array,
  columns: number,
  scale: number,
  out: Numbers,
): void {
  for (const [place, row] of indices.entries()) {
    for (let k = 0; k < columns; k++) out[place * columns + k] = scale * table[row * columns + k];
  }
}

/** table[indices[i]] += scale·rows[i], in order of i. */
export function scatterAddRows(
  rows: Numbers,
  indices: Uint32Array,
  columns: number,
  scale: number,
  table: Numbers,
): void {
  for (const [place, row] of indices.entries()) {
    for (let k = 0; k < columns; k++) table[row * columns + k] += scale * rows[place * columns + k];
  }
}

/** Every row += bias. */
export function addBias(rows: Numbers, bias: Numbers): void {
  for (let i = 0; i < rows.length; i++) rows[i] += bias[i % bias.length];
}

/** out += Σ rows: the gradient of a bias. */
export function addColumnSums(rows: Numbers, out: Numbers): void {
  for (let i = 0; i < rows.length; i++) out[i % out.length] += rows[i];
}

/** out[i] = a[i]·b[i], row by row. */
export function rowDots(a: Numbers, b: Numbers, columns: number, out: Numbers): void {
  for (let row = 0; row < out.length; row++) {
    let sum = 0;
    for (let k = row * columns; k < (row + 1) * columns; k++) sum += a[k] * b[k];
    out[row] = sum;
  }
}

/** out[i] += scales[i]·rows[i], row by row. */
export function addScaledRows(rows: Numbers, scales: Numbers, columns: number, out: Numbers): void {
  for (let i = 0; i < rows.length; i++) out[i] += scales[Math.floor(i / columns)] * rows[i];
}

/** Added to the variance. */
const varianceFloor = 1e-5;

/** Returns the mean and 1/√(variance + 1e-5) of a row. */
function moments(row: Numbers): { readonly mean: number; readonly inverse: number } {
  let sum = 0;
  for (const value of row) sum += value;
  const mean = sum / row.length;
  let square = 0;
  for (const value of row) square += (value - mean) ** 2;
  return { mean, inverse: 1 / Math.sqrt(square / row.length + varianceFloor) };
}

/**
 * out = (x - mean)/√(variance + 1e-5)·gain + offset, row by row (Ba, Kiros & Hinton 2016).
 *
 * @param affine - gain [columns], then offset [columns]
 */
export function layerNorm(x: Numbers, columns: number, affine: Numbers, out: Numbers): void {
  for (let start = 0; start < x.length; start += columns) {
    const row = x.subarray(start, start + columns);
    const { mean, inverse } = moments(row);
    for (let k = 0; k < columns; k++) {
      out[start + k] = (row[k] - mean) * inverse * affine[k] + affine[columns + k];
    }
  }
}

/** `gradient` (of layerNorm's out) ← gradient of x, in place; affineGradient += gradients of gain and offset. */
export function layerNormBackward(
  x: Numbers,
  columns: number,
  affine: Numbers,
  gradient: Numbers,
  affineGradient: Numbers,
): void {
  for (let start = 0; start < x.length; start += columns) {
    const row = x.subarray(start, start + columns);
    const own = gradient.subarray(start, start + columns);
    const { mean, inverse } = moments(row);
    let sum = 0;
    let sumNormal = 0;
    for (let k = 0; k < columns; k++) {
      const normal = (row[k] - mean) * inverse;
      affineGradient[k] += own[k] * normal;
      affineGradient[columns + k] += own[k];
      own[k] *= affine[k];
      sum += own[k];
      sumNormal += own[k] * normal;
    }
    for (let k = 0; k < columns; k++) {
      const normal = (row[k] - mean) * inverse;
      own[k] = inverse * (own[k] - sum / columns - (normal * sumNormal) / columns);
    }
  }
}
