import { scoreRowsInto } from './scoreRows';

/**
 * x ← x·Q in place.
 *
 * @param x - [rows × columns], columns a multiple of 4
 * @param transposed - Qᵀ, [columns × columns]
 */
export function rotateRows(x: Float32Array, transposed: Float32Array, columns: number): void {
  const rotated = new Float32Array(columns);
  for (let start = 0; start < x.length; start += columns) {
    scoreRowsInto(x.subarray(start, start + columns), transposed, columns, rotated);
    x.set(rotated, start);
  }
}
