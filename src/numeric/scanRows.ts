const round = Math.fround;

/** Rows in a byte a number, and what a scan of them needs. */
export interface ScanRowsJob {
  /** [rows × columns]. */
  readonly codes: Int8Array;
  /** [rows]. */
  readonly scales: Float32Array;
  /** [rows]; NaN for a row that is never found. */
  readonly errors: Float32Array;
  /** [columns]. */
  readonly query: Int16Array;
  /** Out: rows found, ascending. */
  readonly found: Uint32Array;
  /** Out: their estimates. */
  readonly estimates: Float32Array;
}

/** What makes numbers of codes, and from which on they matter; both float32. */
export interface ScanRowsReach {
  readonly unit: number;
  readonly atLeast: number;
}

/**
 * Finds the rows of [begin, begin + count) whose estimate plus its error reaches `atLeast`:
 * (codes·query)·(scale·unit) + error, rounded to float32 after every step like the WebAssembly kernel, so that
 * both give the same bits. The sum of codes times query must stay within 31 bits.
 *
 * @returns how many were found
 */
export function scanRows(job: ScanRowsJob, begin: number, count: number, reach: ScanRowsReach): number {
  const { codes, scales, errors, query, found, estimates } = job;
  const columns = query.length;
  const { unit, atLeast } = reach;
  let end = 0;
  for (let row = begin; row < begin + count; row++) {
    let sum = 0;
    for (let k = 0; k < columns; k++) sum += codes[row * columns + k] * query[k];
    const estimate = round(round(sum) * round(scales[row] * unit));
    if (!(round(estimate + errors[row]) >= atLeast)) continue;
    found[end] = row;
    estimates[end++] = estimate;
  }
  return end;
}
