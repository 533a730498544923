import { type LabelledRows, probabilitiesOf, takeLabelled } from '../../../src/learning/tabular/learner';
import { logisticLearner } from '../../../src/learning/tabular/logistic';
import { bestOverTime, learnOverTime, recencyWeights } from '../../../src/learning/tabular/overTime';
import { aucOf } from '../../../src/numeric/classification';
import { createRng } from '../../../src/numeric/rng';

/** Rows in order of time, of which the intercept and the effect of a number are functions of the time, 0-1. */
function drifting(
  rows: number,
  seed: number,
  at: (time: number) => { readonly intercept: number; readonly effect: number },
): LabelledRows {
  const rng = createRng(seed);
  const values = Float32Array.from({ length: rows }, () => rng.gaussian());
  const labels = Uint8Array.from(values, (value, row) => {
    const { intercept, effect } = at(row / rows);
    return Number(rng.uniform() < 1 / (1 + Math.exp(-intercept - effect * value)));
  });
  return { table: { rows, columns: [{ name: 'x', kind: 'numeric', values }] }, labels };
}

const learners = [logisticLearner()];
const places = Uint32Array.from({ length: 5000 }, (_, row) => row);
const parts = (rows: LabelledRows) => ({
  train: takeLabelled(rows, places.subarray(0, 4000)),
  test: takeLabelled(rows, places.subarray(4000)),
});

describe('weights of recent rows', () => {
  it('halve every quarter of the rows, with a mean of 1', () => {
    const weights = recencyWeights(1000);
    expect(weights[700] / weights[450]).toBeCloseTo(2, 4);
    expect(weights.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1000, 1);
  });
});

describe('learning over time', () => {
  it('lets recent rows count more where an effect turned', async () => {
    const rows = drifting(5000, 1, time => ({ intercept: -1, effect: time < 0.45 ? -1.5 : 1.5 }));
    const { train, test } = parts(rows);
    const { selected, rehearsed } = await learnOverTime({ ...train, seed: 1, learners });
    expect(rehearsed).toHaveLength(4);
    expect(selected[0].chosen.weights).toBe('recent');
    expect(aucOf(probabilitiesOf(selected[0].classifier, test.table), test.labels)).toBeGreaterThan(0.7);
  });

  it('calibrates on the latest rows where the base rate moves', async () => {
    const rows = drifting(5000, 2, time => ({ intercept: -3 + 3 * time, effect: 1 }));
    const { train, test } = parts(rows);
    const { selected, baseRates } = await learnOverTime({ ...train, seed: 1, learners });
    expect(baseRates.last).toBeGreaterThan(baseRates.earlier + 0.1);
    expect(selected[0].chosen.calibrationRows).toBe('latest');
    const mean = probabilitiesOf(selected[0].classifier, test.table).reduce((sum, p) => sum + p, 0) / 1000;
    const rate = test.labels.reduce((sum, label) => sum + label, 0) / 1000;
    const trainRate = train.labels.reduce((sum, label) => sum + label, 0) / 4000;
    expect(Math.abs(mean - rate)).toBeLessThan(Math.abs(trainRate - rate) / 1.5);
  });

  it('chooses by what it learned from: rows after the training part change nothing', async () => {
    const rows = drifting(5000, 3, () => ({ intercept: -1, effect: 1 }));
    const { train } = parts(rows);
    const first = await learnOverTime({ ...train, seed: 1, learners });
    const second = await learnOverTime({ ...train, seed: 1, learners });
    expect(first.rehearsed).toEqual(second.rehearsed);
    expect(bestOverTime(first.selected).name).toBe('logistic');
  });
});
