import { choleskySolve, factorSum } from './cholesky';
import { addGramOf, transposeFour } from './gram';
import { dot } from './scores';
import { F, chunk, foldFour } from './simd';

/** State shared by the blocks of one row: its entries, and scratch to gather them and solve a block. */
@unmanaged class Row {
  factors: usize;
  indices: usize;
  values: usize;
  n: i32;
  rowBytes: usize;
  /** Diagonal of the prior, [d]. */
  diagonal: usize;
  /** √w·(p - x·z) of each entry, padded with zeros to a multiple of 128. */
  residuals: usize;
  /** Scratch of a block. */
  s: usize;
  a: usize;
  e: usize;
  step: usize;
  tile: usize;
}

/** Size of a Row in bytes. */
const rowWords: usize = 64;

@inline function regressorOf(row: Row, entry: i32): usize {
  return row.factors + (<usize>load<u32>(row.indices + ((<usize>entry) << 2))) * row.rowBytes;
}

@inline function rootOf(row: Row, entry: i32): f32 {
  return sqrt<f32>(abs<f32>(load<f32>(row.values + ((<usize>entry) << 2))));
}

/**
 * One pass over the blocks of one row, which moves x towards the row's solution in place. The algorithm is described in
 * src/numeric/improveRidgeRow.ts.
 *
 * @param width - columns of a block, a multiple of 8
 * @param scratch - of the length that ridgeJob.ts computes for the row's entries
 */
export function improveRow(
  factors: usize, prior: usize, d: i32, width: i32, indices: usize, values: usize, n: i32, added: f32,
  x: usize, scratch: usize,
): void {
  const row = changetype<Row>(scratch);
  row.factors = factors;
  row.indices = indices;
  row.values = values;
  row.n = n;
  row.rowBytes = (<usize>d) * F;
  row.diagonal = scratch + rowWords;
  row.tile = row.diagonal + row.rowBytes;
  row.s = row.tile + 64;
  row.a = row.s + (<usize>width) * (<usize>chunk) * F;
  row.e = row.a + (<usize>width) * (<usize>width) * F;
  row.step = row.e + (<usize>width) * F;
  row.residuals = row.step + (<usize>width) * F;
  const plus = f32x4.splat(added);
  for (let k: usize = 0; k < row.rowBytes; k += 16) {
    v128.store(row.diagonal + k, f32x4.add(v128.load(prior + k), plus));
  }
  setResiduals(row, d, x);
  // Columns with the largest eigenvalues come last and matter most, so they go first.
  for (let end = d; end > 0; end -= width) {
    const begin = max(end - width, 0);
    improveBlock(row, begin, end - begin, x + (<usize>begin) * F);
  }
}

function setResiduals(row: Row, d: i32, x: usize): void {
  const padded = (row.n + chunk - 1) & ~(chunk - 1);
  for (let i = 0; i < row.n; i++) {
    const target: f32 = load<f32>(row.values + ((<usize>i) << 2)) > 0 ? 1 : 0;
    const residual = rootOf(row, i) * (target - dot(regressorOf(row, i), x, d));
    store<f32>(row.residuals + ((<usize>i) << 2), residual);
  }
  memory.fill(row.residuals + ((<usize>row.n) << 2), 0, (<usize>(padded - row.n)) << 2);
}

/** x ← x + (D + Zᵀ·W·Z)⁻¹·(Zᵀ·W·(p - Z·x) - D·x) for `width` columns from `begin` on; x points at the first of them. */
function improveBlock(row: Row, begin: i32, width: i32, x: usize): void {
  const bytes = (<usize>width) * F, offset = (<usize>begin) * F;
  const step = row.step;
  for (let k: usize = 0; k < bytes; k += 16) {
    const diagonal = v128.load(row.diagonal + offset + k);
    v128.store(row.e + k, diagonal);
    v128.store(step + k, f32x4.neg(f32x4.mul(diagonal, v128.load(x + k))));
  }
  const stride = (<usize>chunk) * F;
  let hasSum = 0;
  for (let first = 0; first < row.n; first += chunk) {
    const count = min(chunk, row.n - first);
    const padded = (count + 7) & ~7;
    for (let c = 0; c < padded; c += 4) {
      transposeColumns(row, first + c, min(4, count - c), offset, width, row.s + (<usize>c) * F);
    }
    addProducts(row.s, row.residuals + ((<usize>first) << 2), (<usize>padded) * F, width, step);
    if (first + chunk < row.n) {
      if (!hasSum) memory.fill(row.a, 0, bytes * <usize>width);
      addGramOf(row.s, stride, (<usize>padded) * F, width, row.a, row.tile);
      hasSum = 1;
    } else factorSum(row.s, stride, (<usize>padded) * F, width, row.e, row.a, hasSum, row.tile);
  }
  choleskySolve(row.a, width, row.e, step);
  for (let k: usize = 0; k < bytes; k += 16) {
    v128.store(x + k, f32x4.add(v128.load(x + k), v128.load(step + k)));
  }
  if (begin == 0) return;
  for (let i = 0; i < row.n; i++) {
    const at = row.residuals + ((<usize>i) << 2);
    store<f32>(at, load<f32>(at) - rootOf(row, i) * dot(regressorOf(row, i) + offset, step, width));
  }
}

/** Writes columns c … c+3 of S = (√W·Z)ᵀ for the block's columns of Z; entries beyond `count` are zeros. */
@inline function transposeColumns(row: Row, first: i32, count: i32, offset: usize, width: i32, out: usize): void {
  const r0 = count > 0 ? regressorOf(row, first) + offset : 0;
  const r1 = count > 1 ? regressorOf(row, first + 1) + offset : 0;
  const r2 = count > 2 ? regressorOf(row, first + 2) + offset : 0;
  const r3 = count > 3 ? regressorOf(row, first + 3) + offset : 0;
  const f0 = count > 0 ? rootOf(row, first) : 0;
  const f1 = count > 1 ? rootOf(row, first + 1) : 0;
  const f2 = count > 2 ? rootOf(row, first + 2) : 0;
  const f3 = count > 3 ? rootOf(row, first + 3) : 0;
  transposeFour(r0, r1, r2, r3, f0, f1, f2, f3, width, out, (<usize>chunk) * F);
}

/** out ← out + S·r, `bytes` of each of `width` rows of S. */
@inline function addProducts(s: usize, r: usize, bytes: usize, width: i32, out: usize): void {
  const stride = (<usize>chunk) * F;
  for (let k = 0; k < width; k += 4) {
    let a = f32x4.splat(0), b = a, c = a, d = a;
    let r0 = s + (<usize>k) * stride, r1 = r0 + stride, r2 = r1 + stride, r3 = r2 + stride;
    for (let at: usize = 0; at < bytes; at += 16) {
      const u = v128.load(r + at);
      a = f32x4.add(a, f32x4.mul(v128.load(r0 + at), u));
      b = f32x4.add(b, f32x4.mul(v128.load(r1 + at), u));
      c = f32x4.add(c, f32x4.mul(v128.load(r2 + at), u));
      d = f32x4.add(d, f32x4.mul(v128.load(r3 + at), u));
    }
    v128.store(out, f32x4.add(v128.load(out), foldFour(a, b, c, d)));
    out += 16;
  }
}
