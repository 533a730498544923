import { gammaTail } from '../../src/numeric/gammaTail';
import { experimentsGolden } from '../support/experimentsGolden';

describe('the incomplete gamma function', () => {
  it.each(experimentsGolden.gammaTail)('Q($a, $x) is that of scipy', ({ a, x, q }) => {
    expect(Math.abs(gammaTail(a, x) / q - 1)).toBeLessThan(1e-11);
  });

  it('is 1 at 0 and falls to 0', () => {
    expect(gammaTail(3, 0)).toBe(1);
    expect(gammaTail(3, 1e4)).toBe(0);
  });
});
