// A block solver for rows with many entries: iALS++ (Rendle, Krichene, Zhang & Koren 2021, "iALS++: Speeding up Matrix
// Factorization with Subspace Optimization", alg. 2), in the terms of solveRidgeRows.ts. The d columns are cut into
// blocks; a pass takes one Newton step in each block B, all other columns held, from wherever the row was:
//
//   x_B ← x_B + (D_B + Z_Bᵀ·W·Z_B)⁻¹·(Z_Bᵀ·W·(p - Z·x) - D_B·x_B)
//
// which is exact in the block, so that no step raises the row's loss and passes converge to its solution: n·d·b + d·b²/3
// operations a pass for the n·d² + d³/3 of the solution. Where iALS++ also subtracts x times the block's rows of the Gram
// matrix, here the prior D is diagonal (train.ts turns the fixed side so): the residuals p - Z·x of the row's own entries
// are all a row needs, and nothing is kept between passes but x. In that basis columns are also nearly uncorrelated over
// all rows, which is where steps in blocks lose least.
import { choleskyFactor, choleskySolve } from './cholesky';
import type { RidgeProblem } from './solveRidgeRows';

/** Regressor of an entry. */
function regressorOf({ factors, indices, prior }: RidgeProblem, entry: number): Float32Array {
  const start = indices[entry] * prior.length;
  return factors.subarray(start, start + prior.length);
}

/** p - z·x of an entry. */
function residualOf(problem: RidgeProblem, entry: number, x: Float64Array): number {
  const z = regressorOf(problem, entry);
  let rest = problem.values[entry] > 0 ? 1 : 0;
  for (let k = 0; k < x.length; k++) rest -= z[k] * x[k];
  return rest;
}

/** The step in columns [begin, begin + step.length), with x as it stands. */
function setStep(
  problem: RidgeProblem,
  row: number,
  x: Float64Array,
  begin: number,
  step: Float64Array,
): void {
  const width = step.length;
  const a = new Float64Array(width * width);
  const d = Float64Array.from({ length: width }, (_, k) => problem.prior[begin + k] + problem.ridge[row]);
  for (let k = 0; k < width; k++) step[k] = -d[k] * x[begin + k];
  for (let entry = problem.indptr[row]; entry < problem.indptr[row + 1]; entry++) {
    const weight = Math.abs(problem.values[entry]);
    const z = regressorOf(problem, entry).subarray(begin, begin + width);
    const pull = weight * residualOf(problem, entry, x);
    for (let i = 0; i < width; i++) {
      step[i] += pull * z[i];
      for (let j = 0; j <= i; j++) a[i * width + j] += weight * z[i] * z[j];
    }
  }
  choleskyFactor(a, width, d);
  choleskySolve(a, width, step);
}

/**
 * One pass over the blocks of a row, the last columns first: `out` of the row, in place, comes nearer to its solution.
 * The plain twin of the WebAssembly kernel, in float64.
 *
 * @param row - with entries or without (then only the prior pulls, and `out` goes to zeros)
 * @param width - columns of a block; the block of the first columns may be narrower
 */
export function improveRidgeRow(problem: RidgeProblem, width: number, row: number): void {
  const columns = problem.prior.length;
  const x = Float64Array.from(problem.out.subarray(row * columns, (row + 1) * columns));
  for (let end = columns; end > 0; end -= width) {
    const begin = Math.max(end - width, 0);
    const step = new Float64Array(end - begin);
    setStep(problem, row, x, begin, step);
    for (let k = begin; k < end; k++) x[k] += step[k - begin];
  }
  problem.out.set(x, row * columns);
}
