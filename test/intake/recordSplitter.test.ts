import fc from 'fast-check';
import type { Line } from '../../src/intake/lineSplitter';
import { maxQuotedLines, type RecordOrProblem, RecordSplitter } from '../../src/intake/recordSplitter';

const lineOf = (text: string, index: number): Line => ({ number: index + 1, text, fault: null });

function read(lines: readonly Line[], columns = 2, delimiter = ','): readonly RecordOrProblem[] {
  const splitter = new RecordSplitter({ delimiter, quoted: true, columns });
  return [...lines.flatMap(line => splitter.push(line)), ...splitter.end()];
}

/** `[line number, fields or code]` of each record. */
const shape = (records: readonly RecordOrProblem[]): unknown =>
  records.map(({ line, fields, problem }) => [line.number, problem?.code ?? fields]);

describe('RecordSplitter', () => {
  it.each([
    ['a,b', ['a', 'b']],
    ['"a,b",c', ['a,b', 'c']],
    ['"say ""hi""",', ['say "hi"', '']],
    ['5" pipe,x', ['5" pipe', 'x']],
    [',', ['', '']],
    ['"",""', ['', '']],
  ])('reads %s', (text, fields) => {
    expect(shape(read([lineOf(text, 0)]))).toEqual([[1, fields]]);
  });

  it('reads a field over several lines', () => {
    const lines = ['"a', 'b ""c""', 'd",e', 'f,g'].map(lineOf);
    expect(shape(read(lines))).toEqual([
      [1, ['a\nb "c"\nd', 'e']],
      [4, ['f', 'g']],
    ]);
  });

  it('rejects one line for a quote that never closes, and keeps its neighbours', () => {
    const lines = ['a,b', '"broken,x', ...Array.from({ length: 200 }, (_, n) => `${n},y`)].map(lineOf);
    const records = read(lines);
    expect(records).toHaveLength(202);
    expect(shape(records.slice(0, 3))).toEqual([
      [1, ['a', 'b']],
      [2, 'QUOTE_UNBALANCED'],
      [3, ['0', 'y']],
    ]);
    expect(records.slice(2).every(record => record.problem === null)).toBe(true);
  });

  it('rejects one line when a later quote seems to close it but the record has other columns', () => {
    const lines = ['"broken,x', 'a,"b"', 'c,d'].map(lineOf);
    expect(shape(read(lines))).toEqual([
      [1, 'QUOTE_UNBALANCED'],
      [2, ['a', 'b']],
      [3, ['c', 'd']],
    ]);
  });

  it('reports a wrong number of columns and a blank line', () => {
    expect(shape(read(['a,b,c', '', 'a'].map(lineOf)))).toEqual([
      [1, 'COLUMN_COUNT'],
      [2, 'LINE_EMPTY'],
      [3, 'COLUMN_COUNT'],
    ]);
  });

  it('does not continue a quote over a line that cannot be read', () => {
    const faulty: Line = { number: 2, text: '', fault: 'TEXT_NUL' };
    expect(shape(read([lineOf('"a', 0), faulty, lineOf('b",c', 2)]))).toEqual([
      [1, 'QUOTE_UNBALANCED'],
      [2, 'TEXT_NUL'],
      [3, ['b"', 'c']],
    ]);
  });

  it('waits for the closing quote for a limited number of lines', () => {
    const splitter = new RecordSplitter({ delimiter: ',', quoted: true, columns: 2 });
    const given = Array.from({ length: maxQuotedLines + 1 }, (_, n) =>
      splitter.push(lineOf(n === 0 ? '"' : 'x', n)),
    );
    expect(given.slice(0, -1).every(records => records.length === 0)).toBe(true);
    expect(given.at(-1)?.[0].problem?.code).toBe('QUOTE_UNBALANCED');
  });
});

describe('RecordSplitter on any lines', () => {
  it('reads any records written according to RFC 4180', () => {
    const field = fc.string({ unit: fc.constantFrom('a', '"', ',', '\n', ' ', '\ufeff') });
    const quote = (text: string): string => `"${text.replaceAll('"', '""')}"`;
    fc.assert(
      fc.property(fc.array(fc.tuple(field, field), { maxLength: 8 }), rows => {
        const text = rows.map(row => row.map(quote).join(',')).join('\n');
        const records = rows.length === 0 ? [] : read(text.split('\n').map(lineOf));
        expect(records.map(record => record.fields)).toEqual(rows);
      }),
      { numRuns: 1_000, seed: 1 },
    );
  });

  it('returns one record or rejection per line, for any content', () => {
    const text = fc.string({ unit: fc.constantFrom('a', '"', ',', ' ') });
    fc.assert(
      fc.property(fc.array(text, { maxLength: 20 }), texts => {
        const records = read(texts.map(lineOf));
        const numbers = records.map(record => record.line.number);
        expect(numbers).toEqual([...new Set(numbers)].sort((left, right) => left - right));
        const kept = records.flatMap(record => (record.fields ?? []).join('').split('\n').length);
        expect(kept.length).toBeLessThanOrEqual(texts.length);
        if (texts.length > 0) expect(numbers[0]).toBe(1);
      }),
      { numRuns: 1_000, seed: 1 },
    );
  });
});
