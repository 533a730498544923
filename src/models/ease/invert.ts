// Inverts a symmetric positive definite matrix in place by the sweep operator (Beaton 1964; Goodnight 1979,
// "A tutorial on the SWEEP operator"), one block of columns at a time. A sweep of the block K, with P =
// A_KK⁻¹:
//
//   A_ij ← A_ij − A_iK·P·A_Kj     A_iK ← A_iK·P     A_KK ← −P
//
// keeps the matrix symmetric, so that its lower triangle is enough, and after all blocks leaves −A⁻¹. It
// takes n³ operations, as many as Cholesky, almost all of them in one matrix product. Float32, with the
// diagonal blocks in float64: for a matrix of condition κ the relative error is about 1e-7·κ, which a ridge
// keeps small.

import type { WorkerGroup } from '../../learning/workerGroup';
import { blockColumns } from './tasks';

/** Returns the side of the stored matrix: whole blocks; the part beyond the products is an identity matrix. */
export const paddedSize = (products: number): number => Math.ceil(products / blockColumns) * blockColumns;

/** Rows that a thread takes at once: enough to make taking cheap, few enough to balance the threads. */
const rowsAtOnce = 64;

/** Sweeps column k of a symmetric n × n matrix, of which both halves are stored. */
function sweepColumn(block: Float64Array, n: number, k: number): void {
  const pivot = 1 / block[k * n + k];
  const pivotRow = block.slice(k * n, (k + 1) * n);
  for (let i = 0; i < n; i++) {
    const factor = block[i * n + k] * pivot;
    for (let j = 0; j < n; j++) block[i * n + j] -= factor * pivotRow[j];
  }
  for (let j = 0; j < n; j++) {
    block[k * n + j] = pivotRow[j] * pivot;
    block[j * n + k] = pivotRow[j] * pivot;
  }
  block[k * n + k] = -pivot;
}

/** Inverts a symmetric positive definite matrix in place, n × n, both halves. */
function invertBlock(block: Float64Array, n: number): void {
  for (let k = 0; k < n; k++) sweepColumn(block, n, k);
  for (let at = 0; at < block.length; at++) block[at] = -block[at];
}

/** Arrays of a sweep, in memory shared by threads. */
interface Workspace {
  readonly matrix: Float32Array;
  readonly size: number;
  readonly inverse: Float32Array;
  readonly panel: Float32Array;
  readonly product: Float32Array;
}

/** Writes P = A_KK⁻¹ into workspace.inverse, both halves. */
function invertDiagonal({ matrix, size, inverse }: Workspace, first: number): void {
  const block = new Float64Array(blockColumns ** 2);
  for (let row = 0; row < blockColumns; row++) {
    for (let column = 0; column <= row; column++) {
      const value = matrix[(first + row) * size + first + column];
      block[row * blockColumns + column] = value;
      block[column * blockColumns + row] = value;
    }
  }
  invertBlock(block, blockColumns);
  for (let row = 0; row < blockColumns; row++) {
    for (let column = 0; column <= row; column++) {
      const value = block[row * blockColumns + column];
      inverse[row * blockColumns + column] = value;
      inverse[column * blockColumns + row] = value;
    }
  }
}

/** Writes the swept block's own columns. */
function writeBlockColumns({ matrix, size, inverse, product }: Workspace, first: number): void {
  for (let row = 0; row < first; row++) {
    for (let column = 0; column < blockColumns; column++) {
      matrix[(first + column) * size + row] = product[row * blockColumns + column];
    }
  }
  for (let row = first + blockColumns; row < size; row++) {
    const from = row * blockColumns;
    matrix.set(product.subarray(from, from + blockColumns), row * size + first);
  }
  for (let row = 0; row < blockColumns; row++) {
    for (let column = 0; column <= row; column++) {
      matrix[(first + row) * size + first + column] = -inverse[row * blockColumns + column];
    }
  }
}

/**
 * A ← −A⁻¹, lower triangle, on all threads.
 *
 * @param matrix - [size × size] in the worker group's arena, size as returned by {@link paddedSize}
 * @param onBlock - called after each block with the number of blocks done and in total
 * @throws {GatewayError} CANCELLED
 */
export async function invertNegated(
  workers: WorkerGroup,
  matrix: Float32Array,
  size: number,
  onBlock: (done: number, total: number) => void,
): Promise<void> {
  const workspace = {
    matrix,
    size,
    inverse: workers.arena.float32(blockColumns ** 2),
    panel: workers.arena.float32(size * blockColumns),
    product: workers.arena.float32(size * blockColumns),
  };
  const addresses = {
    matrix: matrix.byteOffset,
    size,
    inverse: workspace.inverse.byteOffset,
    panel: workspace.panel.byteOffset,
    product: workspace.product.byteOffset,
  };
  for (let first = 0; first < size; first += blockColumns) {
    invertDiagonal(workspace, first);
    await workers.run('ease.pack', size, rowsAtOnce, { ...addresses, first });
    await workers.run('ease.update', size, rowsAtOnce, { ...addresses, first });
    writeBlockColumns(workspace, first);
    onBlock(first / blockColumns + 1, size / blockColumns);
  }
}
