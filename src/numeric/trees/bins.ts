/** A table of numbers, row-major. NaN: missing. */
export interface NumberTable {
  readonly rows: number;
  readonly columns: number;
  /** [rows × columns]. */
  readonly values: Float32Array;
  /** Columns whose values are codes of categories: whole numbers from 0, below {@link maxCodes}. None without it. */
  readonly categorical?: ReadonlySet<number>;
}

/** A table whose columns are quantized to bins, so that trees are grown from histograms. */
export interface BinnedTable {
  readonly rows: number;
  readonly columns: number;
  /** [columns × rows], column-major: 0 where missing, b + 1 in bin b. */
  readonly bins: Uint8Array;
  /** Ascending, per column. Bin b holds values in (edge b - 1, edge b]; the last bin has no upper edge. Categories: none. */
  readonly edges: readonly Float32Array[];
  /** Per column: the bin of every code, 0 where no row has the code; null for a column of numbers. */
  readonly codeBins: readonly (Uint8Array | null)[];
  /** Bins per column, including that of missing values. */
  readonly binCounts: readonly number[];
}

/** Bins per column, including that of missing values: the range of a byte. */
export const maxBins = 256;
/** Bound of the codes of a categorical column. */
const maxCodes = 65_536;
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

/** Returns how many rows have each code of a column. @throws {RangeError} for a value that is no code */
function countCodes({ rows, columns, values }: NumberTable, column: number): Uint32Array {
  const counts = new Uint32Array(maxCodes);
  let codes = 0;
  for (let row = 0; row < rows; row++) {
    const code = values[row * columns + column];
    if (Number.isNaN(code)) continue;
    if (!(Number.isInteger(code) && code >= 0 && code < maxCodes))
      throw new RangeError(
        `Expected codes of categories from 0 to ${maxCodes - 1} or NaN in column ${column}; got ${code} in row ${row}.`,
      );
    counts[code]++;
    codes = Math.max(codes, code + 1);
  }
  return counts.slice(0, codes);
}

/** Gives every code that rows have a bin from 1; of too many codes the rarest share the last bin. */
function codeBinsOf(counts: Uint32Array): Uint8Array {
  const seen = [...counts.keys()].filter(code => counts[code] > 0);
  const bins = new Uint8Array(counts.length);
  const isCrowded = seen.length > maxBins - 1;
  const frequent = isCrowded
    ? seen.sort((left, right) => counts[right] - counts[left] || left - right).slice(0, maxBins - 2)
    : seen;
  if (isCrowded) for (const code of counts.keys()) if (counts[code] > 0) bins[code] = maxBins - 1;
  for (const [place, code] of frequent.sort((left, right) => left - right).entries()) bins[code] = place + 1;
  return bins;
}

/**
 * Quantizes every column: numbers at their quantiles (the histograms of Ke et al. 2017, LightGBM §2.1), where fewer than
 * 255 distinct values have a bin each; categories with a bin per code, where of more than 255 codes the rarest share one.
 * O(rows × columns × log bins).
 *
 * @throws {RangeError} for a value of a categorical column that is no code
 */
export function binTable(table: NumberTable): BinnedTable {
  const { rows, columns, values, categorical } = table;
  const bins = new Uint8Array(rows * columns);
  const all = Array.from({ length: columns }, (_, column) => column);
  const codeBins = all.map(column =>
    categorical?.has(column) ? codeBinsOf(countCodes(table, column)) : null,
  );
  const edges = all.map(column =>
    codeBins[column] ? new Float32Array(0) : computeEdges(sortedSample(table, column), maxBins - 2),
  );
  for (let column = 0; column < columns; column++) {
    const ownCodes = codeBins[column];
    const ownEdges = edges[column];
    for (let row = 0; row < rows; row++) {
      const value = values[row * columns + column];
      if (Number.isNaN(value)) continue;
      bins[column * rows + row] = ownCodes ? ownCodes[value] : binOf(ownEdges, value) + 1;
    }
  }
  const binCounts = all.map(column => {
    const ownCodes = codeBins[column];
    return ownCodes ? 1 + ownCodes.reduce((most, bin) => Math.max(most, bin), 0) : edges[column].length + 2;
  });
  return { rows, columns, bins, edges, codeBins, binCounts };
}
