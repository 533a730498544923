import { drawHalves } from '../../../src/evaluation/uplift/halves';
import { drawKnownEffect } from '../../support/knownEffect';

const { rows } = drawKnownEffect(999, { share: 0.8 });

describe('halves of an experiment', () => {
  it('hold every row once, with equal shares of arms and outcomes', () => {
    const { train, test } = drawHalves(rows, 1);
    expect([...train, ...test].sort((a, b) => a - b)).toEqual([...rows.labels.keys()]);
    for (const arm of [0, 1])
      for (const label of [0, 1]) {
        const count = (places: Uint32Array) =>
          places.filter(row => rows.treated[row] === arm && rows.labels[row] === label).length;
        expect(Math.abs(count(train) - count(test))).toBeLessThanOrEqual(1);
      }
  });

  it('are equal with equal seeds only', () => {
    expect(drawHalves(rows, 1)).toEqual(drawHalves(rows, 1));
    expect(drawHalves(rows, 1)).not.toEqual(drawHalves(rows, 2));
  });
});
