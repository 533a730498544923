import { choleskyFactor, choleskySolve } from './cholesky';

/**
 * Many small weighted ridge regressions that share their regressors and a diagonal prior. Row r has entries i with
 * regressor zᵢ (a row of `factors`), weight wᵢ and target pᵢ, and its solution minimises
 *
 *   Σᵢ wᵢ·(x·zᵢ - pᵢ)² + xᵀ·D·x,   D = diag(prior) + ridge_r·I > 0.
 *
 * With Z the n × d matrix of its zᵢ and W = diag(wᵢ), the gradient vanishes at
 *
 *   x = (D + Zᵀ·W·Z)⁻¹·Zᵀ·W·p                          (primal: n·d² + d³/3 operations)
 *     = D⁻¹·Zᵀ·(W⁻¹ + Z·D⁻¹·Zᵀ)⁻¹·p                    (dual:   n²·d + n³/3 operations)
 *
 * because (D + ZᵀWZ)·D⁻¹Zᵀ = Zᵀ + ZᵀWZD⁻¹Zᵀ = ZᵀW·(W⁻¹ + ZD⁻¹Zᵀ) (the push-through form of Woodbury's identity). D is
 * diagonal, so D⁻¹ is free. S = Z·D^-½ gives the dual matrix W⁻¹ + S·Sᵀ and the solution D^-½·Sᵀ·t, with t the solution
 * of the dual system. S = (W^½·Z)ᵀ gives the primal matrix D + S·Sᵀ, so one kernel factors both. The dual costs less
 * while n < d.
 *
 * This twin of the WebAssembly kernel solves every row in the primal, in float64.
 */
export interface RidgeProblem {
  /** Regressors, [fixed rows × columns]. */
  readonly factors: Float32Array;
  /** Entries of row r are [indptr[r], indptr[r + 1]). */
  readonly indptr: Uint32Array;
  /** Row of `factors` of each entry. */
  readonly indices: Uint32Array;
  /** Weight of each entry, not 0. Above 0: target 1. Below 0: weight |value|, target 0. */
  readonly values: Float32Array;
  /** [columns], ≥ 0. */
  readonly prior: Float32Array;
  /** [rows], > 0: added to the prior of that row. */
  readonly ridge: Float32Array;
  /** Solutions, [rows × columns]; a row without entries is zeros. */
  readonly out: Float32Array;
}

/** Solves rows [begin, end) of a {@link RidgeProblem}. O(entries·columns² + rows·columns³). */
export function solveRidgeRows(problem: RidgeProblem, begin: number, end: number): void {
  const columns = problem.prior.length;
  const a = new Float64Array(columns * columns);
  const x = new Float64Array(columns);
  const d = new Float64Array(columns);
  for (let row = begin; row < end; row++) {
    a.fill(0);
    x.fill(0);
    for (let k = 0; k < columns; k++) d[k] = problem.prior[k] + problem.ridge[row];
    for (let entry = problem.indptr[row]; entry < problem.indptr[row + 1]; entry++) {
      addEntry(problem, entry, a, x);
    }
    choleskyFactor(a, columns, d);
    choleskySolve(a, columns, x);
    problem.out.set(x, row * columns);
  }
}

/** a ← a + w·z·zᵀ (lower triangle), x ← x + w·p·z. */
function addEntry(problem: RidgeProblem, entry: number, a: Float64Array, x: Float64Array): void {
  const columns = x.length;
  const value = problem.values[entry];
  const weight = Math.abs(value);
  const start = problem.indices[entry] * columns;
  const z = problem.factors.subarray(start, start + columns);
  for (let i = 0; i < columns; i++) {
    if (value > 0) x[i] += weight * z[i];
    for (let j = 0; j <= i; j++) a[i * columns + j] += weight * z[i] * z[j];
  }
}
