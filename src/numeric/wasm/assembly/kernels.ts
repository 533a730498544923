// Numeric kernels in WebAssembly SIMD (128 bits, no fused multiply-add: results are the same bits on every machine).
//
// All matrices are float32, row-major, in the imported memory; arguments are byte addresses and counts. `d` (columns of
// a factor matrix) is a multiple of 8 and rows are contiguous, padded with zeros: the caller pads, so that few loops here
// have a tail. Each kernel has a plain TypeScript twin in src/numeric, which the tests hold it equal to.
//
// Inner loops are not unrolled: V8 moves all loads of a loop body to its front, and more than six beside eight sums
// would not fit the fifteen registers it gives out.

/** Bytes of one float32. */
const F: usize = 4;
/** Columns gathered at once where long sums are cut: 128 interactions × d floats stay in the second-level cache. */
const chunk: i32 = 128;

// @ts-ignore: decorator
@inline function sumLanes(v: v128): f32 {
  return (f32x4.extract_lane(v, 0) + f32x4.extract_lane(v, 1)) +
    (f32x4.extract_lane(v, 2) + f32x4.extract_lane(v, 3));
}

/** [Σa, Σb, Σc, Σd]. */
// @ts-ignore: decorator
@inline function foldFour(a: v128, b: v128, c: v128, d: v128): v128 {
  const ab = f32x4.add(v128.shuffle<f32>(a, b, 0, 4, 1, 5), v128.shuffle<f32>(a, b, 2, 6, 3, 7));
  const cd = f32x4.add(v128.shuffle<f32>(c, d, 0, 4, 1, 5), v128.shuffle<f32>(c, d, 2, 6, 3, 7));
  return f32x4.add(v128.shuffle<f32>(ab, cd, 0, 1, 4, 5), v128.shuffle<f32>(ab, cd, 2, 3, 6, 7));
}

/** Σ aᵢ·bᵢ over n floats, n any. */
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

/**
 * Half of a 4 × 4 tile: for four rows of a and two of b, Σ a·b over `s` bytes of S rows, less Σ over `l` bytes of L rows.
 * The four sums with the first row of b are stored at `out`, those with the second at `out1`.
 */
