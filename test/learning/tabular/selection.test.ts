import { fitBlend } from '../../../src/learning/tabular/blend';
import { boostingLearner, defaultBoosting } from '../../../src/learning/tabular/boosting';
import { type Learner, probabilitiesOf } from '../../../src/learning/tabular/learner';
import { logisticLearner } from '../../../src/learning/tabular/logistic';
import { bestOf, blendName, learnAll, selectedOf } from '../../../src/learning/tabular/selection';
import { splitAt, stratifiedFolds } from '../../../src/learning/tabular/stratify';
import { aucOf } from '../../../src/numeric/classification';
import { createRng } from '../../../src/numeric/rng';
import { responders } from '../../support/responders';

const quickBoosting = boostingLearner({ ...defaultBoosting, rounds: 40, learningRate: 0.1 });
const train = responders(1200, 1);
const test = responders(2000, 2);
/** Predicts the label that it was shown for a row, and a half for every other row. */
const memory: Learner = {
  name: 'memory',
  learn: async ({ table, labels }) => {
    const shown = new Map([...table.columns[2].values].map((value, row) => [value, labels[row]]));
    return {
      probabilitiesInto(read, out) {
        for (let row = 0; row < read.rows; row++) out[row] = shown.get(read.columns[2].values[row]) ?? 0.5;
      },
    };
  },
};

describe('folds', () => {
  it.each([2, 4, 5])('have equal sizes and shares of positive rows: %d', folds => {
    const foldOf = stratifiedFolds(train.labels, folds, 42);
    const positive = train.labels.reduce((sum, label) => sum + label, 0);
    for (let fold = 0; fold < folds; fold++) {
      const { inside, outside } = splitAt(foldOf, fold);
      expect(inside.length + outside.length).toBe(1200);
      expect(Math.abs(inside.length - 1200 / folds)).toBeLessThan(2);
      const own = inside.reduce((sum, row) => sum + train.labels[row], 0);
      expect(Math.abs(own - positive / folds)).toBeLessThan(1.01);
    }
  });

  it('are equal for equal seeds, and others for others', () => {
    expect(stratifiedFolds(train.labels, 5, 1)).toEqual(stratifiedFolds(train.labels, 5, 1));
    expect(stratifiedFolds(train.labels, 5, 1)).not.toEqual(stratifiedFolds(train.labels, 5, 2));
  });
});

describe('a blend', () => {
  const rng = createRng(3);
  const labels = Uint8Array.from({ length: 4000 }, () => rng.int(2));
  const noisy = () =>
    Float64Array.from(labels, label => 1 / (1 + Math.exp(-(label === 1 ? 0.5 : -0.5) - rng.gaussian())));

  it('of two that err apart is better than either', () => {
    const parts = [noisy(), noisy()];
    const out = new Float64Array(4000);
    fitBlend(parts, labels).into(parts, out);
    expect(aucOf(out, labels)).toBeGreaterThan(Math.max(...parts.map(part => aucOf(part, labels))) + 0.02);
  });

  it('gives next to no weight to one that knows nothing', () => {
    const parts = [noisy(), Float64Array.from(labels, () => rng.uniform())];
    const out = new Float64Array(4000);
    fitBlend(parts, labels).into(parts, out);
    expect(aucOf(out, labels)).toBeGreaterThan(aucOf(parts[0], labels) - 0.005);
  });
});

describe('the choice among learners', () => {
  it('takes what joins columns over logistic regression, and serves calibrated probabilities', async () => {
    const learners = [logisticLearner(), quickBoosting];
    const learned = await learnAll({ ...train, seed: 1, learners });
    const selected = learned.map(made => selectedOf(made, train.labels));
    expect(selected.map(({ name }) => name)).toEqual(['logistic', 'boosting', blendName]);
    expect(bestOf(selected).name).not.toBe('logistic');
    const [logistic, boosting, blend] = selected.map(({ classifier }) =>
      aucOf(probabilitiesOf(classifier, test.table), test.labels),
    );
    expect(boosting).toBeGreaterThan(logistic);
    expect(blend).toBeGreaterThan(logistic);
  });

  it('is not deceived by one that remembers its rows', async () => {
    const learned = await learnAll({ ...train, seed: 1, learners: [logisticLearner(), memory] });
    const selected = learned.map(made => selectedOf(made, train.labels));
    expect(bestOf(selected).name).not.toBe('memory');
    expect(selected[1].validation.auc).toBe(0.5);
    // What it would have, were it asked about rows that it was shown.
    expect(aucOf(probabilitiesOf(learned[1].classifier, train.table), train.labels)).toBe(1);
  });

  it('has an AUC of about a half on shuffled labels', async () => {
    const labels = createRng(6).shuffle(train.labels.slice());
    const [made] = await learnAll({ ...train, labels, seed: 1, learners: [logisticLearner()] });
    expect(Math.abs(aucOf(made.outOfFold, labels) - 0.5)).toBeLessThan(0.06);
  });

  it('shows how far each learner is, and stops when it is called off', async () => {
    const stop = new AbortController();
    const seen: string[] = [];
    const task = { ...train, seed: 1, learners: [logisticLearner()], signal: stop.signal };
    await learnAll({
      ...task,
      measure: (name, work) => work((done, total) => seen.push(`${name} ${done}/${total}`)),
    });
    expect(seen).toEqual([0, 1, 2, 3, 4, 5].map(done => `logistic ${done}/5`));
    stop.abort();
    await expect(learnAll(task)).rejects.toMatchObject({ code: 'CANCELLED' });
  });

  it('needs two rows of each label', async () => {
    const labels = new Uint8Array(1200);
    labels[3] = 1;
    await expect(learnAll({ ...train, labels, seed: 1, learners: [logisticLearner()] })).rejects.toThrow(
      'Expected at least two rows of each label; got 1 of 1200 positive.',
    );
  });
});
