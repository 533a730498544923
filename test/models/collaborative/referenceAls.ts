import type { CollaborativeConfig } from '../../../src/models/collaborative/settings';
import { choleskyFactor, choleskySolve } from '../../../src/numeric/cholesky';
import { type Csr, transposeCsr } from '../../../src/numeric/csr';
import { createRng } from '../../../src/numeric/rng';

// The reference: Hu, Koren & Volinsky 2008, eq. 4, in float64, with one d × d system per row, no change of
// basis and no dual form. Written from the loss at the top of collaborative/train.ts and from none of its code.

/** Rows of factors. */
export interface Factors {
  readonly rows: number;
  readonly values: Float64Array;
}

const vectorOf = (factors: Factors, row: number, rank: number): Float64Array =>
  factors.values.subarray(row * rank, (row + 1) * rank);

const dot = (a: Float64Array, b: Float64Array): number => a.reduce((sum, value, k) => sum + value * b[k], 0);

const massOf = ({ indptr, values }: Csr, row: number): number =>
  values.subarray(indptr[row], indptr[row + 1]).reduce((sum, value) => sum + Math.abs(value), 0);

const ridgeOf = (matrix: Csr, row: number, config: CollaborativeConfig): number =>
  config.flatRegularization +
  config.regularization *
    (massOf(matrix, row) + config.unobservedWeight * matrix.columns) ** config.regularizationExponent;

/** Adds w·z·zᵀ to a matrix. */
function addOuter(a: Float64Array, z: Float64Array, weight: number): void {
  const rank = z.length;
  for (let i = 0; i < rank; i++) for (let j = 0; j < rank; j++) a[i * rank + j] += weight * z[i] * z[j];
}

/** Solves all rows of one side against the other. */
export function solveAll(matrix: Csr, fixed: Factors, config: CollaborativeConfig): Factors {
  const { rank } = config;
  const solved = { rows: matrix.rows, values: new Float64Array(matrix.rows * rank) };
  for (let row = 0; row < matrix.rows; row++) {
    const a = new Float64Array(rank * rank);
    const x = vectorOf(solved, row, rank);
    for (let other = 0; other < fixed.rows; other++) {
      addOuter(a, vectorOf(fixed, other, rank), config.unobservedWeight);
    }
    for (let entry = matrix.indptr[row]; entry < matrix.indptr[row + 1]; entry++) {
      const y = vectorOf(fixed, matrix.indices[entry], rank);
      const weight = matrix.values[entry];
      addOuter(a, y, Math.abs(weight));
      for (let k = 0; k < rank; k++) x[k] += Math.max(weight, 0) * y[k];
    }
    choleskyFactor(a, rank, new Float64Array(rank).fill(ridgeOf(matrix, row, config)));
    choleskySolve(a, rank, x);
  }
  return solved;
}

/** Returns the loss of both sides. */
export function lossOf(matrix: Csr, users: Factors, products: Factors, config: CollaborativeConfig): number {
  const { rank, unobservedWeight } = config;
  const transposed = transposeCsr(matrix);
  let loss = 0;
  for (let user = 0; user < users.rows; user++) {
    const x = vectorOf(users, user, rank);
    loss += ridgeOf(matrix, user, config) * dot(x, x);
    for (let product = 0; product < products.rows; product++) {
      loss += unobservedWeight * dot(x, vectorOf(products, product, rank)) ** 2;
    }
    for (let entry = matrix.indptr[user]; entry < matrix.indptr[user + 1]; entry++) {
      const weight = matrix.values[entry];
      const score = dot(x, vectorOf(products, matrix.indices[entry], rank));
      loss += Math.abs(weight) * (score - Number(weight > 0)) ** 2;
    }
  }
  for (let product = 0; product < products.rows; product++) {
    const y = vectorOf(products, product, rank);
    loss += ridgeOf(transposed, product, config) * dot(y, y);
  }
  return loss;
}

/** Trains as trainFactors does: products drawn, users solved first. */
export function trainByTheBook(matrix: Csr, config: CollaborativeConfig, seed: number): Factors {
  const rng = createRng(seed);
  const scale = config.stddev / Math.sqrt(config.rank);
  let products: Factors = {
    rows: matrix.columns,
    values: Float64Array.from({ length: matrix.columns * config.rank }, () => scale * rng.gaussian()),
  };
  const transposed = transposeCsr(matrix);
  for (let epoch = 0; epoch < config.epochs; epoch++) {
    products = solveAll(transposed, solveAll(matrix, products, config), config);
  }
  return products;
}

/** Scores of every user for every product, [users × products]. */
export function scoresOf(matrix: Csr, products: Factors, config: CollaborativeConfig): Float64Array {
  const users = solveAll(matrix, products, config);
  return Float64Array.from({ length: users.rows * products.rows }, (_, at) =>
    dot(
      vectorOf(users, Math.floor(at / products.rows), config.rank),
      vectorOf(products, at % products.rows, config.rank),
    ),
  );
}
