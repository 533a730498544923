import type { Reading } from './reader';

/** Readings of many documents: a sparse matrix of terms, and a dense one of word vectors beside it. */
export interface Texts {
  readonly rows: number;
  /** Columns of the sparse part. */
  readonly terms: number;
  /** Columns of the dense part. */
  readonly rank: number;
  /** Entries of row r are [indptr[r], indptr[r + 1]). */
  readonly indptr: Uint32Array;
  readonly indices: Uint32Array;
  readonly values: Float32Array;
  /** [rows × rank] */
  readonly dense: Float32Array;
}

/** Stacks readings as rows of a matrix. */
export function textsOf(readings: readonly Reading[], terms: number, rank: number): Texts {
  const indptr = new Uint32Array(readings.length + 1);
  for (const [row, reading] of readings.entries()) indptr[row + 1] = indptr[row] + reading.terms.length;
  const indices = new Uint32Array(indptr[readings.length]);
  const values = new Float32Array(indices.length);
  const dense = new Float32Array(readings.length * rank);
  for (const [row, reading] of readings.entries()) {
    indices.set(reading.terms, indptr[row]);
    values.set(reading.weights, indptr[row]);
    dense.set(reading.dense, row * rank);
  }
  return { rows: readings.length, terms, rank, indptr, indices, values, dense };
}

/** Returns one row as a reading. */
export function readingAt({ indptr, indices, values, dense, rank }: Texts, row: number): Reading {
  return {
    terms: indices.subarray(indptr[row], indptr[row + 1]),
    weights: values.subarray(indptr[row], indptr[row + 1]),
    dense: dense.subarray(row * rank, (row + 1) * rank),
  };
}

/** to ← to + scale · from[start …]. */
export function addScaled(
  from: Float32Array | Float64Array,
  start: number,
  scale: number,
  to: Float32Array | Float64Array,
  at: number,
  length: number,
): void {
  for (let k = 0; k < length; k++) to[at + k] += scale * from[start + k];
}

/**
 * out[row] ← X[row]·M for every row: applies a map of terms (and word vectors below them) to texts.
 *
 * @param map - [(terms + rank) × columns]
 * @param out - [rows × columns]
 */
export function mapTextsInto(texts: Texts, map: Float32Array, columns: number, out: Float32Array): void {
  const { rows, terms, rank, indptr, indices, values, dense } = texts;
  out.fill(0);
  for (let row = 0; row < rows; row++) {
    const at = row * columns;
    for (let entry = indptr[row]; entry < indptr[row + 1]; entry++) {
      addScaled(map, indices[entry] * columns, values[entry], out, at, columns);
    }
    for (let k = 0; k < rank; k++) {
      addScaled(map, (terms + k) * columns, dense[row * rank + k], out, at, columns);
    }
  }
}
