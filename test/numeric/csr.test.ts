import fc from 'fast-check';
import { type Csr, columnsOf, csrFromTriplets, transposeCsr } from '../../src/numeric/csr';

/** The matrix in dense form. */
function dense(matrix: Csr): number[][] {
  const rows = Array.from({ length: matrix.rows }, () => new Array<number>(matrix.columns).fill(0));
  for (let row = 0; row < matrix.rows; row++) {
    for (let entry = matrix.indptr[row]; entry < matrix.indptr[row + 1]; entry++) {
      rows[row][matrix.indices[entry]] += matrix.values[entry];
    }
  }
  return rows;
}

const someEntries = fc.array(fc.tuple(fc.nat(5), fc.nat(8), fc.integer({ min: -3, max: 3 })), {
  maxLength: 60,
});

describe('csrFromTriplets', () => {
  it('sums duplicate entries and keeps columns ascending', () => {
    fc.assert(
      fc.property(someEntries, entries => {
        const matrix = csrFromTriplets(
          { row: entries.map(e => e[0]), column: entries.map(e => e[1]), value: entries.map(e => e[2]) },
          6,
          9,
        );
        const expected = Array.from({ length: 6 }, () => new Array<number>(9).fill(0));
        for (const [row, column, value] of entries) expected[row][column] += value;
        expect(dense(matrix)).toEqual(expected);
        for (let row = 0; row < 6; row++) {
          const columns = [...matrix.indices.subarray(matrix.indptr[row], matrix.indptr[row + 1])];
          expect(columns).toEqual([...new Set(columns)].sort((left, right) => left - right));
        }
      }),
      { seed: 11 },
    );
  });

  it('rejects an entry outside the matrix', () => {
    expect(() => csrFromTriplets({ row: [0], column: [3] }, 1, 3)).toThrow(RangeError);
  });

  it('rejects arrays of different lengths', () => {
    expect(() => csrFromTriplets({ row: [0, 0], column: [1] }, 1, 3)).toThrow(RangeError);
  });
});

describe('transposeCsr', () => {
  it('exchanges rows and columns, and applied twice returns the original', () => {
    fc.assert(
      fc.property(someEntries, entries => {
        const matrix = csrFromTriplets(
          { row: entries.map(e => e[0]), column: entries.map(e => e[1]), value: entries.map(e => e[2]) },
          6,
          9,
        );
        const transposed = transposeCsr(matrix);
        expect(dense(transposed)).toEqual(
          dense(matrix)[0].map((_, column) => dense(matrix).map(row => row[column])),
        );
        expect(transposeCsr(transposed)).toEqual(matrix);
      }),
      { seed: 12 },
    );
  });
});

describe('columnsOf', () => {
  it('keeps the entries of the chosen columns and rows, under the new numbers, and leaves the matrix unchanged', () => {
    fc.assert(
      fc.property(
        someEntries,
        fc.array(fc.boolean(), { minLength: 9, maxLength: 9 }),
        fc.array(fc.boolean(), { minLength: 6, maxLength: 6 }),
        (entries, isKept, keepsRow) => {
          const matrix = csrFromTriplets(
            { row: entries.map(e => e[0]), column: entries.map(e => e[1]), value: entries.map(e => e[2]) },
            6,
            9,
          );
          const before = dense(matrix);
          let kept = 0;
          const places = Int32Array.from(isKept, one => (one ? kept++ : -1));
          const found = columnsOf(matrix, places, kept, row => keepsRow[row]);
          const expected = before.map((values, row) =>
            values.filter((_, column) => isKept[column]).map(value => (keepsRow[row] ? value : 0)),
          );
          expect(dense(found)).toEqual(expected);
          expect(found.values).toHaveLength(found.indices.length);
          expect(dense(matrix)).toEqual(before);
          const all = dense(columnsOf(matrix, places, kept));
          expect(all).toEqual(before.map(values => values.filter((_, column) => isKept[column])));
        },
      ),
    );
  });
});
