import { F, foldFour } from './simd';
import { addTransposed, halfTile, storeTransposed } from './tiles';

/**
 * Factors M = E + A + S·Sᵀ = L·Lᵀ (left-looking, by 4 × 4 tiles; the product and the elimination share one pass), with L
 * in the lower triangle of `a`, n × n, n a multiple of 4. Since E = diag(e) > 0 and A, S·Sᵀ ≥ 0, no exact pivot is below
 * its e. A pivot that rounding pushed below is set to e, so the factor always exists. Afterwards `e` holds 1/Lᵢᵢ, so that
 * later steps multiply instead of dividing.
 *
 * @param hasSum - 0: `a` is not read, A = 0
 */
export function factorSum(
  s: usize, strideS: usize, bytes: usize, n: i32, e: usize, a: usize, hasSum: i32, tile: usize,
): void {
  const strideA = (<usize>n) * F;
  for (let i = 0; i < n; i += 4) {
    const si = s + (<usize>i) * strideS;
    const li = a + (<usize>i) * strideA;
    for (let j = 0; j < i; j += 4) {
      const sj = s + (<usize>j) * strideS;
      const lj = a + (<usize>j) * strideA;
      const l = (<usize>j) * F;
      halfTile(si, sj, strideS, bytes, li, lj, strideA, l, tile, tile + 16);
      halfTile(si, sj + 2 * strideS, strideS, bytes, li, lj + 2 * strideA, strideA, l, tile + 32, tile + 48);
      if (hasSum) addTransposed(tile, li + l, strideA);
      solveTile(tile, lj + l, strideA, e + l, li + l);
    }
    const l = (<usize>i) * F;
    halfTile(si, si, strideS, bytes, li, li, strideA, l, tile, tile + 16);
    halfTile(si, si + 2 * strideS, strideS, bytes, li, li + 2 * strideA, strideA, l, tile + 32, tile + 48);
    if (hasSum) addTransposed(tile, li + l, strideA);
    factorTile(tile, e + l, li + l, strideA);
  }
}

/** X ← X·L⁻ᵀ for a tile stored as columns; writes rows to `out`. L is the 4 × 4 triangle at `lower`, 1/Lᵢᵢ at `inverse`. */
@inline function solveTile(tile: usize, lower: usize, stride: usize, inverse: usize, out: usize): void {
  const l1 = lower + stride, l2 = l1 + stride, l3 = l2 + stride;
  const c0 = f32x4.mul(v128.load(tile), v128.load_splat<f32>(inverse));
  let c1 = f32x4.sub(v128.load(tile, 16), f32x4.mul(c0, v128.load_splat<f32>(l1)));
  c1 = f32x4.mul(c1, v128.load_splat<f32>(inverse + 4));
  let c2 = f32x4.sub(v128.load(tile, 32), f32x4.mul(c0, v128.load_splat<f32>(l2)));
  c2 = f32x4.sub(c2, f32x4.mul(c1, v128.load_splat<f32>(l2 + 4)));
  c2 = f32x4.mul(c2, v128.load_splat<f32>(inverse + 8));
  let c3 = f32x4.sub(v128.load(tile, 48), f32x4.mul(c0, v128.load_splat<f32>(l3)));
  c3 = f32x4.sub(c3, f32x4.mul(c1, v128.load_splat<f32>(l3 + 4)));
  c3 = f32x4.sub(c3, f32x4.mul(c2, v128.load_splat<f32>(l3 + 8)));
  c3 = f32x4.mul(c3, v128.load_splat<f32>(inverse + 12));
  storeTransposed(c0, c1, c2, c3, out, stride);
}

/** Square root of a pivot, which is raised to e where rounding pushed it below. */
@inline function root(pivot: f32, e: f32): f32 {
  return sqrt<f32>(max<f32>(pivot + e, e));
}

/** Cholesky factor of a diagonal tile stored as columns, plus diag(e); zeros above the diagonal. e ← 1/Lᵢᵢ. */
@inline function factorTile(tile: usize, e: usize, out: usize, stride: usize): void {
  const l00 = root(load<f32>(tile), load<f32>(e)), i0 = <f32>1 / l00;
  const l10 = load<f32>(tile, 4) * i0;
  const l20 = load<f32>(tile, 8) * i0;
  const l30 = load<f32>(tile, 12) * i0;
  const l11 = root(load<f32>(tile, 20) - l10 * l10, load<f32>(e, 4)), i1 = <f32>1 / l11;
  const l21 = (load<f32>(tile, 24) - l20 * l10) * i1;
  const l31 = (load<f32>(tile, 28) - l30 * l10) * i1;
  const l22 = root(load<f32>(tile, 40) - l20 * l20 - l21 * l21, load<f32>(e, 8)), i2 = <f32>1 / l22;
  const l32 = (load<f32>(tile, 44) - l30 * l20 - l31 * l21) * i2;
  const l33 = root(load<f32>(tile, 60) - l30 * l30 - l31 * l31 - l32 * l32, load<f32>(e, 12));
  store<f32>(e, i0);
  store<f32>(e, i1, 4);
  store<f32>(e, i2, 8);
  store<f32>(e, <f32>1 / l33, 12);
  v128.store(out, f32x4.replace_lane(f32x4.splat(0), 0, l00));
  out += stride;
  v128.store(out, f32x4.replace_lane(f32x4.replace_lane(f32x4.splat(0), 0, l10), 1, l11));
  out += stride;
  let row = f32x4.replace_lane(f32x4.replace_lane(f32x4.splat(0), 0, l20), 1, l21);
  v128.store(out, f32x4.replace_lane(row, 2, l22));
  out += stride;
  row = f32x4.replace_lane(f32x4.replace_lane(f32x4.splat(l33), 0, l30), 1, l31);
  v128.store(out, f32x4.replace_lane(row, 2, l32));
}

