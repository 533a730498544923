// Inverts a symmetric positive definite matrix in place by the sweep operator (Beaton 1964; Goodnight 1979, "A tutorial
// on the SWEEP operator"), a block of columns at a time. Sweeping the block K, with P = A_KK⁻¹:
//
//   A_ij ← A_ij − A_iK·P·A_Kj     A_iK ← A_iK·P     A_KK ← −P
//
// keeps the matrix symmetric, so that its lower triangle is enough, and after all blocks leaves −A⁻¹. n³ operations, as
// many as by Cholesky, and nearly all of them one matrix product. Float32, the blocks on the diagonal in float64: for a
// matrix of condition κ the relative error is some 1e-7·κ, which a ridge keeps small.

import type { WorkerGroup } from '../../learning/workerGroup';
import { blockColumns } from './tasks';

/** Side of the matrix in memory: whole blocks; what is beyond the products is an identity matrix. */
export const paddedSize = (products: number): number => Math.ceil(products / blockColumns) * blockColumns;

/** Rows a thread takes at once: enough that taking costs nothing, few enough that the last one is not waited for. */
const rowsAtOnce = 64;

/** Sweeps column k of a symmetric n × n matrix, both halves of which are kept. */
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

/** Inverse of a symmetric positive definite matrix, n × n, both halves. */
function invertBlock(block: Float64Array, n: number): void {
  for (let k = 0; k < n; k++) sweepColumn(block, n, k);
  for (let at = 0; at < block.length; at++) block[at] = -block[at];
}

/** Arrays of a sweep, in memory that threads share. */
interface Bench {
  readonly matrix: Float32Array;
  readonly size: number;
  readonly inverse: Float32Array;
  readonly panel: Float32Array;
  readonly product: Float32Array;
}

/** P = A_KK⁻¹ into bench.inverse, the same on both sides of its diagonal. */
function invertDiagonal({ matrix, size, inverse }: Bench, first: number): void {
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

/** Writes what the block's own columns become. */
function putBack({ matrix, size, inverse, product }: Bench, first: number): void {
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
 * @param matrix - [size × size] in the worker group's arena, size as {@link paddedSize} says
 * @param onBlock - called after each block with those done and those in all
 * @throws {GatewayError} CANCELLED
 */
export async function invertNegated(
  workers: WorkerGroup,
  matrix: Float32Array,
  size: number,
  onBlock: (done: number, total: number) => void,
): Promise<void> {
  const bench = {
    matrix,
    size,
    inverse: workers.arena.float32(blockColumns ** 2),
    panel: workers.arena.float32(size * blockColumns),
    product: workers.arena.float32(size * blockColumns),
  };
  const addresses = {
    matrix: matrix.byteOffset,
    size,
    inverse: bench.inverse.byteOffset,
    panel: bench.panel.byteOffset,
    product: bench.product.byteOffset,
  };
  for (let first = 0; first < size; first += blockColumns) {
    invertDiagonal(bench, first);
    await workers.run('ease.pack', size, rowsAtOnce, { ...addresses, first });
    await workers.run('ease.update', size, rowsAtOnce, { ...addresses, first });
    putBack(bench, first);
    onBlock(first / blockColumns + 1, size / blockColumns);
  }
}
