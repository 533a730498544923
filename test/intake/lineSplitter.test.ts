import fc from 'fast-check';
import { type Line, LineSplitter, maxLineBytes } from '../../src/intake/lineSplitter';

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

function split(bytes: Uint8Array, chunkLength = bytes.length || 1): readonly Line[] {
  const splitter = new LineSplitter('utf-8');
  const lines: Line[] = [];
  for (let at = 0; at < bytes.length; at += chunkLength) {
    lines.push(...splitter.push(bytes.subarray(at, at + chunkLength)));
  }
  return [...lines, ...splitter.end()];
}

describe('LineSplitter', () => {
  it('numbers lines, and accepts LF and CRLF', () => {
    expect(split(bytesOf('a\r\nb\n\nc'))).toEqual([
      { number: 1, text: 'a', fault: null },
      { number: 2, text: 'b', fault: null },
      { number: 3, text: '', fault: null },
      { number: 4, text: 'c', fault: null },
    ]);
  });

  it('drops a byte order mark at the start only', () => {
    expect(split(bytesOf('\ufeffa\n\ufeffb')).map(line => line.text)).toEqual(['a', '\ufeffb']);
  });

  it('gives no line for an empty file', () => {
    expect(split(new Uint8Array())).toEqual([]);
  });

  it('reports a malformed line and keeps its neighbours', () => {
    const bytes = Uint8Array.from([
      ...bytesOf('a\n'),
      0xc3,
      0x28,
      10,
      ...bytesOf('ü\n'),
      0xed,
      0xa0,
      0x80,
      10,
      99,
    ]);
    expect(split(bytes).map(({ number, fault }) => [number, fault])).toEqual([
      [1, null],
      [2, 'ENCODING_INVALID'],
      [3, null],
      [4, 'ENCODING_INVALID'],
      [5, null],
    ]);
  });

  it('reports a line that contains NUL', () => {
    expect(split(bytesOf('a\nb\0b\nc')).map(line => line.fault)).toEqual([null, 'TEXT_NUL', null]);
  });

  it('reports a line of ten megabytes, keeps its beginning only, and continues', () => {
    const lines = split(bytesOf(`a\n${'x'.repeat(10 * maxLineBytes)}\nb`), 65_536);
    expect(lines.map(({ number, fault }) => [number, fault])).toEqual([
      [1, null],
      [2, 'LINE_TOO_LONG'],
      [3, null],
    ]);
    expect(lines[1].text.length).toBeLessThanOrEqual(2_000);
  });

  it.each([65_536, 8 * maxLineBytes])(
    'counts bytes, not characters, at the limit (chunks of %i)',
    chunkLength => {
      const atLimit = 'é'.repeat(maxLineBytes / 2);
      const faults = split(bytesOf(`${atLimit}\r\n${atLimit}x\r\n`), chunkLength).map(line => line.fault);
      expect(faults).toEqual([null, 'LINE_TOO_LONG']);
    },
  );

  it('reads Latin-1', () => {
    const splitter = new LineSplitter('latin1');
    expect(splitter.push(Uint8Array.from([0x4d, 0x69, 0x73, 0xe9, 10]))[0].text).toBe('Misé');
  });

  it('gives the same lines for any chunks of bytes', () => {
    const bytes = fc.array(fc.constantFrom(10, 13, 34, 44, 0, 97, 0xc3, 0xa9, 0xef, 0xbb, 0xbf, 0xff), {
      maxLength: 60,
    });
    fc.assert(
      fc.property(bytes, fc.integer({ min: 1, max: 9 }), (content, chunkLength) => {
        const whole = Uint8Array.from(content);
        expect(split(whole, chunkLength)).toEqual(split(whole));
      }),
      { numRuns: 2_000, seed: 1 },
    );
  });
});
