import { improveRow } from './blocks';
import { choleskySolve, factorSum } from './cholesky';
import { addGramOf, transposeFour } from './gram';
import { F, chunk, touchLines } from './simd';

// A job of solveRows is sixteen 32-bit words; src/numeric/wasm/ridgeJob.ts writes them in the same order.
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
const jobBlock = 9; // columns of a block, a multiple of 8; 0: no blocks
const jobBlocksFrom = 10; // rows with at least so many entries are improved by a pass over their blocks

/**
 * Solves rows [begin, end) of a weighted ridge regression with a diagonal prior. src/numeric/solveRidgeRows.ts describes
 * the primal and dual solution, improveRidgeRow.ts the rows improved by blocks.
 *
 * @param scratch - of the length that ridgeJob.ts computes
 */
export function solveRows(job: usize, scratch: usize, begin: i32, end: i32): void {
  const indptr = word(job, jobIndptr);
  const d = <i32>word(job, jobColumns);
  const dual = <i32>word(job, jobDual);
  const block = <i32>word(job, jobBlock), blocksFrom = <i32>word(job, jobBlocksFrom);
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
    if (block > 0 && n >= blocksFrom) {
      improveRow(word(job, jobFactors), word(job, jobPrior), d, block, indices, values, n, added, x, scratch);
    } else if (n < dual) solveDual(job, scratch, indices, values, n, added, x);
    else solvePrimal(job, scratch, indices, values, n, added, x);
  }
}

/** Prefetches the next rows, which are scattered over the factors: saves 15 % of a half-epoch at d = 64. */
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

/** x = Σᵢ tᵢ·row i, sixteen columns (a cache line) at a time, then a possible rest of eight. */
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

/** x = (D + Zᵀ·W·Z)⁻¹·Zᵀ·W·p; entries are processed in chunks, so that long rows need no more scratch. */
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
      transposeEntries(factors, indices, values, first + c, min(4, columns - c), d, s + (<usize>c) * F);
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

/** Writes four columns of S = (√W·Z)ᵀ, from entry `first` on; entries beyond `count` are zeros. */
@inline function transposeEntries(
  factors: usize, indices: usize, values: usize, first: i32, count: i32, d: i32, out: usize,
): void {
  const rowBytes = (<usize>d) * F;
  const at = indices + ((<usize>first) << 2);
  const weight = values + ((<usize>first) << 2);
  const r0 = count > 0 ? factors + (<usize>load<u32>(at)) * rowBytes : 0;
  const r1 = count > 1 ? factors + (<usize>load<u32>(at, 4)) * rowBytes : 0;
  const r2 = count > 2 ? factors + (<usize>load<u32>(at, 8)) * rowBytes : 0;
  const r3 = count > 3 ? factors + (<usize>load<u32>(at, 12)) * rowBytes : 0;
  const f0 = count > 0 ? sqrt<f32>(abs<f32>(load<f32>(weight))) : 0;
  const f1 = count > 1 ? sqrt<f32>(abs<f32>(load<f32>(weight, 4))) : 0;
  const f2 = count > 2 ? sqrt<f32>(abs<f32>(load<f32>(weight, 8))) : 0;
  const f3 = count > 3 ? sqrt<f32>(abs<f32>(load<f32>(weight, 12))) : 0;
  transposeFour(r0, r1, r2, r3, f0, f1, f2, f3, d, out, (<usize>chunk) * F);
}
