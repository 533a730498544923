import { F, foldFour, sumLanes, touchLines } from './simd';
import { halfTile } from './tiles';

/** Σ aᵢ·bᵢ over n floats; any n. */
export function dot(a: usize, b: usize, n: i32): f32 {
  let s0 = f32x4.splat(0), s1 = s0, s2 = s0, s3 = s0;
  const end = a + (<usize>n) * F;
  const end16 = a + (<usize>(n & ~15)) * F;
  while (a < end16) {
    s0 = f32x4.add(s0, f32x4.mul(v128.load(a), v128.load(b)));
    s1 = f32x4.add(s1, f32x4.mul(v128.load(a, 16), v128.load(b, 16)));
    s2 = f32x4.add(s2, f32x4.mul(v128.load(a, 32), v128.load(b, 32)));
    s3 = f32x4.add(s3, f32x4.mul(v128.load(a, 48), v128.load(b, 48)));
    a += 64;
    b += 64;
  }
  let sum = sumLanes(f32x4.add(f32x4.add(s0, s1), f32x4.add(s2, s3)));
  while (a < end) {
    sum += load<f32>(a) * load<f32>(b);
    a += F;
    b += F;
  }
  return sum;
}

/** Four rows against one query: four scores, summed as in halfTile (the same bits). */
@inline function scoreOne(rows: usize, rowBytes: usize, x: usize, out: usize): void {
  let a = f32x4.splat(0), b = a, c = a, d = a;
  let r0 = rows, r1 = r0 + rowBytes, r2 = r1 + rowBytes, r3 = r2 + rowBytes;
  const end = x + rowBytes;
  while (x < end) {
    const u = v128.load(x);
    a = f32x4.add(a, f32x4.mul(v128.load(r0), u));
    b = f32x4.add(b, f32x4.mul(v128.load(r1), u));
    c = f32x4.add(c, f32x4.mul(v128.load(r2), u));
    d = f32x4.add(d, f32x4.mul(v128.load(r3), u));
    r0 += 16;
    r1 += 16;
    r2 += 16;
    r3 += 16;
    x += 16;
  }
  v128.store(out, foldFour(a, b, c, d));
}

/** Rows of at least this length are prefetched before four of them are read in parallel: halves a scan at d = 128. */
const touchBytes: usize = 512;

/** Queries processed together in a pass over all rows: 16 queries of 256 columns fill half the first-level cache. */
const queryBlock: i32 = 16;

/**
 * out[q][r] = Σₖ x[q][k]·rows[r][k]; `count` rows, a multiple of 4; out is [queries][count]. The bits of a score do not
 * depend on the other queries of the call.
 */
export function scoreRows(x: usize, queries: i32, rows: usize, count: i32, d: i32, out: usize): void {
  const rowBytes = (<usize>d) * F;
  const outBytes = (<usize>count) * F;
  for (let first = 0; first < queries; first += queryBlock) {
    const last = min(first + queryBlock, queries);
    for (let r = 0; r < count; r += 4) {
      const four = rows + (<usize>r) * rowBytes;
      let query = x + (<usize>first) * rowBytes;
      let to = out + (<usize>first) * outBytes + (<usize>r) * F;
      if (rowBytes >= touchBytes) store<i32>(to, touchLines(four, 4 * rowBytes));
      let q = first;
      for (; q + 2 <= last; q += 2) {
        halfTile(four, query, rowBytes, rowBytes, 0, 0, 0, 0, to, to + outBytes);
        query += 2 * rowBytes;
        to += 2 * outBytes;
      }
      if (q < last) scoreOne(four, rowBytes, query, to);
    }
  }
}

/**
 * x ← x·Q in place for `count` rows; `transposed` is Qᵀ, d × d. `scratch` holds 16·d floats.
 */
export function rotateRows(x: usize, count: i32, d: i32, transposed: usize, scratch: usize): void {
  const rowBytes = (<usize>d) * F;
  for (let first = 0; first < count; first += queryBlock) {
    const rows = min(queryBlock, count - first);
    const block = x + (<usize>first) * rowBytes;
    scoreRows(block, rows, transposed, d, d, scratch);
    memory.copy(block, scratch, (<usize>rows) * rowBytes);
  }
}
