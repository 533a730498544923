const round = Math.fround;

/**
 * Σ x[k]·row[k] over `columns` (a multiple of 4), rounded to float32 after every step and summed in four lanes as in the
 * WebAssembly kernel, so that both return the same bits.
 */
export function laneDot(x: Float32Array, row: Float32Array, columns: number): number {
  const lanes = [0, 0, 0, 0];
  for (let k = 0; k < columns; k++) lanes[k & 3] = round(lanes[k & 3] + round(row[k] * x[k]));
  return round(round(lanes[0] + lanes[2]) + round(lanes[1] + lanes[3]));
}

/**
 * Scores every row for every query: out[q][r] = Σₖ queries[q][k]·rows[r][k].
 *
 * @param queries - [queries × columns]
 * @param rows - [rows × columns]
 * @param columns - a multiple of 4, at least 4
 * @param out - [queries × rows]
 */
export function scoreRowsInto(
  queries: Float32Array,
  rows: Float32Array,
  columns: number,
  out: Float32Array,
): void {
  const queryCount = queries.length / columns;
  const rowCount = rows.length / columns;
  for (let q = 0; q < queryCount; q++) {
    const x = queries.subarray(q * columns, (q + 1) * columns);
    for (let r = 0; r < rowCount; r++) {
      out[q * rowCount + r] = laneDot(x, rows.subarray(r * columns, (r + 1) * columns), columns);
    }
  }
}
