import type { RowGradients } from '../../src/learning/gradients';

/** Sum of row gradients by row of their table, as the training loop adds them. */
export function tableGradients(
  { count, gradients, indices, starts }: RowGradients,
  rows: number,
  columns: number,
): Float32Array {
  const sums = new Float32Array(rows * columns);
  for (let gradient = 0; gradient < count[0]; gradient++) {
    const [begin, end] = starts ? [starts[gradient], starts[gradient + 1]] : [gradient, gradient + 1];
    for (const row of indices.subarray(begin, end)) {
      for (let k = 0; k < columns; k++) sums[row * columns + k] += gradients[gradient * columns + k];
    }
  }
  return sums;
}
