import { eigenSymmetric } from '../../numeric/eigenSymmetric';
import { varimaxInto } from '../../numeric/varimax';

/** Returns the lower triangle of Σ weight · row · rowᵀ. [columns × columns] */
function momentsOf(rows: Float32Array, columns: number, weights: Float32Array): Float64Array {
  const moments = new Float64Array(columns * columns);
  for (let row = 0; row < weights.length; row++) {
    if (weights[row] === 0) continue;
    const from = row * columns;
    for (let i = 0; i < columns; i++) {
      const scaled = weights[row] * rows[from + i];
      if (scaled === 0) continue;
      for (let j = 0; j <= i; j++) moments[i * columns + j] += scaled * rows[from + j];
    }
  }
  return moments;
}

/** Writes the coordinates of a row on the `k` strongest directions. */
function projectInto(
  row: Float32Array,
  vectors: Float64Array,
  scale: number,
  out: Float64Array,
  start: number,
  k: number,
): void {
  const columns = row.length;
  for (let direction = 0; direction < k; direction++) {
    // Ascending order: the strongest direction is the last.
    const from = (columns - 1 - direction) * columns;
    let sum = 0;
    for (let at = 0; at < columns; at++) sum += vectors[from + at] * row[at];
    out[start + direction] = scale * sum;
  }
}

/**
 * Prepares a deterministic clustering of weighted rows: the rotated principal directions (varimax) are the groups, and each
 * row belongs to that on which it lies farthest (Rohe & Zeng 2023). There is no random start, hence the same data give
 * the same groups, and similar data similar ones.
 *
 * @param rows - [items × columns]
 * @param weights - [items]; 0: the item is only assigned
 * @returns a function from a number of groups ≤ columns to the group of each item
 */
export function createRotation(
  rows: Float32Array,
  columns: number,
  weights: Float32Array,
): (k: number, onSweep: () => Promise<void>) => Promise<Uint32Array> {
  const { vectors } = eigenSymmetric(momentsOf(rows, columns, weights), columns);
  return async (k, onSweep) => {
    const scores = new Float64Array(weights.length * k);
    for (let item = 0; item < weights.length; item++) {
      const own = rows.subarray(item * columns, (item + 1) * columns);
      projectInto(own, vectors, Math.max(1e-3, Math.sqrt(weights[item])), scores, item * k, k);
    }
    await varimaxInto(scores, k, onSweep);
    return Uint32Array.from(weights, (_, item) => {
      let group = 0;
      for (let other = 1; other < k; other++) {
        if (scores[item * k + other] > scores[item * k + group]) group = other;
      }
      return group;
    });
  };
}
