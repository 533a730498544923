import { F, chunk } from './simd';
import { addTransposed, halfTile, storeTransposed } from './tiles';

/** A ← A + S·Sᵀ, lower 4 × 4 tiles only; A is n × n, S is n × (bytes / 4), n a multiple of 4. */
export function addGramOf(s: usize, strideS: usize, bytes: usize, n: i32, a: usize, tile: usize): void {
  const strideA = (<usize>n) * F;
  for (let i = 0; i < n; i += 4) {
    const si = s + (<usize>i) * strideS;
    for (let j = 0; j <= i; j += 4) {
      const sj = s + (<usize>j) * strideS;
      halfTile(si, sj, strideS, bytes, 0, 0, 0, 0, tile, tile + 16);
      halfTile(si, sj + 2 * strideS, strideS, bytes, 0, 0, 0, 0, tile + 32, tile + 48);
      const to = a + (<usize>i) * strideA + (<usize>j) * F;
      addTransposed(tile, to, strideA);
      storeTransposed(v128.load(tile), v128.load(tile, 16), v128.load(tile, 32), v128.load(tile, 48), to, strideA);
    }
  }
}

/** Writes four rows of d floats (address 0: zeros), each multiplied by its factor, as four columns of `out`. */
export function transposeFour(
  r0: usize, r1: usize, r2: usize, r3: usize,
  f0: f32, f1: f32, f2: f32, f3: f32,
  d: i32, out: usize, stride: usize,
): void {
  const zero = f32x4.splat(0);
  const s0 = f32x4.splat(f0), s1 = f32x4.splat(f1), s2 = f32x4.splat(f2), s3 = f32x4.splat(f3);
  const end = (<usize>d) * F;
  for (let k: usize = 0; k < end; k += 16) {
    const a = r0 ? f32x4.mul(v128.load(r0 + k), s0) : zero;
    const b = r1 ? f32x4.mul(v128.load(r1 + k), s1) : zero;
    const c = r2 ? f32x4.mul(v128.load(r2 + k), s2) : zero;
    const e = r3 ? f32x4.mul(v128.load(r3 + k), s3) : zero;
    storeTransposed(a, b, c, e, out, stride);
    out += 4 * stride;
  }
}

/**
 * out ← out + Σ row·rowᵀ over `count` contiguous rows of d floats: the Gram matrix, lower 4 × 4 tiles of d × d.
 *
 * @param scratch - 128·d + 16 floats
 */
export function addGram(rows: usize, count: i32, d: i32, out: usize, scratch: usize): void {
  const rowBytes = (<usize>d) * F;
  const stride = (<usize>chunk) * F;
  const tile = scratch + rowBytes * <usize>chunk;
  for (let first = 0; first < count; first += chunk) {
    const columns = min(chunk, count - first);
    const padded = (columns + 7) & ~7;
    for (let c = 0; c < padded; c += 4) {
      const r0 = rows + (<usize>(first + c)) * rowBytes;
      transposeFour(
        c < columns ? r0 : 0,
        c + 1 < columns ? r0 + rowBytes : 0,
        c + 2 < columns ? r0 + 2 * rowBytes : 0,
        c + 3 < columns ? r0 + 3 * rowBytes : 0,
        1, 1, 1, 1,
        d, scratch + (<usize>c) * F, stride,
      );
    }
    addGramOf(scratch, stride, (<usize>padded) * F, d, out, tile);
  }
}
