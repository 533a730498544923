import type { Csr } from './csr';
import { eigenSymmetric } from './eigenSymmetric';
import { createRng } from './rng';

/** Power iterations. */
export const singularVectorRounds = 9;
/** Power iterations between orthonormalizations, which keep all directions from collapsing onto the strongest. */
const roundsPerOrthonormalization = 3;
/** Oversampling: extra directions, with which the iteration converges in fewer rounds. */
const spare = 8;

/** left ← A·right. */
function multiplyInto(matrix: Csr, right: Float32Array, columns: number, left: Float32Array): void {
  left.fill(0);
  for (let row = 0; row < matrix.rows; row++) {
    const at = row * columns;
    for (let entry = matrix.indptr[row]; entry < matrix.indptr[row + 1]; entry++) {
      const from = matrix.indices[entry] * columns;
      const value = matrix.values[entry];
      for (let k = 0; k < columns; k++) left[at + k] += value * right[from + k];
    }
  }
}

/** right ← Aᵀ·left. */
function multiplyTransposedInto(matrix: Csr, left: Float32Array, columns: number, right: Float32Array): void {
  right.fill(0);
  for (let row = 0; row < matrix.rows; row++) {
    const from = row * columns;
    for (let entry = matrix.indptr[row]; entry < matrix.indptr[row + 1]; entry++) {
      const at = matrix.indices[entry] * columns;
      const value = matrix.values[entry];
      for (let k = 0; k < columns; k++) right[at + k] += value * left[from + k];
    }
  }
}

/** YᵀY, lower triangle. */
function gramOf(rows: Float32Array, columns: number): Float64Array {
  const gram = new Float64Array(columns * columns);
  for (let at = 0; at < rows.length; at += columns) {
    for (let i = 0; i < columns; i++) {
      const value = rows[at + i];
      if (value === 0) continue;
      for (let j = 0; j <= i; j++) gram[i * columns + j] += value * rows[at + j];
    }
  }
  return gram;
}

/** Y ← Y·Q·diag(scale); the columns of Q are the rows of `vectors`. Rows of zeros stay. */
function rotateAndScale(
  rows: Float32Array,
  columns: number,
  vectors: Float64Array,
  scale: Float64Array,
): void {
  // One row of Q at a time, so that the sums do not wait for each other.
  const rotation = new Float64Array(columns * columns);
  for (let to = 0; to < columns; to++) {
    for (let k = 0; k < columns; k++) rotation[k * columns + to] = vectors[to * columns + k];
  }
  const sums = new Float64Array(columns);
  for (let at = 0; at < rows.length; at += columns) {
    sums.fill(0);
    for (let k = 0; k < columns; k++) {
      const own = rows[at + k];
      if (own === 0) continue;
      const from = k * columns;
      for (let to = 0; to < columns; to++) sums[to] += own * rotation[from + to];
    }
    for (let to = 0; to < columns; to++) rows[at + to] = scale[to] * sums[to];
  }
}

/** Replaces the columns by an orthonormal basis of the space they span; surplus columns become zeros. */
function orthonormalize(rows: Float32Array, columns: number): void {
  const { values, vectors } = eigenSymmetric(gramOf(rows, columns), columns);
  const floor = 1e-10 * Math.max(values[columns - 1], 1e-30);
  rotateAndScale(
    rows,
    columns,
    Float64Array.from(vectors),
    Float64Array.from(values, value => (value > floor ? 1 / Math.sqrt(value) : 0)),
  );
}

/** The two sides of a subspace iteration. */
interface Sides {
  readonly matrix: Csr;
  readonly columns: number;
  /** [matrix.rows × columns] */
  readonly left: Float32Array;
  /** [matrix.columns × columns] */
  readonly right: Float32Array;
}

/** Runs the power iterations, and orthonormalizes the side with fewer rows now and then, which is the expensive step. */
async function iterate({ matrix, columns, left, right }: Sides, onRound: () => Promise<void>): Promise<void> {
  const isWide = matrix.rows < matrix.columns;
  for (let round = 1; round <= singularVectorRounds; round++) {
    multiplyInto(matrix, right, columns, left);
    const isDue = round % roundsPerOrthonormalization === 0;
    if (isDue && isWide) orthonormalize(left, columns);
    multiplyTransposedInto(matrix, left, columns, right);
    if (isDue && !isWide) orthonormalize(right, columns);
    await onRound();
  }
}

/**
 * Returns the right singular vectors of the highest singular values, by randomized subspace iteration (Halko, Martinsson
 * & Tropp 2011, algorithm 4.4 and §5.1). Columns without entries and vectors beyond the rank of the matrix are zeros;
 * vectors with a singular value below a seventh of the highest may be. O(rounds · entries · rank + size · rank²), where size is
 * the smaller number of rows and columns, and once the number of columns with entries.
 *
 * @param onRound - called between rounds; may throw to stop
 * @returns [matrix.columns × rank], its columns orthonormal, strongest first
 */
export async function singularVectors(
  matrix: Csr,
  rank: number,
  seed: number,
  onRound: () => Promise<void>,
): Promise<Float32Array> {
  const columns = rank + spare;
  const rng = createRng(seed);
  const left = new Float32Array(matrix.rows * columns);
  const right = Float32Array.from({ length: matrix.columns * columns }, () => rng.gaussian());
  await iterate({ matrix, columns, left, right }, onRound);
  if (matrix.rows < matrix.columns) {
    // The left side spans the directions: Aᵀ·left = V·Σ·Qᵀ, which the last orthonormalization turns into V.
    orthonormalize(right, columns);
  } else {
    multiplyInto(matrix, right, columns, left);
    const { vectors } = eigenSymmetric(gramOf(left, columns), columns);
    rotateAndScale(right, columns, Float64Array.from(vectors), new Float64Array(columns).fill(1));
  }
  const out = new Float32Array(matrix.columns * rank);
  for (let row = 0; row < matrix.columns; row++) {
    for (let k = 0; k < rank; k++) out[row * rank + k] = right[(row + 1) * columns - 1 - k];
  }
  return out;
}
