import type { LineSource } from '../../../src/evaluation/files/lineSource';
import { columnNamed, isMissing, readTableFiles, typedColumn } from '../../../src/evaluation/files/tableFile';

const linesOf = (name: string, text: string): LineSource => ({
  name,
  async *[Symbol.asyncIterator]() {
    for (const [at, line] of text.split('\n').entries()) yield { number: at + 1, text: line };
  },
});
const read = (...texts: readonly string[]) =>
  readTableFiles(texts.map((text, at) => linesOf(`file${at}.csv`, text)));
const valuesOf = async (text: string) => (await read(text)).columns.map(typedColumn);

describe('a file of a table', () => {
  it.each([';', ',', '\t', '|'])('is split at what its header has: %j', async delimiter => {
    const rows = [
      ['age', 'job'],
      ['30', 'clerk'],
      ['40', 'nurse'],
    ];
    const [age, job] = await valuesOf(rows.map(fields => fields.join(delimiter)).join('\n'));
    expect(age).toEqual({ name: 'age', kind: 'numeric', values: Float32Array.of(30, 40) });
    expect(job).toEqual({
      name: 'job',
      kind: 'categorical',
      values: Float32Array.of(0, 1),
      categories: ['clerk', 'nurse'],
    });
  });

  it('reads quoted fields, CRLF, a byte order mark and blank lines', async () => {
    const [text, number] = await valuesOf('\ufeff"a;b";"n"\r\n"x ""y"";z";"1"\r\n\r\n"u\nv";2.5e1');
    expect(text).toMatchObject({ name: 'a;b', categories: ['x "y";z', 'u\nv'] });
    expect(number).toMatchObject({ kind: 'numeric', values: Float32Array.of(1, 25) });
  });

  it('reads unknown and empty numbers as missing, and "unknown" among words as a category', async () => {
    const [age, job] = await valuesOf('age,job\n1,unknown\nunknown,a\n,\nNA,b');
    expect(age.kind).toBe('numeric');
    expect([...age.values]).toEqual([1, Number.NaN, Number.NaN, Number.NaN]);
    expect(job).toMatchObject({ kind: 'categorical' });
    expect(Number.isNaN(job.values[2])).toBe(true);
    expect(Number.isNaN(job.values[0])).toBe(false);
  });

  it('gives one category one code in both files', async () => {
    const file = await read('job\na\nb', 'job\nc\nb');
    expect(file.rows).toEqual([2, 2]);
    expect([...typedColumn(file.columns[0]).values]).toEqual([0, 1, 2, 1]);
  });

  it('knows columns without values', async () => {
    const file = await read('a,b\n,1\nNA,2');
    expect(file.columns.map(isMissing)).toEqual([true, false]);
  });

  it.each([
    ['', 'file0.csv: Expected a header and rows; got an empty file. Check the path.'],
    ['a,b', 'file0.csv: Expected a header and rows; got a header alone. Check the path.'],
    ['a,a\n1,2', 'file0.csv:1: Expected columns of different names; got a twice. Rename one of them.'],
    ['a,b\n1,2\n3', 'file0.csv:3: Expected a record; got COLUMN_COUNT.'],
    ['a,b\n"1,2\n3,4', 'file0.csv:2: Expected a record; got QUOTE_UNBALANCED.'],
  ])('is refused with place and remedy: %j', async (text, message) => {
    await expect(read(text)).rejects.toMatchObject({
      code: 'EVALUATION_INVALID',
      message: expect.stringContaining(message),
    });
  });

  it('must have the columns of the file before', async () => {
    await expect(read('a,b\n1,2', 'b,a\n1,2')).rejects.toThrow(
      'file1.csv:1: Expected the columns a, b; got b, a. Give both files the same header.',
    );
  });

  it('names its columns where another one is wanted', async () => {
    const file = await read('a,b\n1,2');
    expect(() => columnNamed(file, 'c', '--target')).toThrow(
      'file0.csv: Expected --target among a, b; got c. Correct --target.',
    );
  });
});
