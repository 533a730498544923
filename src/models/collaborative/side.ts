import type { Csr } from '../../numeric/csr';
import { paddedColumns } from '../../numeric/paddedColumns';
import type { Arena } from '../../numeric/wasm/arena';
import type { CollaborativeConfig } from './settings';

/** The preferences of one side of the matrix (users, or products) and its factors, in memory that threads share. */
export interface Side {
  readonly rows: number;
  readonly indptr: Uint32Array;
  /** Rows of the other side. */
  readonly indices: Uint32Array;
  /** > 0: liked with that weight; < 0: seen as a zero with that weight. Never 0. */
  readonly values: Float32Array;
  /** λ of each row. */
  readonly ridge: Float32Array;
  /** [rows × paddedColumns(rank)]; columns beyond the rank are zeros. */
  readonly factors: Float32Array;
}

/** Returns Σ|w| over the pairs of a row. On 0/1 data, this is their number. */
function massOf({ indptr, values }: Csr, row: number): number {
  let mass = 0;
  for (let entry = indptr[row]; entry < indptr[row + 1]; entry++) mass += Math.abs(values[entry]);
  return mass;
}

/**
 * Returns λ of a row: regularization·(mass + α₀·others)^exponent (Rendle et al. 2021, eq. 7, with weights for
 * counts: a pair of weight 3 regularises like three pairs, so that only ratios of weights matter), and a flat part, as
 * in Hu et al. 2008.
 *
 * @param others - rows of the other side
 */
export const ridgeOf = (config: RidgeSettings, mass: number, others: number): number =>
  config.flatRegularization +
  config.regularization * (mass + config.unobservedWeight * others) ** config.regularizationExponent;

/** Settings that determine a user's ridge, in training and in folding in. */
type RidgeSettings = Pick<
  CollaborativeConfig,
  'regularization' | 'regularizationExponent' | 'flatRegularization' | 'unobservedWeight'
>;

/** Copies preferences without zeros into an arena, with room for factors. */
export function sideOf(arena: Arena, preferences: Csr, config: CollaborativeConfig): Side {
  const { rows, columns, indptr, indices, values } = preferences;
  const ridge = arena.float32(rows);
  for (let row = 0; row < rows; row++) ridge[row] = ridgeOf(config, massOf(preferences, row), columns);
  const side = {
    rows,
    indptr: arena.uint32(rows + 1),
    indices: arena.uint32(indices.length),
    values: arena.float32(values.length),
    ridge,
    factors: arena.float32(rows * paddedColumns(config.rank)),
  };
  side.indptr.set(indptr);
  side.indices.set(indices);
  side.values.set(values);
  return side;
}

/**
 * Returns the matrix without pairs of weight 0: an interaction without a net opinion is treated like no
 * interaction.
 */
export function withoutZeros(matrix: Csr): Csr {
  const indptr = new Uint32Array(matrix.rows + 1);
  const indices = new Uint32Array(matrix.indices.length);
  const values = new Float32Array(matrix.indices.length);
  let end = 0;
  for (let row = 0; row < matrix.rows; row++) {
    for (let entry = matrix.indptr[row]; entry < matrix.indptr[row + 1]; entry++) {
      if (matrix.values[entry] === 0) continue;
      indices[end] = matrix.indices[entry];
      values[end++] = matrix.values[entry];
    }
    indptr[row + 1] = end;
  }
  return { ...matrix, indptr, indices: indices.slice(0, end), values: values.slice(0, end) };
}
