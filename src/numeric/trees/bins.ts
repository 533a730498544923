/** A table of numbers, row-major. NaN: missing. */
export interface NumberTable {
  readonly rows: number;
  readonly columns: number;
  /** [rows × columns]. */
  readonly values: Float32Array;
}

/** A table whose columns are quantized to bins, so that trees are grown from histograms. */
export interface BinnedTable {
  readonly rows: number;
  readonly columns: number;
  /** [columns × rows], column-major: 0 where missing, b + 1 in bin b. */
  readonly bins: Uint8Array;
  /** Ascending, per column. Bin b holds values in (edge b - 1, edge b]; the last bin has no upper edge. */
  readonly edges: readonly Float32Array[];
}

/** Bins per column, including that of missing values: the range of a byte. */
const maxBins = 256;
/** Approximate number of values of a column from which its edges are computed. */
const sampleLength = 50_000;

/** Returns the known values of every n-th row of a column, ascending. */
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

/** Returns at most `maxEdges` edges that cut sorted values into parts of about equal size, never between equal values. */
function computeEdges(sorted: Float32Array, maxEdges: number): Float32Array {
  const edges: number[] = [];
  let left = sorted.length;
  let inBin = 0;
  for (let place = 0; place + 1 < sorted.length && edges.length < maxEdges; place++) {
    inBin++;
    if (sorted[place] === sorted[place + 1]) continue;
    // The target size is recomputed after each edge: a value that fills half the column takes only one bin.
    if (inBin < left / (maxEdges + 1 - edges.length)) continue;
    edges.push((sorted[place] + sorted[place + 1]) / 2);
    left -= inBin;
    inBin = 0;
  }
  return Float32Array.from(edges);
}

/** Returns the bin of a value: the number of edges below it. */
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
 * Quantizes every column at its quantiles (the histograms of Ke et al. 2017, LightGBM §2.1). Fewer than 255 distinct
 * values have a bin each. O(rows × columns × log bins).
 */
export function binTable(table: NumberTable): BinnedTable {
  const { rows, columns, values } = table;
  const bins = new Uint8Array(rows * columns);
  const edges = Array.from({ length: columns }, (_, column) =>
    computeEdges(sortedSample(table, column), maxBins - 2),
  );
  for (let column = 0; column < columns; column++) {
    for (let row = 0; row < rows; row++) {
      const value = values[row * columns + column];
      bins[column * rows + row] = Number.isNaN(value) ? 0 : binOf(edges[column], value) + 1;
    }
  }
  return { rows, columns, bins, edges };
}
