import { createAssigner, uniformByUnit } from '../../src/experiments/assignment';
import { gammaTail } from '../../src/numeric/gammaTail';
import { hashText } from '../../src/numeric/hashText';
import { experimentsGolden } from '../support/experimentsGolden';

const cells = 100;
const units = 20_000;

/** p-value of equally frequent cells: of the number of one salt, or of the pair of numbers of two. */
function uniformityOf(...uniforms: readonly ((unitId: string) => number)[]): number {
  const counts = new Float64Array(cells ** uniforms.length);
  for (let unit = 0; unit < units; unit++) {
    let cell = 0;
    for (const uniform of uniforms) cell = cell * cells + Math.floor(uniform(`user-${unit}`) * cells);
    counts[cell]++;
  }
  const expected = units / counts.length;
  const statistic = counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
  return gammaTail((counts.length - 1) / 2, statistic / 2);
}

describe('assignment', () => {
  it.each(experimentsGolden.uniform)(
    'gives $unit of "$salt" the number of Python',
    ({ salt, unit, value }) => {
      expect(uniformByUnit(salt)(unit)).toBe(value);
    },
  );

  it('is uniform over units, also over those of two experiments together', () => {
    for (const salt of ['a', 'b', 'campaign-17'])
      expect(uniformityOf(uniformByUnit(salt))).toBeGreaterThan(0.001);
    expect(uniformityOf(uniformByUnit('spring-1'), uniformByUnit('spring-2'))).toBeGreaterThan(0.001);
  });

  it('is checked by a test that refuses a hash without a key', () => {
    const added = (salt: string) => (unitId: string) => (hashText(unitId) / 2 ** 32 + salt.length / 10) % 1;
    expect(uniformityOf(added('a'), added('ab'))).toBeLessThan(1e-9);
  });

  it('assigns by share, with the share as the propensity', () => {
    const shares = [0.1, 0.6, 0.3];
    const assign = createAssigner('three arms', shares);
    const counts = [0, 0, 0];
    const propensities = shares.map(() => new Set<number>());
    for (let unit = 0; unit < units; unit++) {
      const { arm, propensity } = assign(`user-${unit}`);
      counts[arm]++;
      propensities[arm].add(propensity);
    }
    expect(propensities).toEqual(shares.map(share => new Set([share])));
    for (const [arm, share] of shares.entries())
      expect(Math.abs(counts[arm] / units - share)).toBeLessThan(
        4 * Math.sqrt((share * (1 - share)) / units),
      );
  });

  it('keeps the arm of a unit, and a hold-out that shrinks loses units but gains none', () => {
    const [wide, narrow] = [createAssigner('x', [0.2, 0.8]), createAssigner('x', [0.1, 0.9])];
    for (let unit = 0; unit < 200; unit++) {
      expect(wide(`u${unit}`)).toEqual(createAssigner('x', [0.2, 0.8])(`u${unit}`));
      if (narrow(`u${unit}`).arm === 0) expect(wide(`u${unit}`).arm).toBe(0);
    }
  });

  it('never assigns an arm without a share', () => {
    const assign = createAssigner('x', [0, 1, 0]);
    const arms = new Set(Array.from({ length: 1000 }, (_, unit) => assign(`u${unit}`).arm));
    expect(arms).toEqual(new Set([1]));
  });

  it.each([[[]], [[0.5, 0.6]], [[-0.5, 1.5]], [[Number.NaN, 1]]])('refuses the shares %j', shares => {
    expect(() => createAssigner('x', shares)).toThrow(RangeError);
  });
});
