import { binTable } from '../../../src/numeric/trees/bins';

const column = (values: readonly number[], isCategorical = true) => ({
  rows: values.length,
  columns: 1,
  values: Float32Array.from(values),
  ...(isCategorical && { categorical: new Set([0]) }),
});

describe('binTable', () => {
  it('gives every code that rows have a bin, and missing values bin 0', () => {
    const { bins, codeBins, binCounts } = binTable(column([7, Number.NaN, 0, 7, 3]));
    expect([...bins]).toEqual([3, 0, 1, 3, 2]);
    expect([...(codeBins[0] ?? [])]).toEqual([1, 0, 0, 2, 0, 0, 0, 3]);
    expect(binCounts).toEqual([4]);
  });

  it('puts the rarest of more than 255 codes into one bin', () => {
    // Codes 0 … 299; every code but those divisible by 3 occurs twice, so that 200 are frequent.
    const codes = Array.from({ length: 300 }, (_, code) => code);
    const twice = codes.filter(code => code % 3 > 0);
    const [ownBins] = binTable(column([...codes, ...twice])).codeBins;
    const binOf = (code: number) => ownBins?.[code];
    expect(new Set(twice.map(binOf)).size).toBe(200);
    expect(new Set(codes.map(binOf)).size).toBe(255);
    expect(codes.filter(code => binOf(code) === 255).every(code => code % 3 === 0)).toBe(true);
    expect(codes.filter(code => binOf(code) === 255)).toHaveLength(46);
  });

  it.each([0.5, -1, 65_536, Number.POSITIVE_INFINITY])('rejects %d as a code', value => {
    expect(() => binTable(column([0, value]))).toThrow(RangeError);
  });

  it('bins numbers by edges between distinct values', () => {
    const { bins, edges, codeBins } = binTable(column([3, 1, Number.NaN, 2, 1], false));
    expect([...edges[0]]).toEqual([1.5, 2.5]);
    expect([...bins]).toEqual([3, 1, 0, 2, 1]);
    expect(codeBins).toEqual([null]);
  });
});
