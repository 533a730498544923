import { F } from './simd';
import { storeTransposed } from './tiles';

// Matrix products after Goto & van de Geijn 2008, "Anatomy of high-performance matrix multiplication". Blocks of the
// right factor are packed into panels of eight columns, the left factor into panels of four rows. One tile of 4 × 8 sums
// stays in eight registers while it runs down both panels. The three layouts (A·B, A·Bᵀ, Aᵀ·B) differ in packing only, and
// no matrix is read in strides that share a cache set.

/** Inner dimension packed at once. */
const innerBlock: i32 = 256;
/** Columns packed at once: innerBlock × columnBlock floats stay in the second-level cache. */
const columnBlock: i32 = 64;

/** Floats of scratch that a product needs: a panel of A, a block of B, and a write-only row for missing rows of C. */
export const productScratchLength: i32 = innerBlock * 4 + innerBlock * columnBlock + 16;

/** Scratch of this instance (one per thread); setScratch must set it before any product. */
let scratch: usize = 0;

/** Sets the scratch of this thread: [productScratchLength] floats. */
export function setScratch(address: usize): void {
  scratch = address;
}

/** Four rows × eight columns of C from packed panels; `add` 0 overwrites C. */
@inline function tile(
  a: usize, b: usize, k: i32, c0: usize, c1: usize, c2: usize, c3: usize, add: i32,
): void {
  let s0 = f32x4.splat(0), s1 = s0, s2 = s0, s3 = s0, s4 = s0, s5 = s0, s6 = s0, s7 = s0;
  const end = b + ((<usize>k) << 5);
  while (b < end) {
    const u = v128.load(b), v = v128.load(b, 16);
    let w = v128.load_splat<f32>(a);
    s0 = f32x4.add(s0, f32x4.mul(w, u));
    s1 = f32x4.add(s1, f32x4.mul(w, v));
    w = v128.load_splat<f32>(a, 4);
    s2 = f32x4.add(s2, f32x4.mul(w, u));
    s3 = f32x4.add(s3, f32x4.mul(w, v));
    w = v128.load_splat<f32>(a, 8);
    s4 = f32x4.add(s4, f32x4.mul(w, u));
    s5 = f32x4.add(s5, f32x4.mul(w, v));
    w = v128.load_splat<f32>(a, 12);
    s6 = f32x4.add(s6, f32x4.mul(w, u));
    s7 = f32x4.add(s7, f32x4.mul(w, v));
    a += 16;
    b += 32;
  }
  if (add) {
    s0 = f32x4.add(s0, v128.load(c0));
    s1 = f32x4.add(s1, v128.load(c0, 16));
    s2 = f32x4.add(s2, v128.load(c1));
    s3 = f32x4.add(s3, v128.load(c1, 16));
    s4 = f32x4.add(s4, v128.load(c2));
    s5 = f32x4.add(s5, v128.load(c2, 16));
    s6 = f32x4.add(s6, v128.load(c3));
    s7 = f32x4.add(s7, v128.load(c3, 16));
  }
  v128.store(c0, s0);
  v128.store(c0, s1, 16);
  v128.store(c1, s2);
  v128.store(c1, s3, 16);
  v128.store(c2, s4);
  v128.store(c2, s5, 16);
  v128.store(c3, s6);
  v128.store(c3, s7, 16);
}

/** Eight columns of rows `stride` bytes apart → [k][8]. */
@inline function packColumns(from: usize, stride: usize, k: i32, to: usize): void {
  const end = to + ((<usize>k) << 5);
  while (to < end) {
    v128.store(to, v128.load(from));
    v128.store(to, v128.load(from, 16), 16);
    from += stride;
    to += 32;
  }
}

/** Eight rows `stride` bytes apart, k floats of each → [k][8]. k a multiple of 4. */
@inline function packTransposed(from: usize, stride: usize, k: i32, to: usize): void {
  const r1 = from + stride, r2 = r1 + stride, r3 = r2 + stride;
  const r4 = r3 + stride, r5 = r4 + stride, r6 = r5 + stride, r7 = r6 + stride;
  const bytes = (<usize>k) << 2;
  for (let at: usize = 0; at < bytes; at += 16) {
    storeTransposed(v128.load(from + at), v128.load(r1 + at), v128.load(r2 + at), v128.load(r3 + at), to, 32);
    storeTransposed(v128.load(r4 + at), v128.load(r5 + at), v128.load(r6 + at), v128.load(r7 + at), to + 16, 32);
    to += 128;
  }
}

