import type { Csr } from './csr';

/** Columns of the dense factor that are multiplied at once: one cache line of float32. */
export const panelColumns = 16;

/**
 * out = matrix·x for the rows [begin, end) of a sparse matrix and sixteen columns.
 *
 * @param x - [matrix.columns × panelColumns]
 * @param out - [matrix.rows × panelColumns]; rows outside [begin, end) are unchanged
 */
export function multiplySparse(
  { indptr, indices, values }: Pick<Csr, 'indptr' | 'indices' | 'values'>,
  begin: number,
  end: number,
  x: Float32Array,
  out: Float32Array,
): void {
  const sums = new Float32Array(panelColumns);
  for (let row = begin; row < end; row++) {
    sums.fill(0);
    for (let entry = indptr[row]; entry < indptr[row + 1]; entry++) {
      const from = indices[entry] * panelColumns;
      const value = values[entry];
      for (let lane = 0; lane < panelColumns; lane++) {
        sums[lane] += Math.fround(value * x[from + lane]);
      }
    }
    out.set(sums, row * panelColumns);
  }
}
