import { foldFour } from './simd';

/**
 * Half of a 4 × 4 tile: for four rows of a and two of b, Σ a·b over `s` bytes of S rows minus Σ a·b over `l` bytes of L
 * rows. The four sums with the first row of b are stored at `out`, those with the second at `out1`.
 */
@inline export function halfTile(
  sa: usize, sb: usize, strideS: usize, s: usize,
  la: usize, lb: usize, strideL: usize, l: usize,
  out: usize, out1: usize,
): void {
  let a = f32x4.splat(0), b = a, c = a, d = a, e = a, f = a, g = a, h = a;
  let a0 = sa, a1 = a0 + strideS, a2 = a1 + strideS, a3 = a2 + strideS;
  let b0 = sb, b1 = b0 + strideS;
  let end = a0 + s;
  while (a0 < end) {
    const u = v128.load(b0), v = v128.load(b1);
    let w = v128.load(a0);
    a = f32x4.add(a, f32x4.mul(w, u));
    e = f32x4.add(e, f32x4.mul(w, v));
    w = v128.load(a1);
    b = f32x4.add(b, f32x4.mul(w, u));
    f = f32x4.add(f, f32x4.mul(w, v));
    w = v128.load(a2);
    c = f32x4.add(c, f32x4.mul(w, u));
    g = f32x4.add(g, f32x4.mul(w, v));
    w = v128.load(a3);
    d = f32x4.add(d, f32x4.mul(w, u));
    h = f32x4.add(h, f32x4.mul(w, v));
    a0 += 16;
    a1 += 16;
    a2 += 16;
    a3 += 16;
    b0 += 16;
    b1 += 16;
  }
  a0 = la;
  a1 = a0 + strideL;
  a2 = a1 + strideL;
  a3 = a2 + strideL;
  b0 = lb;
  b1 = b0 + strideL;
  end = a0 + l;
  while (a0 < end) {
    const u = v128.load(b0), v = v128.load(b1);
    let w = v128.load(a0);
    a = f32x4.sub(a, f32x4.mul(w, u));
    e = f32x4.sub(e, f32x4.mul(w, v));
    w = v128.load(a1);
    b = f32x4.sub(b, f32x4.mul(w, u));
    f = f32x4.sub(f, f32x4.mul(w, v));
    w = v128.load(a2);
    c = f32x4.sub(c, f32x4.mul(w, u));
    g = f32x4.sub(g, f32x4.mul(w, v));
    w = v128.load(a3);
    d = f32x4.sub(d, f32x4.mul(w, u));
    h = f32x4.sub(h, f32x4.mul(w, v));
    a0 += 16;
    a1 += 16;
    a2 += 16;
    a3 += 16;
    b0 += 16;
    b1 += 16;
  }
  v128.store(out, foldFour(a, b, c, d));
  v128.store(out1, foldFour(e, f, g, h));
}

/** Writes four columns as four rows, `stride` bytes apart. */
@inline export function storeTransposed(a: v128, b: v128, c: v128, d: v128, out: usize, stride: usize): void {
  const ab = v128.shuffle<f32>(a, b, 0, 4, 1, 5), abHigh = v128.shuffle<f32>(a, b, 2, 6, 3, 7);
  const cd = v128.shuffle<f32>(c, d, 0, 4, 1, 5), cdHigh = v128.shuffle<f32>(c, d, 2, 6, 3, 7);
  v128.store(out, v128.shuffle<f32>(ab, cd, 0, 1, 4, 5));
  v128.store(out + stride, v128.shuffle<f32>(ab, cd, 2, 3, 6, 7));
  v128.store(out + 2 * stride, v128.shuffle<f32>(abHigh, cdHigh, 0, 1, 4, 5));
  v128.store(out + 3 * stride, v128.shuffle<f32>(abHigh, cdHigh, 2, 3, 6, 7));
}

/** Transposes the 4 × 4 tile of rows at `from` and adds it to the four columns at `tile`. */
@inline export function addTransposed(tile: usize, from: usize, stride: usize): void {
  const a = v128.load(from), b = v128.load(from + stride);
  const c = v128.load(from + 2 * stride), d = v128.load(from + 3 * stride);
  const ab = v128.shuffle<f32>(a, b, 0, 4, 1, 5), abHigh = v128.shuffle<f32>(a, b, 2, 6, 3, 7);
  const cd = v128.shuffle<f32>(c, d, 0, 4, 1, 5), cdHigh = v128.shuffle<f32>(c, d, 2, 6, 3, 7);
  v128.store(tile, f32x4.add(v128.load(tile), v128.shuffle<f32>(ab, cd, 0, 1, 4, 5)));
  v128.store(tile, f32x4.add(v128.load(tile, 16), v128.shuffle<f32>(ab, cd, 2, 3, 6, 7)), 16);
  v128.store(tile, f32x4.add(v128.load(tile, 32), v128.shuffle<f32>(abHigh, cdHigh, 0, 1, 4, 5)), 32);
  v128.store(tile, f32x4.add(v128.load(tile, 48), v128.shuffle<f32>(abHigh, cdHigh, 2, 3, 6, 7)), 48);
}
