/**
 * Numeric kernels over one memory. Arguments are byte addresses (the `byteOffset` of an arena's array) and counts.
 * Matrices are float32, row-major and contiguous; `columns` is a multiple of 8 (see paddedColumns.ts).
 */
export interface Kernels {
  /** Σ aᵢ·bᵢ over `length` floats; any length. */
  dot(a: number, b: number, length: number): number;
  /** out[q][r] = queries[q]·rows[r]; `count` (rows) is a multiple of 4; out is [queryCount × count]. */
  scoreRows(
    queries: number,
    queryCount: number,
    rows: number,
    count: number,
    columns: number,
    out: number,
  ): void;
  /**
   * out ← matrix·x for rows [begin, end) of a sparse matrix; x and out have 16 columns. `matrix` is uint32 [3]: the
   * addresses of indptr, indices (uint32) and values. See multiplySparse.ts.
   */
  multiplySparse(matrix: number, begin: number, end: number, x: number, out: number): void;
  /** x ← x·Q in place for `count` rows; `transposed` is Qᵀ; scratch of 16·columns floats. */
  rotateRows(x: number, count: number, columns: number, transposed: number, scratch: number): void;
  /** out ← out + Σ row·rowᵀ, lower triangle; scratch of 128·columns + 16 floats. */
  addGram(rows: number, count: number, columns: number, out: number, scratch: number): void;
  /** Factors A + diag(e) in place, n × n, n a multiple of 4; e ← 1/Lᵢᵢ; see assembly/cholesky.ts. Scratch of 16 floats. */
  choleskyFactor(a: number, n: number, e: number, scratch: number): void;
  /** Solves L·Lᵀ·x = b in place, n a multiple of 4; `inverse` is what choleskyFactor left in e. */
  choleskySolve(lower: number, n: number, inverse: number, x: number): void;
  /** Rows [begin, end) of a ridge problem; see solveRidgeRows.ts and ridgeJob.ts. */
  solveRows(job: number, scratch: number, begin: number, end: number): void;
  /** Finds the rows whose estimate reaches `threshold`; see scanRows.ts and scanJob.ts. @returns the number found */
  scanRows(job: number, begin: number, count: number, unit: number, threshold: number): number;
  /** Adds rows to the sums of their bins; see binSums.ts. `out` is float64 (gradient, hessian) per bin. */
  sumBins(job: number, begin: number, end: number, out: number): void;
  /** from ← from - part for `count` pairs of float64. */
  subtractPairs(from: number, part: number, count: number): void;
}
