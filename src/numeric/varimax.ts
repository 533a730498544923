/** Most sweeps over all pairs of columns; a rotation settles in about ten. */
const maxSweeps = 15;
/** A pair is left alone below the first angle, and the sweeps end when no angle exceeds the second. Radians. */
const minAngle = 1e-4;
const settledAngle = 1e-3;

/** The angle in the plane of two columns that maximizes the variance of their squares (Kaiser 1958, eq. 16). */
function angleOf(scores: Float64Array, columns: number, p: number, q: number): number {
  let [a, b, c, d] = [0, 0, 0, 0];
  for (let at = 0; at < scores.length; at += columns) {
    const x = scores[at + p];
    const y = scores[at + q];
    const u = x * x - y * y;
    const v = 2 * x * y;
    a += u;
    b += v;
    c += u * u - v * v;
    d += u * v;
  }
  const rows = scores.length / columns;
  return Math.atan2(2 * (d - (a * b) / rows), c - (a * a - b * b) / rows) / 4;
}

function rotate(scores: Float64Array, columns: number, p: number, q: number, angle: number): void {
  const cosine = Math.cos(angle);
  const sine = Math.sin(angle);
  for (let at = 0; at < scores.length; at += columns) {
    const x = scores[at + p];
    const y = scores[at + q];
    scores[at + p] = cosine * x + sine * y;
    scores[at + q] = cosine * y - sine * x;
  }
}

/** Rotates every pair of columns once. Returns the largest angle. */
function rotatePairs(scores: Float64Array, columns: number): number {
  let largest = 0;
  for (let p = 0; p < columns; p++) {
    for (let q = p + 1; q < columns; q++) {
      const angle = angleOf(scores, columns, p, q);
      if (Math.abs(angle) < minAngle) continue;
      largest = Math.max(largest, Math.abs(angle));
      rotate(scores, columns, p, q, angle);
    }
  }
  return largest;
}

/** Reverses a column whose large values are negative. */
function pointForwards(scores: Float64Array, columns: number, column: number): void {
  let skew = 0;
  for (let at = column; at < scores.length; at += columns) skew += scores[at] ** 3;
  if (skew >= 0) return;
  for (let at = column; at < scores.length; at += columns) scores[at] = -scores[at];
}

/**
 * Rotates the columns of a matrix in place so that the variance of the squares is largest: each row then has few large
 * values, and each column stands for one group of rows (varimax, Kaiser 1958; of principal components it estimates the
 * groups of a mixture, Rohe & Zeng 2023). A column with more weight on negative values is reversed. Deterministic.
 * O(rows · columns²) per sweep, at most 15.
 *
 * @param scores - [rows × columns]
 * @param onSweep - may throw to stop
 */
export async function varimaxInto(
  scores: Float64Array,
  columns: number,
  onSweep: () => Promise<void>,
): Promise<void> {
  for (let sweep = 0; sweep < maxSweeps; sweep++) {
    const largest = rotatePairs(scores, columns);
    await onSweep();
    if (largest <= settledAngle) break;
  }
  for (let column = 0; column < columns; column++) pointForwards(scores, columns, column);
}