/**
 * Factors the positive definite A + diag(e) = L·Lᵀ in place (lower triangle; n a multiple of 4; see factorSum for the
 * pivots). e ← 1/Lᵢᵢ.
 *
 * @param tile - 64 bytes of scratch
 */
export function choleskyFactor(a: usize, n: i32, e: usize, tile: usize): void {
  factorSum(a, 0, 0, n, e, a, 1, tile);
}

/** Solves L·Lᵀ·x = b in place; L is n × n lower, n a multiple of 4; `inverse` holds 1/Lᵢᵢ, as written by choleskyFactor. */
export function choleskySolve(lower: usize, n: i32, inverse: usize, x: usize): void {
  const stride = (<usize>n) * F;
  for (let i = 0; i < n; i += 4) {
    const l0 = lower + (<usize>i) * stride, l1 = l0 + stride, l2 = l1 + stride, l3 = l2 + stride;
    const before = (<usize>i) * F;
    let a = f32x4.splat(0), b = a, c = a, d = a;
    for (let k: usize = 0; k < before; k += 16) {
      const z = v128.load(x + k);
      a = f32x4.add(a, f32x4.mul(z, v128.load(l0 + k)));
      b = f32x4.add(b, f32x4.mul(z, v128.load(l1 + k)));
      c = f32x4.add(c, f32x4.mul(z, v128.load(l2 + k)));
      d = f32x4.add(d, f32x4.mul(z, v128.load(l3 + k)));
    }
    const xi = x + before;
    const rest = f32x4.sub(v128.load(xi), foldFour(a, b, c, d));
    const m1 = l1 + before, m2 = l2 + before, m3 = l3 + before;
    const v = inverse + before;
    const z0 = f32x4.extract_lane(rest, 0) * load<f32>(v);
    const z1 = (f32x4.extract_lane(rest, 1) - z0 * load<f32>(m1)) * load<f32>(v, 4);
    const z2 = (f32x4.extract_lane(rest, 2) - z0 * load<f32>(m2) - z1 * load<f32>(m2, 4)) * load<f32>(v, 8);
    const z3 =
      (f32x4.extract_lane(rest, 3) - z0 * load<f32>(m3) - z1 * load<f32>(m3, 4) - z2 * load<f32>(m3, 8)) *
      load<f32>(v, 12);
    store<f32>(xi, z0);
    store<f32>(xi, z1, 4);
    store<f32>(xi, z2, 8);
    store<f32>(xi, z3, 12);
  }
  for (let i = n - 4; i >= 0; i -= 4) {
    const l0 = lower + (<usize>i) * stride, l1 = l0 + stride, l2 = l1 + stride, l3 = l2 + stride;
    const before = (<usize>i) * F;
    const xi = x + before;
    const m1 = l1 + before, m2 = l2 + before, m3 = l3 + before, v = inverse + before;
    const t3 = load<f32>(xi, 12) * load<f32>(v, 12);
    const t2 = (load<f32>(xi, 8) - t3 * load<f32>(m3, 8)) * load<f32>(v, 8);
    const t1 = (load<f32>(xi, 4) - t3 * load<f32>(m3, 4) - t2 * load<f32>(m2, 4)) * load<f32>(v, 4);
    const t0 = (load<f32>(xi) - t3 * load<f32>(m3) - t2 * load<f32>(m2) - t1 * load<f32>(m1)) * load<f32>(v);
    store<f32>(xi, t0);
    store<f32>(xi, t1, 4);
    store<f32>(xi, t2, 8);
    store<f32>(xi, t3, 12);
    const s0 = f32x4.splat(t0), s1 = f32x4.splat(t1), s2 = f32x4.splat(t2), s3 = f32x4.splat(t3);
    for (let k: usize = 0; k < before; k += 16) {
      const low = f32x4.add(f32x4.mul(s0, v128.load(l0 + k)), f32x4.mul(s1, v128.load(l1 + k)));
      const high = f32x4.add(f32x4.mul(s2, v128.load(l2 + k)), f32x4.mul(s3, v128.load(l3 + k)));
      v128.store(x + k, f32x4.sub(v128.load(x + k), f32x4.add(low, high)));
    }
  }
}
