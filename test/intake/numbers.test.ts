import { parseDecimal } from '../../src/intake/numbers';

describe('parseDecimal', () => {
  it.each([
    ['12', 12],
    ['-0.5', -0.5],
    ['1e3', 1000],
    ['.5', 0.5],
    ['2.', 2],
  ])('reads %s', (text, number) => {
    expect(parseDecimal(text)).toBe(number);
  });

  it.each(['', ' 1', '1 ', '1,000', '0x10', 'NaN', 'Infinity', '1_000', '١', '--1', '1e'])(
    'refuses "%s"',
    text => {
      expect(parseDecimal(text)).toBeNaN();
    },
  );
});
