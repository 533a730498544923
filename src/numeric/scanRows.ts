const round = Math.fround;

/** Rows quantized to one byte per number, and the arrays that a scan of them reads and writes. */
export interface ScanRowsJob {
  /** [rows × columns]. */
  readonly codes: Int8Array;
  /** [rows]. */
  readonly scales: Float32Array;
  /** [rows], the error bound of each row; NaN: the row is never found. */
  readonly errors: Float32Array;
  /** [columns]. */
  readonly query: Int16Array;
  /** Out: rows found, ascending. */
  readonly found: Uint32Array;
  /** Out: their estimates. */
  readonly estimates: Float32Array;
}

/** `unit` converts products of codes to estimates; estimates from `threshold` on are found. Both float32. */
export interface ScanRowsReach {
  readonly unit: number;
  readonly threshold: number;
}

/**
 * Finds the rows of [begin, begin + count) whose estimate plus its error reaches `threshold`:
 * (codes·query)·(scale·unit) + error, rounded to float32 after every step as in the WebAssembly kernel, so that both
 * return the same bits. The sum of codes times query must stay within 31 bits.
 *
 * @returns how many were found
 */
export function scanRows(job: ScanRowsJob, begin: number, count: number, reach: ScanRowsReach): number {
  const { codes, scales, errors, query, found, estimates } = job;
  const columns = query.length;
  const { unit, threshold } = reach;
  let end = 0;
  for (let row = begin; row < begin + count; row++) {
    let sum = 0;
    for (let k = 0; k < columns; k++) sum += codes[row * columns + k] * query[k];
    const estimate = round(round(sum) * round(scales[row] * unit));
    if (!(round(estimate + errors[row]) >= threshold)) continue;
    found[end] = row;
    estimates[end++] = estimate;
  }
  return end;
}
