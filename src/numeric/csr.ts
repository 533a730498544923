/** A sparse matrix in compressed sparse row (CSR) format. */
export interface Csr {
  readonly rows: number;
  readonly columns: number;
  /** Entries of row r are [indptr[r], indptr[r + 1]). Length rows + 1. */
  readonly indptr: Uint32Array;
  /** Column of each entry, ascending within a row. */
  readonly indices: Uint32Array;
  /** Value of each entry. Same length as indices. */
  readonly values: Float32Array;
}

/** Entries of a sparse matrix in coordinate format, in any order. */
export interface Triplets {
  readonly row: ArrayLike<number>;
  readonly column: ArrayLike<number>;
  /** Default: every value is 1. */
  readonly value?: ArrayLike<number>;
}

/** Start of each row, by counting: [0, n₀, n₀ + n₁, …]. Length rows + 1. */
function offsetsOf(row: ArrayLike<number>, rows: number): Uint32Array {
  const indptr = new Uint32Array(rows + 1);
  for (let entry = 0; entry < row.length; entry++) indptr[row[entry] + 1]++;
  for (let at = 0; at < rows; at++) indptr[at + 1] += indptr[at];
  return indptr;
}

/**
 * Returns the transposed matrix. Two passes of counting sort, O(entries + rows + columns); the entries of each row are
 * ascending.
 */
export function transposeCsr(matrix: Csr): Csr {
  const indptr = offsetsOf(matrix.indices, matrix.columns);
  const next = indptr.slice();
  const indices = new Uint32Array(matrix.indices.length);
  const values = new Float32Array(matrix.indices.length);
  for (let row = 0; row < matrix.rows; row++) {
    for (let entry = matrix.indptr[row]; entry < matrix.indptr[row + 1]; entry++) {
      const to = next[matrix.indices[entry]]++;
      indices[to] = row;
      values[to] = matrix.values[entry];
    }
  }
  return { rows: matrix.columns, columns: matrix.rows, indptr, indices, values };
}

/** Sums duplicate entries of a row, which must be adjacent. */
function sumDuplicates(matrix: Csr): Csr {
  const indptr = new Uint32Array(matrix.rows + 1);
  const indices = new Uint32Array(matrix.indices.length);
  const values = new Float32Array(matrix.indices.length);
  let end = 0;
  for (let row = 0; row < matrix.rows; row++) {
    const start = end;
    for (let entry = matrix.indptr[row]; entry < matrix.indptr[row + 1]; entry++) {
      if (end > start && indices[end - 1] === matrix.indices[entry]) values[end - 1] += matrix.values[entry];
      else {
        indices[end] = matrix.indices[entry];
        values[end++] = matrix.values[entry];
      }
    }
    indptr[row + 1] = end;
  }
  return { ...matrix, indptr, indices: indices.slice(0, end), values: values.slice(0, end) };
}

/**
 * Builds a CSR matrix from entries in any order; duplicate entries are summed.
 *
 * @throws {RangeError} when an entry lies outside the matrix or the arrays differ in length
 */
export function csrFromTriplets(triplets: Triplets, rows: number, columns: number): Csr {
  const { row, column, value } = triplets;
  const length = row.length;
  if (column.length !== length || (value && value.length !== length)) {
    throw new RangeError(
      `Expected arrays of equal length; got ${length}, ${column.length}, ${value?.length}.`,
    );
  }
  const indptr = offsetsOf(column, columns);
  const next = indptr.slice();
  const indices = new Uint32Array(length);
  const values = new Float32Array(length);
  for (let entry = 0; entry < length; entry++) {
    if (!(row[entry] >= 0 && row[entry] < rows && column[entry] >= 0 && column[entry] < columns)) {
      throw new RangeError(
        `Expected entries within ${rows} × ${columns}; got (${row[entry]}, ${column[entry]}).`,
      );
    }
    const to = next[column[entry]]++;
    indices[to] = row[entry];
    values[to] = value ? value[entry] : 1;
  }
  return sumDuplicates(transposeCsr({ rows: columns, columns: rows, indptr, indices, values }));
}

/** Returns some rows of a matrix, in the given order. */
export function rowsOf(matrix: Csr, rows: Uint32Array): Csr {
  const indptr = new Uint32Array(rows.length + 1);
  for (const [at, row] of rows.entries()) {
    indptr[at + 1] = indptr[at] + matrix.indptr[row + 1] - matrix.indptr[row];
  }
  const indices = new Uint32Array(indptr[rows.length]);
  const values = new Float32Array(indices.length);
  for (const [at, row] of rows.entries()) {
    indices.set(matrix.indices.subarray(matrix.indptr[row], matrix.indptr[row + 1]), indptr[at]);
    values.set(matrix.values.subarray(matrix.indptr[row], matrix.indptr[row + 1]), indptr[at]);
  }
  return { rows: rows.length, columns: matrix.columns, indptr, indices, values };
}

/**
 * Returns some columns of a matrix under new numbers. O(entries).
 *
 * @param places - new number of each column, ascending among the columns that are kept; -1 for one that is left out
 * @param columns - number of columns of the result
 * @param keepsRow - whether a row keeps its entries; default: every row does
 */
export function columnsOf(
  { rows, indptr, indices, values }: Csr,
  places: Int32Array,
  columns: number,
  keepsRow: (row: number) => boolean = () => true,
): Csr {
  const starts = new Uint32Array(rows + 1);
  const own = new Uint32Array(indices.length);
  const weights = new Float32Array(indices.length);
  let end = 0;
  for (let row = 0; row < rows; row++) {
    const stop = keepsRow(row) ? indptr[row + 1] : indptr[row];
    for (let entry = indptr[row]; entry < stop; entry++) {
      const place = places[indices[entry]];
      if (place < 0) continue;
      own[end] = place;
      weights[end++] = values[entry];
    }
    starts[row + 1] = end;
  }
  return { rows, columns, indptr: starts, indices: own.slice(0, end), values: weights.slice(0, end) };
}
