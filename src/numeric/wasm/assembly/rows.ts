import { F, sumLanes } from './simd';

// Rows of `columns` floats, a multiple of 4.

/** out[i] = scale·table[indices[i]]. */
export function gatherRows(table: usize, indices: usize, count: i32, columns: i32, scale: f32, out: usize): void {
  const bytes = (<usize>columns) * F;
  const s = f32x4.splat(scale);
  for (let i = 0; i < count; i++) {
    const from = table + (<usize>load<u32>(indices + ((<usize>i) << 2))) * bytes;
    for (let k: usize = 0; k < bytes; k += 16) v128.store(out + k, f32x4.mul(s, v128.load(from + k)));
    out += bytes;
  }
}

/** table[indices[i]] += scale·rows[i], in order of i. */
export function scatterAddRows(
  rows: usize, indices: usize, count: i32, columns: i32, scale: f32, table: usize,
): void {
  const bytes = (<usize>columns) * F;
  const s = f32x4.splat(scale);
  for (let i = 0; i < count; i++) {
    const to = table + (<usize>load<u32>(indices + ((<usize>i) << 2))) * bytes;
    for (let k: usize = 0; k < bytes; k += 16) {
      v128.store(to + k, f32x4.add(v128.load(to + k), f32x4.mul(s, v128.load(rows + k))));
    }
    rows += bytes;
  }
}

/** Every row += bias. */
export function addBias(rows: usize, count: i32, columns: i32, bias: usize): void {
  const bytes = (<usize>columns) * F;
  for (let i = 0; i < count; i++) {
    for (let k: usize = 0; k < bytes; k += 16) {
      v128.store(rows + k, f32x4.add(v128.load(rows + k), v128.load(bias + k)));
    }
    rows += bytes;
  }
}

/** out += Σ rows: the gradient of a bias. */
export function addColumnSums(rows: usize, count: i32, columns: i32, out: usize): void {
  const bytes = (<usize>columns) * F;
  for (let k: usize = 0; k < bytes; k += 16) {
    let sum = f32x4.splat(0);
    let from = rows + k;
    for (let i = 0; i < count; i++) {
      sum = f32x4.add(sum, v128.load(from));
      from += bytes;
    }
    v128.store(out + k, f32x4.add(v128.load(out + k), sum));
  }
}

/** out[i] = a[i]·b[i], row by row. */
export function rowDots(a: usize, b: usize, count: i32, columns: i32, out: usize): void {
  const bytes = (<usize>columns) * F;
  for (let i = 0; i < count; i++) {
    let sum = f32x4.splat(0);
    for (let k: usize = 0; k < bytes; k += 16) {
      sum = f32x4.add(sum, f32x4.mul(v128.load(a + k), v128.load(b + k)));
    }
    store<f32>(out, sumLanes(sum));
    a += bytes;
    b += bytes;
    out += F;
  }
}

/** out[i] += scales[i]·rows[i], row by row. */
export function addScaledRows(rows: usize, scales: usize, count: i32, columns: i32, out: usize): void {
  const bytes = (<usize>columns) * F;
  for (let i = 0; i < count; i++) {
    const s = v128.load_splat<f32>(scales);
    for (let k: usize = 0; k < bytes; k += 16) {
      v128.store(out + k, f32x4.add(v128.load(out + k), f32x4.mul(s, v128.load(rows + k))));
    }
    rows += bytes;
    out += bytes;
    scales += F;
  }
}

/** Added to the variance. */
const varianceFloor: f32 = 1e-5;

/** The mean of a row, in every lane; share = 1/columns. */
@inline function meanOf(x: usize, bytes: usize, share: f32): v128 {
  let sum = f32x4.splat(0);
  for (let k: usize = 0; k < bytes; k += 16) sum = f32x4.add(sum, v128.load(x + k));
  return f32x4.splat(sumLanes(sum) * share);
}

/** 1/√(variance + floor) of a row, in every lane. */
@inline function inverseDeviationOf(x: usize, bytes: usize, share: f32, mean: v128): v128 {
  let square = f32x4.splat(0);
  for (let k: usize = 0; k < bytes; k += 16) {
    const d = f32x4.sub(v128.load(x + k), mean);
    square = f32x4.add(square, f32x4.mul(d, d));
  }
  return f32x4.splat(<f32>1 / sqrt<f32>(sumLanes(square) * share + varianceFloor));
}

/**
 * out = (x - mean)/√(variance + 1e-5)·gain + offset, row by row (Ba, Kiros & Hinton 2016). `affine` is gain[columns],
 * then offset[columns].
 */
export function layerNorm(x: usize, count: i32, columns: i32, affine: usize, out: usize): void {
  const bytes = (<usize>columns) * F;
  const share = <f32>1 / <f32>columns;
  for (let i = 0; i < count; i++) {
    const mean = meanOf(x, bytes, share);
    const inverse = inverseDeviationOf(x, bytes, share, mean);
    for (let k: usize = 0; k < bytes; k += 16) {
      const normal = f32x4.mul(f32x4.sub(v128.load(x + k), mean), inverse);
      v128.store(out + k, f32x4.add(f32x4.mul(normal, v128.load(affine + k)), v128.load(affine + bytes + k)));
    }
    x += bytes;
    out += bytes;
  }
}

/**
 * Gradient of layerNorm: `gradient` (of its out) ← gradient of x, in place; affineGradient += gradients of gain and
 * offset.
 */
export function layerNormBackward(
  x: usize, count: i32, columns: i32, affine: usize, gradient: usize, affineGradient: usize,
): void {
  const bytes = (<usize>columns) * F;
  const share = <f32>1 / <f32>columns;
  for (let i = 0; i < count; i++) {
    const mean = meanOf(x, bytes, share);
    const inverse = inverseDeviationOf(x, bytes, share, mean);
    let sumG = f32x4.splat(0), sumGn = sumG;
    for (let k: usize = 0; k < bytes; k += 16) {
      const normal = f32x4.mul(f32x4.sub(v128.load(x + k), mean), inverse);
      const own = v128.load(gradient + k);
      const gain = affineGradient + k, offset = gain + bytes;
      v128.store(gain, f32x4.add(v128.load(gain), f32x4.mul(own, normal)));
      v128.store(offset, f32x4.add(v128.load(offset), own));
      const g = f32x4.mul(own, v128.load(affine + k));
      sumG = f32x4.add(sumG, g);
      sumGn = f32x4.add(sumGn, f32x4.mul(g, normal));
    }
    const meanG = f32x4.splat(sumLanes(sumG) * share), meanGn = f32x4.splat(sumLanes(sumGn) * share);
    for (let k: usize = 0; k < bytes; k += 16) {
      const normal = f32x4.mul(f32x4.sub(v128.load(x + k), mean), inverse);
      const g = f32x4.mul(v128.load(gradient + k), v128.load(affine + k));
      const left = f32x4.sub(f32x4.sub(g, meanG), f32x4.mul(normal, meanGn));
      v128.store(gradient + k, f32x4.mul(inverse, left));
    }
    x += bytes;
    gradient += bytes;
  }
}
