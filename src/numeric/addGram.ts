/**
 * Adds the Gram matrix of some rows: out ← out + Σ row·rowᵀ, lower triangle.
 *
 * @param rows - [count × columns]
 * @param out - [columns × columns]
 */
export function addGram(rows: Float32Array, columns: number, out: Float32Array): void {
  for (let start = 0; start < rows.length; start += columns) {
    for (let i = 0; i < columns; i++) {
      for (let j = 0; j <= i; j++) out[i * columns + j] += rows[start + i] * rows[start + j];
    }
  }
}
