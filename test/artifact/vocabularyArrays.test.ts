import { vocabularyFromArrays, vocabularyToArrays } from '../../src/artifact/vocabularyArrays';
import { vocabularyOf } from '../../src/snapshot/vocabulary';

const ids = ['', 'a', 'Becher-ß', '杯子', '👟', '\ufeffmark'];

describe('vocabularyFromArrays', () => {
  it('returns the ids in row order', () => {
    const { bytes, offsets } = vocabularyToArrays(vocabularyOf(ids));
    expect(vocabularyFromArrays(bytes, offsets)).toEqual(ids);
  });

  it('returns no ids for an empty vocabulary', () => {
    const { bytes, offsets } = vocabularyToArrays(vocabularyOf([]));
    expect(vocabularyFromArrays(bytes, offsets)).toEqual([]);
  });

  it.each([
    ['no offsets', Uint8Array.of(), Uint32Array.of()],
    ['offsets that stop early', Uint8Array.of(97, 98), Uint32Array.of(0, 1)],
    ['offsets that step back', Uint8Array.of(97, 98, 99), Uint32Array.of(0, 2, 1, 3)],
    ['malformed UTF-8', Uint8Array.of(0xff), Uint32Array.of(0, 1)],
    ['a repeated id', Uint8Array.of(97, 97), Uint32Array.of(0, 1, 2)],
  ])('refuses %s', (_name, bytes, offsets) => {
    expect(() => vocabularyFromArrays(bytes, offsets)).toThrow(/^Expected .*; got .*\. Train/);
  });
});
