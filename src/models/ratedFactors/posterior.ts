// Variational Bayes for x·z + noise with rows x (of one side) given rows z (of the other), each known up to a variance:
// Lim & Teh 2007, "Variational Bayesian approach to movie rating prediction", eq. 3-6. Only the diagonals of the variances
// are kept, as in Raiko, Ilin & Karhunen 2007, "Principal component analysis for large scale problems with lots of missing
// values". The posterior of a row with entries i of target tᵢ and weight wᵢ is normal with
//
//   precision  A/σ²,  A = diag(σ²/ρ) + Σᵢ wᵢ·(zᵢ·zᵢᵀ + diag(vᵢ))
//   mean       A⁻¹·Σᵢ wᵢ·tᵢ·zᵢ
//
// zᵢ are means, vᵢ variances, ρ prior variances. This is a ridge regression whose ridge is learned from the
// data: products with high variance (vᵢ) count less.

import { choleskyFactor, choleskySolve } from '../../numeric/cholesky';

/** Means and variances of rows, [rows × width] each. */
export interface Beliefs {
  readonly width: number;
  readonly means: Float32Array;
  readonly variances: Float32Array;
}

/** Parameters shared by all rows. */
export interface Prior {
  /** σ²: variance of a rating around its expectation. */
  readonly noise: number;
  /** ρ: prior variance of each element of a row. [width] */
  readonly variances: Float64Array;
}

/** Scratch for one row's system. */
export interface System {
  readonly a: Float64Array;
  readonly diagonal: Float64Array;
  readonly x: Float64Array;
  readonly column: Float64Array;
}

/** Allocates scratch for systems of a width. */
export const systemOf = (width: number): System => ({
  a: new Float64Array(width * width),
  diagonal: new Float64Array(width),
  x: new Float64Array(width),
  column: new Float64Array(width),
});

/** Resets a system to the prior. */
export function resetSystem({ a, diagonal, x }: System, { noise, variances }: Prior): void {
  a.fill(0);
  x.fill(0);
  for (let k = 0; k < x.length; k++) diagonal[k] = noise / variances[k];
}

/** Adds one entry: row `row` of `others` with rating `target`. */
export function addEntry(
  { a, diagonal, x }: System,
  { width, means, variances }: Beliefs,
  row: number,
  target: number,
  weight: number,
): void {
  const from = row * width;
  for (let i = 0; i < width; i++) {
    const scaled = weight * means[from + i];
    x[i] += target * scaled;
    diagonal[i] += weight * variances[from + i];
    const place = i * width;
    for (let j = 0; j <= i; j++) a[place + j] += scaled * means[from + j];
  }
}

/** Solves a system: afterwards `x` contains the mean. */
export function solveMean({ a, diagonal, x }: System): void {
  choleskyFactor(a, x.length, diagonal);
  choleskySolve(a, x.length, x);
}

/**
 * Writes the variances of a solved row: the diagonal of σ²·A⁻¹, from A = L·Lᵀ. (A⁻¹)ₖₖ is the squared length
 * of column k of L⁻¹.
 *
 * @param out - [width]
 */
export function variancesInto({ a, x, column }: System, noise: number, out: Float32Array): void {
  const width = x.length;
  for (let k = 0; k < width; k++) {
    let square = 0;
    for (let row = k; row < width; row++) {
      let rest = row === k ? 1 : 0;
      for (let j = k; j < row; j++) rest -= a[row * width + j] * column[j];
      column[row] = rest / a[row * width + row];
      square += column[row] ** 2;
    }
    out[k] = noise * square;
  }
}
