import { type Csr, transposeCsr } from './csr';
import { eigenSymmetric } from './eigenSymmetric';
import { panelColumns } from './multiplySparse';
import { paddedColumns } from './paddedColumns';
import { copyRows, readPanel, writePanel } from './panels';
import { createRng } from './rng';
import { type Arena, createArena } from './wasm/arena';
import { kernelsOver } from './wasm/kernelsOver';
import { placeCsr } from './wasm/placeCsr';

/** Power iterations. */
export const singularVectorRounds = 9;
/** Power iterations between orthonormalizations, which keep all directions from collapsing onto the strongest. */
const roundsPerOrthonormalization = 3;
/** Oversampling: extra directions, with which the iteration converges in fewer rounds. */
const spare = 8;

/** Products of a sparse matrix and of its transpose with row-major dense ones, sixteen columns at a time. */
interface Multiplier {
  /** left ← A·right. */
  multiplyInto(right: Float32Array, left: Float32Array): void;
  /** right ← Aᵀ·left. */
  multiplyTransposedInto(left: Float32Array, right: Float32Array): void;
}

function multiplierOf(arena: Arena, matrix: Csr, columns: number): Multiplier {
  const { multiplySparse } = kernelsOver(arena.memory);
  const byRow = placeCsr(arena, matrix);
  const byColumn = placeCsr(arena, transposeCsr(matrix));
  const leftPanel = arena.float32(matrix.rows * panelColumns);
  const rightPanel = arena.float32(matrix.columns * panelColumns);
  return {
    multiplyInto(right, left) {
      for (let from = 0; from < columns; from += panelColumns) {
        readPanel(right, columns, from, rightPanel);
        multiplySparse(byRow, 0, matrix.rows, rightPanel.byteOffset, leftPanel.byteOffset);
        writePanel(leftPanel, left, columns, from);
      }
    },
    multiplyTransposedInto(left, right) {
      for (let from = 0; from < columns; from += panelColumns) {
        readPanel(left, columns, from, leftPanel);
        multiplySparse(byColumn, 0, matrix.columns, leftPanel.byteOffset, rightPanel.byteOffset);
        writePanel(rightPanel, right, columns, from);
      }
    },
  };
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
type Rotator = (rows: Float32Array, vectors: Float64Array, scale: Float64Array) => void;

/** Rows rotated at once. */
const rowsAtOnce = 4096;

function rotatorOf(arena: Arena, columns: number): Rotator {
  const padded = paddedColumns(columns);
  const { rotateRows } = kernelsOver(arena.memory);
  const transposed = arena.float32(padded * padded);
  const scratch = arena.float32(16 * padded);
  const block = arena.float32(rowsAtOnce * padded);
  return (rows, vectors, scale) => {
    for (let to = 0; to < columns; to++)
      for (let k = 0; k < columns; k++) transposed[to * padded + k] = scale[to] * vectors[to * columns + k];
    for (let from = 0; from < rows.length; from += rowsAtOnce * columns) {
      const own = rows.subarray(from, from + rowsAtOnce * columns);
      copyRows(own, columns, block, padded);
      rotateRows(block.byteOffset, own.length / columns, padded, transposed.byteOffset, scratch.byteOffset);
      copyRows(block.subarray(0, (own.length / columns) * padded), padded, own, columns);
    }
  };
}

/** Replaces the columns by an orthonormal basis of the space they span; surplus columns become zeros. */
function orthonormalize(rows: Float32Array, columns: number, rotate: Rotator): void {
  const { values, vectors } = eigenSymmetric(gramOf(rows, columns), columns);
  const floor = 1e-10 * Math.max(values[columns - 1], 1e-30);
  rotate(
    rows,
    vectors,
    Float64Array.from(values, value => (value > floor ? 1 / Math.sqrt(value) : 0)),
  );
}

/** The two sides of a subspace iteration. */
interface Sides {
  readonly matrix: Csr;
  readonly multiplier: Multiplier;
  readonly rotate: Rotator;
  readonly columns: number;
  /** [matrix.rows × columns] */
  readonly left: Float32Array;
  /** [matrix.columns × columns] */
  readonly right: Float32Array;
}

/** Runs the power iterations, and orthonormalizes the side with fewer rows now and then, which is the expensive step. */
async function iterate(
  { matrix, multiplier, rotate, columns, left, right }: Sides,
  onRound: () => Promise<void>,
): Promise<void> {
  const isWide = matrix.rows < matrix.columns;
  for (let round = 1; round <= singularVectorRounds; round++) {
    multiplier.multiplyInto(right, left);
    const isDue = round % roundsPerOrthonormalization === 0;
    if (isDue && isWide) orthonormalize(left, columns, rotate);
    multiplier.multiplyTransposedInto(left, right);
    if (isDue && !isWide) orthonormalize(right, columns, rotate);
    await onRound();
  }
}

function drawn(length: number, seed: number): Float32Array {
  const rng = createRng(seed);
  const values = new Float32Array(length);
  for (let at = 0; at < length; at++) values[at] = rng.gaussian();
  return values;
}

/** Returns the last `rank` columns in reverse order. */
function strongestFirst(rows: Float32Array, columns: number, rank: number): Float32Array {
  const out = new Float32Array((rows.length / columns) * rank);
  for (let at = 0, to = 0; at < rows.length; at += columns, to += rank)
    for (let k = 0; k < rank; k++) out[to + k] = rows[at + columns - 1 - k];
  return out;
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
  const arena = createArena();
  const multiplier = multiplierOf(arena, matrix, columns);
  const rotate = rotatorOf(arena, columns);
  const left = new Float32Array(matrix.rows * columns);
  const right = drawn(matrix.columns * columns, seed);
  await iterate({ matrix, multiplier, rotate, columns, left, right }, onRound);
  if (matrix.rows < matrix.columns) {
    // The left side spans the directions: Aᵀ·left = V·Σ·Qᵀ, which the last orthonormalization turns into V.
    orthonormalize(right, columns, rotate);
  } else {
    multiplier.multiplyInto(right, left);
    const { vectors } = eigenSymmetric(gramOf(left, columns), columns);
    rotate(right, vectors, new Float64Array(columns).fill(1));
  }
  return strongestFirst(right, columns, rank);
}
