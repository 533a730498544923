import fc from 'fast-check';
import { drawSetting, drawSettings } from '../../src/evaluation/drawSettings';
import type { NumberSetting } from '../../src/learning/settings';
import { createRng } from '../../src/numeric/rng';

describe('drawSettings', () => {
  const setting = (more: Partial<NumberSetting>): NumberSetting => ({
    meaning: '',
    default: 1,
    minimum: 0,
    maximum: 10,
    isInteger: false,
    ...more,
  });

  it('stays within limits and keeps integers, for any setting', () => {
    const any = fc.record({
      default: fc.integer({ min: -5, max: 500 }),
      below: fc.nat(400),
      above: fc.integer({ min: 1, max: 5000 }),
      isInteger: fc.boolean(),
      seed: fc.nat(1000),
    });
    fc.assert(
      fc.property(any, ({ default: value, below, above, isInteger, seed }) => {
        const [minimum, maximum] = [value - below, value + above];
        const drawn = drawSetting(createRng(seed), setting({ default: value, minimum, maximum, isInteger }));
        expect(drawn).toBeGreaterThanOrEqual(minimum);
        expect(drawn).toBeLessThanOrEqual(maximum);
        if (isInteger) expect(Number.isInteger(drawn)).toBe(true);
      }),
      { seed: 4, numRuns: 300 },
    );
  });

  it('draws wide ranges on a logarithmic scale, and uses the range of a setting when it has one', () => {
    const rng = createRng(5);
    const wide = setting({ default: 0.01, minimum: 1e-6, maximum: 100 });
    const below = Array.from({ length: 1000 }, () => drawSetting(rng, wide)).filter(
      value => Number(value) < 0.01,
    ).length;
    expect(below / 1000).toBeCloseTo(0.5, 1);
    const named = setting({ tune: { low: 2, high: 3, scale: 'linear' } });
    for (let draw = 0; draw < 50; draw++) {
      const value = Number(drawSetting(rng, named));
      expect(value >= 2 && value <= 3).toBe(true);
    }
  });

  it('keeps fixed settings, and depends only on the seed', () => {
    const settings = { a: setting({}), b: setting({ isInteger: true, default: 0, maximum: 1 }) };
    const drawn = drawSettings(createRng(6), settings, { a: 4 });
    expect(drawn['a']).toBe(4);
    expect([0, 1]).toContain(drawn['b']);
    expect(drawSettings(createRng(6), settings, { a: 4 })).toEqual(drawn);
  });

  it('draws every choice of a word', () => {
    const rng = createRng(7);
    const words = { meaning: '', default: 'gru', choices: ['gru', 'lstm'] };
    expect(new Set(Array.from({ length: 40 }, () => drawSetting(rng, words)))).toEqual(
      new Set(words.choices),
    );
  });
});
