type Values = Float32Array | Float64Array;

/**
 * Factors the positive definite A + diag(e) = L·Lᵀ in place, lower triangle (Cholesky–Banachiewicz). Since A ≥ 0 and
 * e > 0, no exact pivot is below its e. A pivot that rounding pushed below is set to e, so the factor always exists.
 * Afterwards e holds 1/Lᵢᵢ, which the WebAssembly solver reads.
 *
 * @param a - n × n; the lower triangle is read and replaced
 * @param e - [n]
 */
export function choleskyFactor(a: Values, n: number, e: Values): void {
  for (let row = 0; row < n; row++) {
    for (let column = 0; column <= row; column++) {
      let rest = a[row * n + column];
      for (let k = 0; k < column; k++) rest -= a[row * n + k] * a[column * n + k];
      a[row * n + column] =
        row === column ? Math.sqrt(Math.max(rest + e[row], e[row])) : rest / a[column * n + column];
    }
    e[row] = 1 / a[row * n + row];
  }
}

/**
 * Solves L·Lᵀ·x = b in place.
 *
 * @param lower - n × n; the lower triangle is read
 * @param x - [n], holds b
 */
export function choleskySolve(lower: Values, n: number, x: Values): void {
  for (let row = 0; row < n; row++) {
    let rest = x[row];
    for (let k = 0; k < row; k++) rest -= lower[row * n + k] * x[k];
    x[row] = rest / lower[row * n + row];
  }
  for (let row = n - 1; row >= 0; row--) {
    x[row] /= lower[row * n + row];
    for (let k = 0; k < row; k++) x[k] -= lower[row * n + k] * x[row];
  }
}