/** Up to four rows of A, k floats of each → [k][4]; missing rows repeat the first. */
@inline function packRows(from: usize, stride: usize, rows: i32, k: i32, to: usize): void {
  const r1 = rows > 1 ? from + stride : from;
  const r2 = rows > 2 ? from + 2 * stride : from;
  const r3 = rows > 3 ? from + 3 * stride : from;
  const whole = (<usize>(k & ~3)) << 2;
  let at: usize = 0;
  for (; at < whole; at += 16) {
    storeTransposed(v128.load(from + at), v128.load(r1 + at), v128.load(r2 + at), v128.load(r3 + at), to, 16);
    to += 64;
  }
  const bytes = (<usize>k) << 2;
  for (; at < bytes; at += F) {
    store<f32>(to, load<f32>(from + at));
    store<f32>(to, load<f32>(r1 + at), 4);
    store<f32>(to, load<f32>(r2 + at), 8);
    store<f32>(to, load<f32>(r3 + at), 12);
    to += 16;
  }
}

/** Four columns of A (rows `stride` bytes apart) → [k][4]. Always reads four floats per row. */
@inline function packRowsOfTransposed(from: usize, stride: usize, k: i32, to: usize): void {
  const end = to + ((<usize>k) << 4);
  while (to < end) {
    v128.store(to, v128.load(from));
    from += stride;
    to += 16;
  }
}

/**
 * C (+)= A'·B' with strides in bytes. A is [m × k] (transposedA: [k × m]), B is [k × n] (transposedB: [n × k], k a
 * multiple of 4). n is a multiple of 8. The caller allocates C and B with at least that many columns.
 */
export function productOf(
  a: usize, strideA: usize, transposedA: i32, b: usize, strideB: usize, transposedB: i32,
  c: usize, strideC: usize, m: i32, n: i32, k: i32, add: i32,
): void {
  const panel = scratch;
  const block = panel + <usize>(innerBlock * 4 * 4);
  const spare = block + <usize>(innerBlock * columnBlock * 4);
  if (k == 0 && !add) {
    for (let i = 0; i < m; i++) memory.fill(c + (<usize>i) * strideC, 0, (<usize>n) * F);
    return;
  }
  for (let k0 = 0; k0 < k; k0 += innerBlock) {
    const depth = min(innerBlock, k - k0);
    const adds = add | i32(k0 > 0);
    for (let n0 = 0; n0 < n; n0 += columnBlock) {
      const width = min(columnBlock, n - n0);
      for (let j = 0; j < width; j += 8) {
        const to = block + (<usize>(j * depth)) * F;
        const column = <usize>(n0 + j), row = <usize>k0;
        if (transposedB) packTransposed(b + column * strideB + row * F, strideB, depth, to);
        else packColumns(b + row * strideB + column * F, strideB, depth, to);
      }
      for (let i = 0; i < m; i += 4) {
        const rows = min(4, m - i);
        if (transposedA) packRowsOfTransposed(a + (<usize>k0) * strideA + (<usize>i) * F, strideA, depth, panel);
        else packRows(a + (<usize>i) * strideA + (<usize>k0) * F, strideA, rows, depth, panel);
        const c0 = c + (<usize>i) * strideC + (<usize>n0) * F;
        for (let j = 0; j < width; j += 8) {
          const at = c0 + (<usize>j) * F;
          tile(
            panel, block + (<usize>(j * depth)) * F, depth,
            at,
            rows > 1 ? at + strideC : spare,
            rows > 2 ? at + 2 * strideC : spare,
            rows > 3 ? at + 3 * strideC : spare,
            adds,
          );
        }
      }
    }
  }
}

/** out = A·B; A [rows × inner], B [inner × columns]; columns a multiple of 8. */
export function multiply(a: usize, b: usize, out: usize, rows: i32, inner: i32, columns: i32): void {
  productOf(
    a, (<usize>inner) * F, 0, b, (<usize>columns) * F, 0, out, (<usize>columns) * F, rows, columns, inner, 0,
  );
}

/** out += A·B. */
export function addMultiply(a: usize, b: usize, out: usize, rows: i32, inner: i32, columns: i32): void {
  productOf(
    a, (<usize>inner) * F, 0, b, (<usize>columns) * F, 0, out, (<usize>columns) * F, rows, columns, inner, 1,
  );
}

/** out = A·Bᵀ; A [rows × inner], B [columns × inner]; inner a multiple of 4, columns of 8. */
export function multiplyTransposed(a: usize, b: usize, out: usize, rows: i32, inner: i32, columns: i32): void {
  productOf(
    a, (<usize>inner) * F, 0, b, (<usize>inner) * F, 1, out, (<usize>columns) * F, rows, columns, inner, 0,
  );
}

/** out += A·Bᵀ. */
export function addMultiplyTransposed(a: usize, b: usize, out: usize, rows: i32, inner: i32, columns: i32): void {
  productOf(
    a, (<usize>inner) * F, 0, b, (<usize>inner) * F, 1, out, (<usize>columns) * F, rows, columns, inner, 1,
  );
}

/** out += Aᵀ·B; A [inner × rows], B [inner × columns]; rows a multiple of 4, columns of 8. */
export function addTransposedMultiply(a: usize, b: usize, out: usize, rows: i32, inner: i32, columns: i32): void {
  productOf(
    a, (<usize>rows) * F, 1, b, (<usize>columns) * F, 0, out, (<usize>columns) * F, rows, columns, inner, 1,
  );
}
