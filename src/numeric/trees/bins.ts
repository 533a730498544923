/** A table of numbers, row-major. NaN: not known. */
export interface NumberTable {
  readonly rows: number;
  readonly columns: number;
  /** [rows × columns]. */
  readonly values: Float32Array;
}

/** A table whose columns are cut into a few bins each, so that a tree is grown from counts. */
export interface BinnedTable {
  readonly rows: number;
  readonly columns: number;
  /** [columns × rows], column-major: 0 where not known, b + 1 in bin b. */
  readonly bins: Uint8Array;
  /** Bin b of column c holds values above its edge b - 1, up to and including its edge b; the last bin has no edge. Ascending. */
  readonly edges: readonly Float32Array[];
}

/** Bins of a column, those of unknown values included: what a byte holds. */
const mostBins = 256;
/** A column's edges are found from about so many of its values. */
const sampleLength = 50_000;

/** Known values of a column, every n-th row, ascending. */
function sortedSample({ rows, columns, values }: NumberTable, column: number): Float32Array {
  const step = Math.max(1, Math.floor(rows / sampleLength));
  const sample = new Float32Array(Math.ceil(rows / step));
  let length = 0;
  for (let row = 0; row < rows; row += step) {
    const value = values[row * columns + column];
    if (!Number.isNaN(value)) sample[length++] = value;
  }
  return sample.subarray(0, length).sort();
}

/** Where sorted values are cut: between unequal ones, into parts as equal as they can be. At most `most` edges. */
function edgesOf(sorted: Float32Array, most: number): Float32Array {
  const edges: number[] = [];
  let left = sorted.length;
  let inBin = 0;
  for (let place = 0; place + 1 < sorted.length && edges.length < most; place++) {
    inBin++;
    if (sorted[place] === sorted[place + 1]) continue;
    // What is left is shared out anew after each edge: one value that fills half the column takes one bin of it.
    if (inBin < left / (most + 1 - edges.length)) continue;
    edges.push((sorted[place] + sorted[place + 1]) / 2);
    left -= inBin;
    inBin = 0;
  }
  return Float32Array.from(edges);
}

/** How many edges lie below the value: its bin. */
function binOf(edges: Float32Array, value: number): number {
  let low = 0;
  let high = edges.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (value > edges[middle]) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * Cuts every column at its quantiles (the histograms of Ke et al. 2017, LightGBM §2.1): distinct values have their own
 * bins while there are fewer than 255. O(rows × columns × log bins).
 */
export function binTable(table: NumberTable): BinnedTable {
  const { rows, columns, values } = table;
  const bins = new Uint8Array(rows * columns);
  const edges = Array.from({ length: columns }, (_, column) =>
    edgesOf(sortedSample(table, column), mostBins - 2),
  );
  for (let column = 0; column < columns; column++) {
    for (let row = 0; row < rows; row++) {
      const value = values[row * columns + column];
      bins[column * rows + row] = Number.isNaN(value) ? 0 : binOf(edges[column], value) + 1;
    }
  }
  return { rows, columns, bins, edges };
}
