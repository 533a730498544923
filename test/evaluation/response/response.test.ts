import { meanAndDeviation, responseMetrics } from '../../../src/evaluation/response/metrics';
import { partsOf } from '../../../src/evaluation/response/parts';
import { tryResponse } from '../../../src/evaluation/response/trial';
import { logisticLearner } from '../../../src/learning/tabular/logistic';
import { createRng } from '../../../src/numeric/rng';
import { responders } from '../../support/responders';

const rows = responders(600, 1);
const learners = [logisticLearner()];

describe('parts of rows', () => {
  it('predict every row once in five folds', () => {
    const parts = partsOf(rows.labels, { kind: 'folds', seed: 42 });
    const tested = parts.flatMap(({ test }) => [...test]).sort((a, b) => a - b);
    expect(tested).toEqual([...rows.labels.keys()]);
    for (const { train, test } of parts) {
      const known = new Set(train);
      expect(train.length + test.length).toBe(600);
      expect(test.some(row => known.has(row))).toBe(false);
    }
  });

  it('are earlier and later by time, and the files with two of them', () => {
    const [byTime] = partsOf(rows.labels, { kind: 'time' });
    expect([byTime.train.length, byTime.test[0], byTime.test.length]).toEqual([480, 480, 120]);
    const [byFile] = partsOf(rows.labels, { kind: 'file', trainRows: 400 });
    expect([byFile.train.length, byFile.test[0]]).toEqual([400, 400]);
  });

  it('must have both outcomes', () => {
    const labels = new Uint8Array(100).fill(1, 0, 50);
    expect(() => partsOf(labels, { kind: 'time' })).toThrow(
      'Expected at least 1 rows of each outcome in the test part; got 0.',
    );
  });
});

describe('metrics of a response', () => {
  it('are those of perfect and of constant predictions', () => {
    const labels = Uint8Array.of(0, 0, 1, 0);
    const perfect = responseMetrics({ probabilities: Float64Array.from(labels), labels });
    expect(perfect).toMatchObject({ auc: 1, prAuc: 1, brier: 0, ece: 0 });
    const constant = responseMetrics({ probabilities: new Float64Array(4).fill(0.25), labels });
    expect(constant).toMatchObject({ auc: 0.5, prAuc: 0.25, ece: 0 });
    expect(constant.logLoss).toBeCloseTo(-(0.25 * Math.log(0.25) + 0.75 * Math.log(0.75)), 12);
  });

  it('have the deviation of a sample', () => {
    expect(meanAndDeviation([1, 2, 3, 4])).toEqual({ mean: 2.5, sd: Math.sqrt(5 / 3) });
    expect(meanAndDeviation([2]).sd).toBeNaN();
  });
});

describe('a trial of response models', () => {
  const tryRows = (given = rows) =>
    tryResponse({
      rows: given,
      parts: partsOf(given.labels, { kind: 'folds', seed: 42 }),
      protocol: { kind: 'folds', seed: 42 },
      learners,
      seed: 42,
    });

  it('measures every part, and is equal for equal seeds', async () => {
    const trial = await tryRows();
    expect(trial.outcomes.map(({ model, parts }) => [model, parts.length])).toEqual([['logistic', 5]]);
    expect(trial.served).toEqual(new Array(5).fill('logistic'));
    expect(trial.drift).toBeNull();
    expect(await tryRows()).toEqual(trial);
  });

  it('finds nothing in shuffled labels', async () => {
    const { table, labels } = responders(2500, 7);
    const { outcomes } = await tryRows({ table, labels: createRng(11).shuffle(labels) });
    const { mean } = meanAndDeviation(outcomes[0].parts.map(({ metrics }) => metrics.auc));
    expect(Math.abs(mean - 0.5)).toBeLessThan(0.05);
  });

  it('tries weights and calibrations by time', async () => {
    const trial = await tryResponse({
      rows,
      parts: partsOf(rows.labels, { kind: 'time' }),
      protocol: { kind: 'time' },
      learners,
      seed: 42,
    });
    expect(
      trial.drift?.rehearsed.map(({ weights, calibrationRows }) => `${weights} ${calibrationRows}`),
    ).toEqual(['equal all', 'equal latest', 'recent all', 'recent latest']);
    expect(trial.drift?.chosen).toHaveLength(1);
    expect(trial.outcomes[0].parts).toHaveLength(1);
  });
});
