import type { Csr } from '../../numeric/csr';
import { eigenSymmetric } from '../../numeric/eigenSymmetric';
import { createRng } from '../../numeric/rng';

/** Times that the space is driven towards the strongest directions. */
const rounds = 9;
/** Rounds between which the directions are made orthogonal again: before they have all turned to the strongest. */
const roundsAtOnce = 3;
/** Directions beyond those wanted: the space settles sooner with some to spare. */
const spare = 8;

/** Rᵤᵢ / √(dᵤ·dᵢ), d the sums of rows and columns: neither busy shoppers nor popular products outweigh the others. */
function normalized({ indptr, indices, values, rows, columns }: Csr): Float32Array {
  const ofUser = new Float64Array(rows);
  const ofProduct = new Float64Array(columns);
  for (let user = 0; user < rows; user++) {
    for (let entry = indptr[user]; entry < indptr[user + 1]; entry++) {
      ofUser[user] += values[entry];
      ofProduct[indices[entry]] += values[entry];
    }
  }
  const out = new Float32Array(values.length);
  for (let user = 0; user < rows; user++) {
    for (let entry = indptr[user]; entry < indptr[user + 1]; entry++) {
      out[entry] = values[entry] / Math.sqrt(ofUser[user] * ofProduct[indices[entry]]);
    }
  }
  return out;
}

/** Rows of users: users ← R·products. */
function toUsers(matrix: Csr, products: Float32Array, columns: number, users: Float32Array): void {
  users.fill(0);
  for (let user = 0; user < matrix.rows; user++) {
    const at = user * columns;
    for (let entry = matrix.indptr[user]; entry < matrix.indptr[user + 1]; entry++) {
      const from = matrix.indices[entry] * columns;
      const value = matrix.values[entry];
      for (let k = 0; k < columns; k++) users[at + k] += value * products[from + k];
    }
  }
}

/** products ← Rᵀ·users. */
function toProducts(matrix: Csr, users: Float32Array, columns: number, products: Float32Array): void {
  products.fill(0);
  for (let user = 0; user < matrix.rows; user++) {
    const from = user * columns;
    for (let entry = matrix.indptr[user]; entry < matrix.indptr[user + 1]; entry++) {
      const at = matrix.indices[entry] * columns;
      const value = matrix.values[entry];
      for (let k = 0; k < columns; k++) products[at + k] += value * users[from + k];
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

/** Y ← Y·Q with columns scaled; Q's columns are rows of `vectors`. */
function turn(rows: Float32Array, columns: number, vectors: Float64Array, scale: Float64Array): void {
  const own = new Float64Array(columns);
  for (let at = 0; at < rows.length; at += columns) {
    for (let k = 0; k < columns; k++) own[k] = rows[at + k];
    for (let to = 0; to < columns; to++) {
      let sum = 0;
      for (let k = 0; k < columns; k++) sum += own[k] * vectors[to * columns + k];
      rows[at + to] = scale[to] * sum;
    }
  }
}

/** Turns the columns into orthonormal ones of the same space; directions that are not there become zeros. */
function orthonormalize(rows: Float32Array, columns: number): void {
  const { values, vectors } = eigenSymmetric(gramOf(rows, columns), columns);
  const floor = 1e-10 * Math.max(values[columns - 1], 1e-30);
  turn(
    rows,
    columns,
    Float64Array.from(vectors),
    Float64Array.from(values, value => (value > floor ? 1 / Math.sqrt(value) : 0)),
  );
}

/**
 * In which company each product is liked: the right singular vectors of the normalised matrix of who likes what (the
 * spectral embedding of its bipartite graph; Dhillon 2001), by randomised subspace iteration (Halko, Martinsson & Tropp
 * 2011, algorithm 4.4 and §5.1). Products nobody likes have zeros. O(rounds · entries · rank + products · rank²).
 *
 * @param likes - users × products, values > 0
 * @param onRound - called between rounds; may throw to stop
 * @returns [products × rank], columns orthonormal, strongest first
 */
export async function companyOf(
  likes: Csr,
  rank: number,
  seed: number,
  onRound: () => Promise<void>,
): Promise<Float32Array> {
  const matrix = { ...likes, values: normalized(likes) };
  const columns = rank + spare;
  const rng = createRng(seed);
  const users = new Float32Array(matrix.rows * columns);
  const products = Float32Array.from({ length: matrix.columns * columns }, () => rng.gaussian());
  for (let round = 1; round <= rounds; round++) {
    toUsers(matrix, products, columns, users);
    toProducts(matrix, users, columns, products);
    if (round % roundsAtOnce === 0) orthonormalize(products, columns);
    await onRound();
  }
  toUsers(matrix, products, columns, users);
  const { vectors } = eigenSymmetric(gramOf(users, columns), columns);
  turn(products, columns, Float64Array.from(vectors), new Float64Array(columns).fill(1));
  const out = new Float32Array(matrix.columns * rank);
  for (let row = 0; row < matrix.columns; row++) {
    for (let k = 0; k < rank; k++) out[row * rank + k] = products[(row + 1) * columns - 1 - k];
  }
  return out;
}
