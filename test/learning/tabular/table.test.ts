import { checkColumns, checkRows, type Table, takeRows } from '../../../src/learning/tabular/table';

const table: Table = {
  rows: 3,
  columns: [
    { name: 'age', kind: 'numeric', values: Float32Array.of(20, Number.NaN, 60) },
    { name: 'job', kind: 'categorical', values: Float32Array.of(1, 0, 1), categories: ['nurse', 'clerk'] },
  ],
};

describe('a table', () => {
  it('gives rows in the order asked for, repeated where asked', () => {
    const taken = takeRows(table, [2, 0, 2]);
    expect(taken.rows).toBe(3);
    expect(taken.columns.map(({ values }) => [...values])).toEqual([
      [60, 20, 60],
      [1, 1, 1],
    ]);
    expect(taken.columns[1]).toMatchObject({ name: 'job', categories: ['nurse', 'clerk'] });
  });

  it('refuses columns, labels and weights of another length', () => {
    expect(() => checkRows(table, new Uint8Array(3), new Float32Array(3))).not.toThrow();
    expect(() => checkRows(table, new Uint8Array(2))).toThrow(/of 3 rows; got .* 2/);
    expect(() => checkRows(table, new Uint8Array(3), new Float32Array(4))).toThrow(RangeError);
    expect(() => checkRows({ ...table, rows: 2 })).toThrow(RangeError);
    expect(() => checkRows({ rows: 3, columns: [] })).toThrow(RangeError);
  });

  it('refuses another number of columns than training had', () => {
    expect(() => checkColumns(table, 2)).not.toThrow();
    expect(() => checkColumns(table, 5)).toThrow('Expected 5 columns, as in training; got 2.');
  });
});
