/**
 * Eigenvalues and eigenvectors of a symmetric matrix: Householder reduction to tridiagonal form, then the implicit QL
 * method (Bowdler, Martin, Reinsch & Wilkinson 1968, procedures tred2 and tql2; the arrangement follows JAMA). All in
 * float64, about 9·n³ operations. The matrix of vectors is kept transposed, so that every inner loop reads contiguous
 * memory.
 */

/** A = Q·diag(values)·Qᵀ. */
export interface Eigen {
  /** Ascending. */
  readonly values: Float64Array;
  /** Qᵀ, n × n row-major: row r is the unit eigenvector of values[r]. */
  readonly vectors: Float64Array;
}

/** Arrays shared by the two steps: transposed vectors, diagonal, off-diagonal. */
interface Work {
  readonly n: number;
  /** Element [k][j] of the untransposed matrix is transposed[j·n + k]. */
  readonly transposed: Float64Array;
  readonly diagonal: Float64Array;
  readonly offDiagonal: Float64Array;
  /** Cosines and sines of the rotations of one sweep. */
  readonly cosines: Float64Array;
  readonly sines: Float64Array;
}

/** offDiagonal ← A·u over the first `size` rows, with A symmetric and the Householder vector u in `diagonal`. */
function multiplyByReflector({ n, transposed, diagonal, offDiagonal }: Work, size: number): void {
  offDiagonal.fill(0, 0, size);
  for (let j = 0; j < size; j++) {
    const f = diagonal[j];
    const column = j * n;
    transposed[size * n + j] = f;
    let g = offDiagonal[j] + transposed[column + j] * f;
    for (let k = j + 1; k < size; k++) {
      const element = transposed[column + k];
      g += element * diagonal[k];
      offDiagonal[k] += element * f;
    }
    offDiagonal[j] = g;
  }
}

/** A ← A - u·qᵀ - q·uᵀ over the lower triangle of the first `size` rows; then copies the next row into `diagonal`. */
function subtractReflection({ n, transposed, diagonal, offDiagonal }: Work, size: number, h: number): void {
  let f = 0;
  for (let j = 0; j < size; j++) {
    offDiagonal[j] /= h;
    f += offDiagonal[j] * diagonal[j];
  }
  const share = f / (h + h);
  for (let j = 0; j < size; j++) offDiagonal[j] -= share * diagonal[j];
  for (let j = 0; j < size; j++) {
    const u = diagonal[j];
    const q = offDiagonal[j];
    const column = j * n;
    for (let k = j; k < size; k++) transposed[column + k] -= u * offDiagonal[k] + q * diagonal[k];
    diagonal[j] = transposed[column + size - 1];
    transposed[column + size] = 0;
  }
}

/**
 * Zeroes row `size` left of the sub-diagonal.
 *
 * @returns h, half the squared length of the reflector; 0 when the row was already zero
 */
function reflect(work: Work, size: number): number {
  const { n, transposed, diagonal, offDiagonal } = work;
  let scale = 0;
  for (let k = 0; k < size; k++) scale += Math.abs(diagonal[k]);
  if (scale === 0) {
    offDiagonal[size] = diagonal[size - 1];
    for (let j = 0; j < size; j++) {
      diagonal[j] = transposed[j * n + size - 1];
      transposed[j * n + size] = 0;
      transposed[size * n + j] = 0;
    }
    return 0;
  }
  let h = 0;
  for (let k = 0; k < size; k++) {
    diagonal[k] /= scale;
    h += diagonal[k] * diagonal[k];
  }
  const f = diagonal[size - 1];
  const g = f > 0 ? -Math.sqrt(h) : Math.sqrt(h);
  offDiagonal[size] = scale * g;
  h -= f * g;
  diagonal[size - 1] = f - g;
  multiplyByReflector(work, size);
  subtractReflection(work, size, h);
  return h;
}

/** Reflects the first `size` columns, each over its first `size` rows, by the reflector in row `size`. */
function reflectColumns({ n, transposed, diagonal }: Work, size: number, h: number): void {
  const reflector = size * n;
  for (let k = 0; k < size; k++) diagonal[k] = transposed[reflector + k] / h;
  for (let j = 0; j < size; j++) {
    const column = j * n;
    let g = 0;
    for (let k = 0; k < size; k++) g += transposed[reflector + k] * transposed[column + k];
    for (let k = 0; k < size; k++) transposed[column + k] -= g * diagonal[k];
  }
}

/** Accumulates the product of all reflectors in the transposed matrix. */
function accumulateReflectors(work: Work): void {
  const { n, transposed, diagonal } = work;
  for (let size = 1; size < n; size++) {
    const last = (size - 1) * n;
    transposed[last + n - 1] = transposed[last + size - 1];
    transposed[last + size - 1] = 1;
    const h = diagonal[size];
    if (h !== 0) reflectColumns(work, size, h);
    transposed.fill(0, size * n, size * n + size);
  }
}

