import { chiSquareSampleRatio, sequentialSampleRatio } from '../../src/experiments/sampleRatio';
import { createRng } from '../../src/numeric/rng';
import { experimentsGolden } from '../support/experimentsGolden';

describe('the sample-ratio check', () => {
  it.each(experimentsGolden.chiSquare)(
    'has the chi-square p-value of scipy for $counts',
    ({ p, ...arms }) => {
      expect(Math.abs(chiSquareSampleRatio(arms) / p - 1)).toBeLessThan(1e-10);
    },
  );

  it.each(experimentsGolden.sequentialSampleRatio)(
    'has the predictive p-value for $counts',
    ({ p, ...arms }) => {
      expect(Math.abs(sequentialSampleRatio(arms) / p - 1)).toBeLessThan(1e-7);
    },
  );

  it('says nothing before the first unit', () => {
    const arms = { counts: [0, 0], shares: [0.9, 0.1] };
    expect(chiSquareSampleRatio(arms)).toBe(1);
    expect(sequentialSampleRatio(arms)).toBeCloseTo(1, 12);
  });

  it('refuses shares of 0 and a missing share', () => {
    for (const shares of [[1, 0], [1]])
      expect(() => sequentialSampleRatio({ counts: [5, 5], shares })).toThrow(RangeError);
  });

  /** Share of runs in which a check read after every 20 of 3,000 units falls below .05. */
  function alarmsOf(check: typeof sequentialSampleRatio, trueShare: number): number {
    const rng = createRng(5);
    const runs = 300;
    let alarms = 0;
    for (let run = 0; run < runs; run++) {
      const counts = [0, 0];
      let isAlarm = false;
      for (let unit = 1; unit <= 3000 && !isAlarm; unit++) {
        counts[rng.uniform() < trueShare ? 0 : 1]++;
        isAlarm = unit % 20 === 0 && check({ counts, shares: [0.9, 0.1] }) < 0.05;
      }
      alarms += Number(isAlarm);
    }
    return alarms / runs;
  }

  it('read at any time alarms in at most 5 percent of sound experiments; the chi-square test does not', () => {
    expect(alarmsOf(sequentialSampleRatio, 0.9)).toBeLessThan(0.05 + 3 * Math.sqrt((0.05 * 0.95) / 300));
    expect(alarmsOf(arms => chiSquareSampleRatio(arms), 0.9)).toBeGreaterThan(0.2);
  });

  it('finds an arm that loses a third of its units', () => {
    expect(alarmsOf(sequentialSampleRatio, 0.93)).toBeGreaterThan(0.9);
  });
});
