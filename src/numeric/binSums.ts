/** Rows to be summed by the bins of columns; arrays of one memory, so that the kernel `sumBins` can read them. */
export interface BinSumsJob {
  /** Row numbers by place. */
  readonly rows: Uint32Array;
  /** (gradient, hessian) by row. */
  readonly pairs: Float32Array;
  /** Scratch: the pairs by place. As long as `pairs`. */
  readonly ordered: Float32Array;
  /** Two words per column: the address of its bins by row, and where its cells begin in the sums, in bytes. */
  readonly columns: Uint32Array;
}

/** Words of a written job. */
export const binSumsJobLength = 5;

/** Writes the words that the kernel `sumBins` reads; the job's arrays must lie in the memory of `words`. */
export function writeBinSumsJob({ rows, pairs, ordered, columns }: BinSumsJob, words: Uint32Array): void {
  words.set([rows, pairs, ordered, columns].map(array => array.byteOffset));
  words[binSumsJobLength - 1] = columns.length / 2;
}

/** Returns the arrays of a written job, as far as the rows at the places [begin, end) need them. */
export function readBinSumsJob(
  memory: ArrayBufferLike,
  address: number,
  begin: number,
  end: number,
): BinSumsJob {
  const [rows, pairs, ordered, columns, count] = new Uint32Array(memory, address, binSumsJobLength);
  const places = new Uint32Array(memory, rows, end);
  const rowCount = 1 + places.subarray(begin).reduce((highest, row) => Math.max(highest, row), 0);
  return {
    rows: places,
    pairs: new Float32Array(memory, pairs, 2 * rowCount),
    ordered: new Float32Array(memory, ordered, 2 * rowCount),
    columns: new Uint32Array(memory, columns, 2 * count),
  };
}

/**
 * Adds the pairs of the rows at the places [begin, end) to the cells of their bins, column by column.
 *
 * @param out - pairs per bin; column k has its own from byte columns[2k + 1]
 */
export function sumBins(
  { rows, pairs, columns }: BinSumsJob,
  [begin, end]: readonly [number, number],
  out: Float64Array,
): void {
  const bins = new Uint8Array(columns.buffer);
  for (let column = 0; column < columns.length; column += 2) {
    const first = columns[column];
    const offset = columns[column + 1] / 8;
    for (let place = begin; place < end; place++) {
      const row = rows[place];
      const cell = offset + 2 * bins[first + row];
      out[cell] += pairs[2 * row];
      out[cell + 1] += pairs[2 * row + 1];
    }
  }
}
