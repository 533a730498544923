// A block solver for rows with many entries: iALS++ (Rendle, Krichene, Zhang & Koren 2021, "iALS++: Speeding up Matrix
// Factorization with Subspace Optimization", alg. 2), in the notation of solveRidgeRows.ts. The d columns are split into
// blocks. A pass takes one Newton step in each block B with all other columns fixed, starting from the current row:
//
//   x_B ← x_B + (D_B + Z_Bᵀ·W·Z_B)⁻¹·(Z_Bᵀ·W·(p - Z·x) - D_B·x_B)
//
// The step is exact within the block, so no step increases the row's loss and repeated passes converge to its solution.
// A pass costs n·d·b + d·b²/3 operations, against n·d² + d³/3 for the full solution. iALS++ also subtracts x times the
// block's rows of the Gram matrix. Here the prior D is diagonal (models/collaborative/train.ts rotates the fixed side),
// so the residuals p - Z·x of the row's own entries suffice and only x is kept between passes. In that basis the columns
// are also nearly uncorrelated over all rows, which is where block steps lose least.
import { choleskyFactor, choleskySolve } from './cholesky';
import type { RidgeProblem } from './solveRidgeRows';

/** The regressor z of an entry. */
function regressorOf({ factors, indices, prior }: RidgeProblem, entry: number): Float32Array {
  const start = indices[entry] * prior.length;
  return factors.subarray(start, start + prior.length);
}

/** The residual p - z·x of an entry. */
function residualOf(problem: RidgeProblem, entry: number, x: Float64Array): number {
  const z = regressorOf(problem, entry);
  let rest = problem.values[entry] > 0 ? 1 : 0;
  for (let k = 0; k < x.length; k++) rest -= z[k] * x[k];
  return rest;
}

/** Writes the Newton step for columns [begin, begin + step.length) at the current x. */
function stepInto(
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
 * Runs one pass over the blocks of a row, last columns first, and moves the row's `out` towards its solution in place.
 * The plain twin of the WebAssembly kernel, in float64.
 *
 * @param row - may be without entries; then the prior alone takes `out` to zeros
 * @param width - columns of a block; the block of the first columns may be narrower
 */
export function improveRidgeRow(problem: RidgeProblem, width: number, row: number): void {
  const columns = problem.prior.length;
  const x = Float64Array.from(problem.out.subarray(row * columns, (row + 1) * columns));
  for (let end = columns; end > 0; end -= width) {
    const begin = Math.max(end - width, 0);
    const step = new Float64Array(end - begin);
    stepInto(problem, row, x, begin, step);
    for (let k = begin; k < end; k++) x[k] += step[k - begin];
  }
  problem.out.set(x, row * columns);
}