// @ts-ignore: decorator
@inline function halfTile(
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

/** Four rows against one query: four scores, summed as in halfTile (the same bits). */
// @ts-ignore: decorator
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

/**
 * Reads one word of every cache line. Asked for at once and in order, lines travel together, where the loops that use
 * them would wait for a few at a time. The caller stores the word, so that no compiler drops the reads.
 */
// @ts-ignore: decorator
@inline function touchLines(from: usize, bytes: usize): i32 {
  let word: i32 = 0;
  for (let at = from; at < from + bytes; at += 64) word |= load<i32>(at);
  return word;
}

/** Rows this long or longer are touched before four of them are read side by side: halves a scan at d = 128. */
const touchBytes: usize = 512;

/** Queries that go together past all rows: 16 queries of 256 columns fill half the first-level cache. */
const queryBlock: i32 = 16;

/**
 * out[q][r] = Σₖ x[q][k]·rows[r][k]; `count` rows, a multiple of 4; out is [queries][count]. A score has the same bits
 * whether its query comes alone or with others.
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
 * x ← x·Q in place for `count` rows; `turned` is Qᵀ, d × d. `scratch` holds 16·d floats.
 */
export function rotateRows(x: usize, count: i32, d: i32, turned: usize, scratch: usize): void {
  const rowBytes = (<usize>d) * F;
  for (let first = 0; first < count; first += queryBlock) {
    const rows = min(queryBlock, count - first);
    const block = x + (<usize>first) * rowBytes;
    scoreRows(block, rows, turned, d, d, scratch);
    memory.copy(block, scratch, (<usize>rows) * rowBytes);
  }
}

/** Writes four columns as four rows, `stride` bytes apart. */
// @ts-ignore: decorator
@inline function storeTurned(a: v128, b: v128, c: v128, d: v128, out: usize, stride: usize): void {
  const ab = v128.shuffle<f32>(a, b, 0, 4, 1, 5), abHigh = v128.shuffle<f32>(a, b, 2, 6, 3, 7);
  const cd = v128.shuffle<f32>(c, d, 0, 4, 1, 5), cdHigh = v128.shuffle<f32>(c, d, 2, 6, 3, 7);
  v128.store(out, v128.shuffle<f32>(ab, cd, 0, 1, 4, 5));
  v128.store(out + stride, v128.shuffle<f32>(ab, cd, 2, 3, 6, 7));
  v128.store(out + 2 * stride, v128.shuffle<f32>(abHigh, cdHigh, 0, 1, 4, 5));
  v128.store(out + 3 * stride, v128.shuffle<f32>(abHigh, cdHigh, 2, 3, 6, 7));
}

/** Adds the tile of rows at `from` to four columns at `tile`, turning it. */
// @ts-ignore: decorator
@inline function addTurned(tile: usize, from: usize, stride: usize): void {
  const a = v128.load(from), b = v128.load(from + stride);
  const c = v128.load(from + 2 * stride), d = v128.load(from + 3 * stride);
  const ab = v128.shuffle<f32>(a, b, 0, 4, 1, 5), abHigh = v128.shuffle<f32>(a, b, 2, 6, 3, 7);
  const cd = v128.shuffle<f32>(c, d, 0, 4, 1, 5), cdHigh = v128.shuffle<f32>(c, d, 2, 6, 3, 7);
  v128.store(tile, f32x4.add(v128.load(tile), v128.shuffle<f32>(ab, cd, 0, 1, 4, 5)));
  v128.store(tile, f32x4.add(v128.load(tile, 16), v128.shuffle<f32>(ab, cd, 2, 3, 6, 7)), 16);
  v128.store(tile, f32x4.add(v128.load(tile, 32), v128.shuffle<f32>(abHigh, cdHigh, 0, 1, 4, 5)), 32);
  v128.store(tile, f32x4.add(v128.load(tile, 48), v128.shuffle<f32>(abHigh, cdHigh, 2, 3, 6, 7)), 48);
}

/** A ← A + S·Sᵀ, lower 4 × 4 tiles only; A is n × n, S is n × (bytes / 4), n a multiple of 4. */
function addGramOf(s: usize, strideS: usize, bytes: usize, n: i32, a: usize, tile: usize): void {
  const strideA = (<usize>n) * F;
  for (let i = 0; i < n; i += 4) {
    const si = s + (<usize>i) * strideS;
    for (let j = 0; j <= i; j += 4) {
      const sj = s + (<usize>j) * strideS;
      halfTile(si, sj, strideS, bytes, 0, 0, 0, 0, tile, tile + 16);
      halfTile(si, sj + 2 * strideS, strideS, bytes, 0, 0, 0, 0, tile + 32, tile + 48);
      const to = a + (<usize>i) * strideA + (<usize>j) * F;
      addTurned(tile, to, strideA);
      storeTurned(v128.load(tile), v128.load(tile, 16), v128.load(tile, 32), v128.load(tile, 48), to, strideA);
    }
  }
}

/**
 * Factors M = E + A + S·Sᵀ = L·Lᵀ (left-looking, by 4 × 4 tiles; the product and the elimination share one pass), L in
 * the lower triangle of `a`, n × n, n a multiple of 4. E = diag(e) > 0 and A, S·Sᵀ ≥ 0, so that no exact pivot is below
 * its e: a pivot that rounding took below is set to e, and the factor always exists. Afterwards `e` holds 1/Lᵢᵢ: what
 * follows multiplies where it would wait for divisions.
 *
 * @param hasSum - 0: `a` is not read, A = 0
 */
function factorSum(
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
      if (hasSum) addTurned(tile, li + l, strideA);
      solveTile(tile, lj + l, strideA, e + l, li + l);
    }
    const l = (<usize>i) * F;
    halfTile(si, si, strideS, bytes, li, li, strideA, l, tile, tile + 16);
    halfTile(si, si + 2 * strideS, strideS, bytes, li, li + 2 * strideA, strideA, l, tile + 32, tile + 48);
    if (hasSum) addTurned(tile, li + l, strideA);
    factorTile(tile, e + l, li + l, strideA);
  }
}

/** X ← X·L⁻ᵀ for a tile given as columns; rows go to `out`. L is the 4 × 4 lower triangle at `lower`, 1/Lᵢᵢ at `inverse`. */
// @ts-ignore: decorator
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
  storeTurned(c0, c1, c2, c3, out, stride);
}

