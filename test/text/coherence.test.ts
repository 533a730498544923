import { coherences } from '../../src/text/coherence';

const texts = (lines: readonly string[]): ReadonlySet<string>[] =>
  lines.map(line => new Set(line.split(' ')));

describe('coherences', () => {
  it('are 1 for terms that always occur together, -1 for those that never do', () => {
    const read = texts(['ball hoop', 'ball hoop', 'tea', 'cup']);
    const [together, apart] = coherences(
      [
        ['ball', 'hoop'],
        ['tea', 'cup'],
      ],
      read,
    );
    expect(together).toBeCloseTo(1, 12);
    expect(apart).toBe(-1);
  });

  it('are 0 for independent terms', () => {
    const [byChance] = coherences([['a', 'b']], texts(['a b', 'a', 'b', 'c']));
    expect(byChance).toBeCloseTo(0, 12);
  });

  it('follow the definition: ln(p(a, b) / p(a) p(b)) / -ln p(a, b)', () => {
    const [found] = coherences([['a', 'b']], texts(['a b', 'a b', 'a', 'c', 'c']));
    expect(found).toBeCloseTo(Math.log(0.4 / (0.6 * 0.4)) / -Math.log(0.4), 12);
  });

  it('are NaN for a group of one term, and -1 for terms that no text contains', () => {
    const [one, unknown] = coherences([['a'], ['a', 'zebra']], texts(['a', 'b']));
    expect(one).toBeNaN();
    expect(unknown).toBe(-1);
  });
});
