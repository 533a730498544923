// The design matrix of linear models and networks: every category becomes a column of its own (one-hot), every number
// is standardised, and where numbers are missing an indicator says so.
import { type Column, checkColumns, type Table } from './table';

/** Turns rows into numbers, as fitted on the rows of training. */
export interface Design {
  /** Numbers per row, with the intercept, which is first. */
  readonly width: number;
  /** Returns [rows × width], row-major. Missing numbers are 0, which is the mean. */
  rowsOf(table: Table): Float64Array;
}

/** Most categories of a column that have a number of their own; the rarer ones share one. */
const maxCategories = 64;

/** Writes the numbers of one column of the table. */
interface Part {
  readonly width: number;
  /** @param at - place of the part's first number in a row */
  write(values: Float32Array, out: Float64Array, at: number, stride: number): void;
}

function numericPart(values: Float32Array): Part {
  const known = values.filter(value => !Number.isNaN(value));
  const mean = known.reduce((sum, value) => sum + value, 0) / Math.max(1, known.length);
  const variance = known.reduce((sum, value) => sum + (value - mean) ** 2, 0) / Math.max(1, known.length);
  // A constant column tells nothing: its numbers are all 0.
  const scale = variance > 0 ? 1 / Math.sqrt(variance) : 0;
  const hasMissing = known.length < values.length;
  return {
    width: hasMissing ? 2 : 1,
    write(read, out, at, stride) {
      for (let row = 0, place = at; row < read.length; row++, place += stride) {
        const isMissing = Number.isNaN(read[row]);
        if (!isMissing) out[place] = (read[row] - mean) * scale;
        else if (hasMissing) out[place + 1] = 1;
      }
    },
  };
}

function categoricalPart(values: Float32Array, categories: number): Part {
  const counts = new Uint32Array(categories);
  for (const value of values) if (!Number.isNaN(value)) counts[value]++;
  const seen = [...counts.keys()].filter(code => counts[code] > 0);
  const common = seen.sort((a, b) => counts[b] - counts[a] || a - b).slice(0, maxCategories);
  // Two places more: one that rare categories share, one for missing values. Unused, they stay 0.
  const places = new Int32Array(categories).fill(common.length);
  for (const [place, code] of common.entries()) places[code] = place;
  return {
    width: common.length + 2,
    write(read, out, at, stride) {
      for (let row = 0, place = at; row < read.length; row++, place += stride) {
        const code = read[row];
        // NaN is not below either: missing, as are categories that training did not have.
        out[place + (code < categories && counts[code] > 0 ? places[code] : common.length + 1)] = 1;
      }
    },
  };
}

const partOf = (column: Column): Part =>
  column.kind === 'numeric'
    ? numericPart(column.values)
    : categoricalPart(column.values, column.categories.length);

/** Fits the encoding to the rows of training. O(rows × columns). */
export function fitDesign(table: Table): Design {
  const parts = table.columns.map(partOf);
  const width = parts.reduce((sum, part) => sum + part.width, 1);
  return {
    width,
    rowsOf(read) {
      checkColumns(read, parts.length);
      const out = new Float64Array(read.rows * width);
      for (let row = 0; row < read.rows; row++) out[row * width] = 1;
      let at = 1;
      for (const [place, part] of parts.entries()) {
        part.write(read.columns[place].values, out, at, width);
        at += part.width;
      }
      return out;
    },
  };
}