/** sqrt of the pivot, which is at least its e. */
// @ts-ignore: decorator
@inline function root(pivot: f32, e: f32): f32 {
  return sqrt<f32>(max<f32>(pivot + e, e));
}

/** Cholesky factor of a diagonal tile given as columns, plus diag(e); zeros above the diagonal. e ← 1/Lᵢᵢ. */
// @ts-ignore: decorator
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

/** Solves L·Lᵀ·x = b in place; L n × n lower, n a multiple of 4; 1/Lᵢᵢ at `inverse`, as choleskyFactor leaves them. */
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

/** Turns up to four rows (0 = a row of zeros) of d floats, each times its factor, into columns of `out`. */
function turnFour(
  r0: usize, r1: usize, r2: usize, r3: usize, factors: v128, d: i32, out: usize, stride: usize,
): void {
  const zero = f32x4.splat(0);
  const f0 = v128.shuffle<f32>(factors, factors, 0, 0, 0, 0), f1 = v128.shuffle<f32>(factors, factors, 1, 1, 1, 1);
  const f2 = v128.shuffle<f32>(factors, factors, 2, 2, 2, 2), f3 = v128.shuffle<f32>(factors, factors, 3, 3, 3, 3);
  const end = (<usize>d) * F;
  for (let k: usize = 0; k < end; k += 16) {
    const a = r0 ? f32x4.mul(v128.load(r0 + k), f0) : zero;
    const b = r1 ? f32x4.mul(v128.load(r1 + k), f1) : zero;
    const c = r2 ? f32x4.mul(v128.load(r2 + k), f2) : zero;
    const e = r3 ? f32x4.mul(v128.load(r3 + k), f3) : zero;
    storeTurned(a, b, c, e, out, stride);
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
  const ones = f32x4.splat(1);
  for (let first = 0; first < count; first += chunk) {
    const columns = min(chunk, count - first);
    const padded = (columns + 7) & ~7;
    for (let c = 0; c < padded; c += 4) {
      const r0 = rows + (<usize>(first + c)) * rowBytes;
      turnFour(
        c < columns ? r0 : 0,
        c + 1 < columns ? r0 + rowBytes : 0,
        c + 2 < columns ? r0 + 2 * rowBytes : 0,
        c + 3 < columns ? r0 + 3 * rowBytes : 0,
        ones, d, scratch + (<usize>c) * F, stride,
      );
    }
    addGramOf(scratch, stride, (<usize>padded) * F, d, out, tile);
  }
}

// A job of solveRows, as sixteen 32-bit words; src/numeric/wasm/ridgeJob.ts writes it in the same order.
// @ts-ignore: decorator
@inline function word(job: usize, at: i32): usize { return <usize>load<u32>(job + ((<usize>at) << 2)); }
const jobFactors = 0; // float32 [fixed rows][d]
const jobIndptr = 1; // uint32 [rows + 1]
const jobIndices = 2; // uint32 [entries]
const jobValues = 3; // float32 [entries]: weight; negative: |weight| with target 0
const jobPrior = 4; // float32 [d]: diagonal prior shared by all rows
const jobRidge = 5; // float32 [rows]: added to the prior of that row
const jobOut = 6; // float32 [rows][d]
const jobColumns = 7; // d
const jobDual = 8; // rows with fewer entries are solved in the dual

/**
 * Rows [begin, end) of a weighted ridge regression with a diagonal prior; see src/numeric/solveRidgeRows.ts for what is
 * solved and why in two ways.
 *
 * @param scratch - d·max(d, 128) + d·d + 4·d + 16 floats
 */
export function solveRows(job: usize, scratch: usize, begin: i32, end: i32): void {
  const indptr = word(job, jobIndptr);
  const d = <i32>word(job, jobColumns);
  const dual = <i32>word(job, jobDual);
  const rowBytes = (<usize>d) * F;
  const out = word(job, jobOut);
  const ridge = word(job, jobRidge);
  for (let row = begin; row < end; row++) {
    const at = indptr + ((<usize>row) << 2);
    const first = load<u32>(at);
    const n = <i32>(load<u32>(at, 4) - first);
    const x = out + (<usize>row) * rowBytes;
    if (n == 0) {
      memory.fill(x, 0, rowBytes);
      continue;
    }
    const indices = word(job, jobIndices) + ((<usize>first) << 2);
    const values = word(job, jobValues) + ((<usize>first) << 2);
    const added = load<f32>(ridge + ((<usize>row) << 2));
    if (n < dual) solveDual(job, scratch, indices, values, n, added, x);
    else solvePrimal(job, scratch, indices, values, n, added, x);
  }
}

/** Touches the rows to come, which lie anywhere in the factors: saves 15 % of a half-epoch at d = 64. */
// @ts-ignore: decorator
@inline function touchRows(factors: usize, indices: usize, n: i32, rowBytes: usize, spare: usize): void {
  let word: i32 = 0;
  for (let i = 0; i < n; i++) {
    const row = factors + (<usize>load<u32>(indices + ((<usize>i) << 2))) * rowBytes;
    word |= touchLines(row, rowBytes);
  }
  store<i32>(spare, word);
}

/** x = D⁻¹·Zᵀ·(W⁻¹ + Z·D⁻¹·Zᵀ)⁻¹·p, n < d. */
function solveDual(
  job: usize, scratch: usize, indices: usize, values: usize, n: i32, added: f32, x: usize,
): void {
  const factors = word(job, jobFactors);
  const prior = word(job, jobPrior);
  const d = <i32>word(job, jobColumns);
  const rowBytes = (<usize>d) * F;
  const padded = (n + 3) & ~3;
  const s = scratch;
  const a = s + rowBytes * <usize>max(d, chunk);
  const scale = a + rowBytes * <usize>d;
  const e = scale + rowBytes;
  const t = e + rowBytes;
  const tile = t + 2 * rowBytes;
  const one = f32x4.splat(1), plus = f32x4.splat(added);
  for (let k: usize = 0; k < rowBytes; k += 16) {
    v128.store(scale + k, f32x4.div(one, f32x4.sqrt(f32x4.add(v128.load(prior + k), plus))));
  }
  touchRows(factors, indices, n, rowBytes, tile);
  for (let i = 0; i < n; i++) {
    const z = factors + (<usize>load<u32>(indices + ((<usize>i) << 2))) * rowBytes;
    const to = s + (<usize>i) * rowBytes;
    for (let k: usize = 0; k < rowBytes; k += 32) {
      v128.store(to + k, f32x4.mul(v128.load(z + k), v128.load(scale + k)));
      v128.store(to + k, f32x4.mul(v128.load(z + k, 16), v128.load(scale + k, 16)), 16);
    }
    const weight = load<f32>(values + ((<usize>i) << 2));
    store<f32>(e + ((<usize>i) << 2), <f32>1 / abs<f32>(weight));
    store<f32>(t + ((<usize>i) << 2), weight > 0 ? <f32>1 : <f32>0);
  }
  memory.fill(s + (<usize>n) * rowBytes, 0, (<usize>(padded - n)) * rowBytes);
  for (let i = n; i < padded; i++) {
    store<f32>(e + ((<usize>i) << 2), 1);
    store<f32>(t + ((<usize>i) << 2), 0);
  }
  factorSum(s, rowBytes, rowBytes, padded, e, a, 0, tile);
  choleskySolve(a, padded, e, t);
  combineRows(s, t, n, d, x);
  for (let k: usize = 0; k < rowBytes; k += 16) {
    v128.store(x + k, f32x4.mul(v128.load(x + k), v128.load(scale + k)));
  }
}

/** x = Σᵢ tᵢ·row i, sixteen columns (a cache line) at a time, then the eight that may be left. */
// @ts-ignore: decorator
@inline function combineRows(rows: usize, t: usize, n: i32, d: i32, x: usize): void {
  const rowBytes = (<usize>d) * F;
  const end = t + ((<usize>n) << 2);
  let k: usize = 0;
  for (; k + 64 <= rowBytes; k += 64) {
    let a = f32x4.splat(0), b = a, c = a, e = a;
    let from = rows + k;
    for (let at = t; at < end; at += F) {
      const ti = v128.load_splat<f32>(at);
      a = f32x4.add(a, f32x4.mul(ti, v128.load(from)));
      b = f32x4.add(b, f32x4.mul(ti, v128.load(from, 16)));
      c = f32x4.add(c, f32x4.mul(ti, v128.load(from, 32)));
      e = f32x4.add(e, f32x4.mul(ti, v128.load(from, 48)));
      from += rowBytes;
    }
    v128.store(x + k, a);
    v128.store(x + k, b, 16);
    v128.store(x + k, c, 32);
    v128.store(x + k, e, 48);
  }
  if (k < rowBytes) {
    let a = f32x4.splat(0), b = a;
    let from = rows + k;
    for (let at = t; at < end; at += F) {
      const ti = v128.load_splat<f32>(at);
      a = f32x4.add(a, f32x4.mul(ti, v128.load(from)));
      b = f32x4.add(b, f32x4.mul(ti, v128.load(from, 16)));
      from += rowBytes;
    }
    v128.store(x + k, a);
    v128.store(x + k, b, 16);
  }
}

/** x = (D + Zᵀ·W·Z)⁻¹·Zᵀ·W·p, entries in chunks so that popular rows need no more scratch. */
function solvePrimal(
  job: usize, scratch: usize, indices: usize, values: usize, n: i32, added: f32, x: usize,
): void {
  const factors = word(job, jobFactors);
  const prior = word(job, jobPrior);
  const d = <i32>word(job, jobColumns);
  const rowBytes = (<usize>d) * F;
  const stride = (<usize>chunk) * F;
  const s = scratch;
  const a = s + rowBytes * <usize>max(d, chunk);
  const e = a + rowBytes * <usize>d + rowBytes;
  const tile = e + 3 * rowBytes;
  const plus = f32x4.splat(added);
  memory.fill(x, 0, rowBytes);
  for (let k: usize = 0; k < rowBytes; k += 16) {
    v128.store(e + k, f32x4.add(v128.load(prior + k), plus));
  }
  let hasSum = 0;
  for (let first = 0; first < n; first += chunk) {
    const columns = min(chunk, n - first);
    const padded = (columns + 7) & ~7;
    touchRows(factors, indices + ((<usize>first) << 2), columns, rowBytes, tile);
    for (let c = 0; c < padded; c += 4) {
      turnEntries(factors, indices, values, first + c, min(4, columns - c), d, s + (<usize>c) * F);
    }
    for (let i = first; i < first + columns; i++) {
      const weight = load<f32>(values + ((<usize>i) << 2));
      if (weight <= 0) continue;
      const z = factors + (<usize>load<u32>(indices + ((<usize>i) << 2))) * rowBytes;
      const w = f32x4.splat(weight);
      for (let k: usize = 0; k < rowBytes; k += 16) {
        v128.store(x + k, f32x4.add(v128.load(x + k), f32x4.mul(w, v128.load(z + k))));
      }
    }
    if (first + chunk < n) {
      if (!hasSum) memory.fill(a, 0, rowBytes * <usize>d);
      addGramOf(s, stride, (<usize>padded) * F, d, a, tile);
      hasSum = 1;
    } else factorSum(s, stride, (<usize>padded) * F, d, e, a, hasSum, tile);
  }
  choleskySolve(a, d, e, x);
}

/** Columns c … c+3 of S = (√W·Z)ᵀ from entries `first` …; entries beyond `count` are zeros. */
// @ts-ignore: decorator
@inline function turnEntries(
  factors: usize, indices: usize, values: usize, first: i32, count: i32, d: i32, out: usize,
): void {
  const rowBytes = (<usize>d) * F;
  const at = indices + ((<usize>first) << 2);
  const weight = values + ((<usize>first) << 2);
  const r0 = count > 0 ? factors + (<usize>load<u32>(at)) * rowBytes : 0;
  const r1 = count > 1 ? factors + (<usize>load<u32>(at, 4)) * rowBytes : 0;
  const r2 = count > 2 ? factors + (<usize>load<u32>(at, 8)) * rowBytes : 0;
  const r3 = count > 3 ? factors + (<usize>load<u32>(at, 12)) * rowBytes : 0;
  let roots = f32x4.splat(0);
  if (count > 0) roots = f32x4.replace_lane(roots, 0, load<f32>(weight));
  if (count > 1) roots = f32x4.replace_lane(roots, 1, load<f32>(weight, 4));
  if (count > 2) roots = f32x4.replace_lane(roots, 2, load<f32>(weight, 8));
  if (count > 3) roots = f32x4.replace_lane(roots, 3, load<f32>(weight, 12));
  turnFour(r0, r1, r2, r3, f32x4.sqrt(f32x4.abs(roots)), d, out, (<usize>chunk) * F);
}