/** A = Q·T·Qᵀ with T tridiagonal: its diagonal and off-diagonal (offDiagonal[0] unused) and Qᵀ in transposed. */
function tridiagonalize(work: Work): void {
  const { n, transposed, diagonal, offDiagonal } = work;
  for (let j = 0; j < n; j++) diagonal[j] = transposed[j * n + n - 1];
  for (let size = n - 1; size > 0; size--) diagonal[size] = reflect(work, size);
  accumulateReflectors(work);
  for (let j = 0; j < n; j++) {
    diagonal[j] = transposed[j * n + n - 1];
    transposed[j * n + n - 1] = 0;
  }
  transposed[n * n - 1] = 1;
  offDiagonal[0] = 0;
}

/** Columns rotated together through a whole sweep, so that they stay in the second-level cache. */
const columnBlock = 128;

/** Applies the plane rotation of i to the eigenvectors i and i + 1, for i from last - 1 down to first. */
function rotateVectors({ n, transposed, cosines, sines }: Work, first: number, last: number): void {
  for (let start = 0; start < n; start += columnBlock) {
    const width = Math.min(columnBlock, n - start);
    for (let i = last - 1; i >= first; i--) {
      const cosine = cosines[i];
      const sine = sines[i];
      const low = i * n + start;
      for (let k = low; k < low + width; k++) {
        const h = transposed[k + n];
        const l = transposed[k];
        transposed[k + n] = sine * l + cosine * h;
        transposed[k] = cosine * l - sine * h;
      }
    }
  }
}

/** One implicit QL sweep over rows first … last. @returns the shift subtracted from all later diagonal elements */
function sweep(work: Work, first: number, last: number): number {
  const { n, diagonal, offDiagonal, cosines, sines } = work;
  const before = diagonal[first];
  let p = (diagonal[first + 1] - before) / (2 * offDiagonal[first]);
  const root = p < 0 ? -Math.sqrt(p * p + 1) : Math.sqrt(p * p + 1);
  diagonal[first] = offDiagonal[first] / (p + root);
  diagonal[first + 1] = offDiagonal[first] * (p + root);
  const next = diagonal[first + 1];
  const shift = before - diagonal[first];
  for (let i = first + 2; i < n; i++) diagonal[i] -= shift;
  p = diagonal[last];
  let [cosine, cosine2, cosine3, sine, sine2] = [1, 1, 1, 0, 0];
  const offDiagonalNext = offDiagonal[first + 1];
  for (let i = last - 1; i >= first; i--) {
    cosine3 = cosine2;
    cosine2 = cosine;
    sine2 = sine;
    const g = cosine * offDiagonal[i];
    const h = cosine * p;
    const r = Math.sqrt(p * p + offDiagonal[i] * offDiagonal[i]);
    offDiagonal[i + 1] = sine * r;
    sine = offDiagonal[i] / r;
    cosine = p / r;
    p = cosine * diagonal[i] - sine * g;
    diagonal[i + 1] = h + sine * (cosine * g + sine * diagonal[i]);
    cosines[i] = cosine;
    sines[i] = sine;
  }
  rotateVectors(work, first, last);
  p = (-sine * sine2 * cosine3 * offDiagonalNext * offDiagonal[first]) / next;
  offDiagonal[first] = sine * p;
  diagonal[first] = cosine * p;
  return shift;
}

/** Diagonalizes the tridiagonal matrix and updates the vectors. */
function diagonalize(work: Work): void {
  const { n, diagonal, offDiagonal } = work;
  offDiagonal.copyWithin(0, 1);
  offDiagonal[n - 1] = 0;
  let shift = 0;
  let largest = 0;
  for (let first = 0; first < n; first++) {
    largest = Math.max(largest, Math.abs(diagonal[first]) + Math.abs(offDiagonal[first]));
    const negligible = Number.EPSILON * largest;
    let last = first;
    while (Math.abs(offDiagonal[last]) > negligible) last++;
    if (last > first) {
      do shift += sweep(work, first, last);
      while (Math.abs(offDiagonal[first]) > negligible);
    }
    diagonal[first] += shift;
    offDiagonal[first] = 0;
  }
}

/**
 * Decomposes a symmetric matrix, O(n³).
 *
 * @param matrix - n × n; the lower triangle is read
 * @throws {RangeError} when the length is not n² or a value is not finite (QL would not terminate)
 */
export function eigenSymmetric(matrix: ArrayLike<number>, n: number): Eigen {
  if (matrix.length !== n * n) {
    throw new RangeError(`Expected ${n} × ${n} values; got ${matrix.length}.`);
  }
  const transposed = new Float64Array(n * n);
  for (let row = 0; row < n; row++) {
    for (let column = 0; column <= row; column++) {
      const value = matrix[row * n + column];
      if (!Number.isFinite(value)) throw new RangeError(`Expected finite values; got ${value}.`);
      transposed[column * n + row] = value;
      transposed[row * n + column] = value;
    }
  }
  if (n === 0) return { values: new Float64Array(0), vectors: transposed };
  const column = () => new Float64Array(n);
  const work = {
    n,
    transposed,
    diagonal: column(),
    offDiagonal: column(),
    cosines: column(),
    sines: column(),
  };
  tridiagonalize(work);
  diagonalize(work);
  const order = [...work.diagonal.keys()].sort((left, right) => work.diagonal[left] - work.diagonal[right]);
  const vectors = new Float64Array(n * n);
  for (const [to, from] of order.entries()) vectors.set(transposed.subarray(from * n, from * n + n), to * n);
  return { values: Float64Array.from(order, row => work.diagonal[row]), vectors };
}
