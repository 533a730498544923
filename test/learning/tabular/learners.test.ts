import { boostingLearner, defaultBoosting } from '../../../src/learning/tabular/boosting';
import { forestLearner, treeLearner } from '../../../src/learning/tabular/forest';
import { type LabelledRows, type Learner, probabilitiesOf } from '../../../src/learning/tabular/learner';
import { logisticLearner } from '../../../src/learning/tabular/logistic';
import { takeRows } from '../../../src/learning/tabular/table';
import { aucOf } from '../../../src/numeric/classification';
import { createRng } from '../../../src/numeric/rng';
import { responders } from '../../support/responders';

const learners: readonly (readonly [Learner, number])[] = [
  [logisticLearner(), 0.66],
  [treeLearner(), 0.72],
  [forestLearner(), 0.72],
  [boostingLearner({ ...defaultBoosting, rounds: 120 }), 0.72],
];
const train = responders(2000, 1);
const test = responders(1000, 2);

describe.each(learners.map(([learner, floor]) => ({ learner, floor, name: learner.name })))(
  'the learner $name',
  ({ learner, floor }) => {
    it('ranks new rows far better than chance', async () => {
      const classifier = await learner.learn({ ...train, seed: 1 });
      const probabilities = probabilitiesOf(classifier, test.table);
      expect(aucOf(probabilities, test.labels)).toBeGreaterThan(floor);
      expect(probabilities.every(value => value >= 0 && value <= 1)).toBe(true);
    });

    it('has an AUC of about a half where labels are shuffled', async () => {
      const rng = createRng(5);
      const labels = rng.shuffle(train.labels.slice());
      const classifier = await learner.learn({ ...train, labels, seed: 1 });
      const area = aucOf(probabilitiesOf(classifier, test.table), rng.shuffle(test.labels.slice()));
      expect(Math.abs(area - 0.5)).toBeLessThan(0.06);
    });

    it('gives equal bytes for equal tasks', async () => {
      const small = responders(300, 4);
      const [first, second] = [
        await learner.learn({ ...small, seed: 7 }),
        await learner.learn({ ...small, seed: 7 }),
      ];
      expect(probabilitiesOf(first, test.table)).toEqual(probabilitiesOf(second, test.table));
    });

    it('reads categories that training did not have', async () => {
      const small = responders(300, 4);
      const classifier = await learner.learn({ ...small, seed: 1 });
      const [spend, job, noise] = test.table.columns;
      const codes = { ...job, values: job.values.map(() => 9), categories: 'abcdefghij'.split('') };
      const probabilities = probabilitiesOf(classifier, { ...test.table, columns: [spend, codes, noise] });
      expect(probabilities.every(value => value >= 0 && value <= 1)).toBe(true);
    });

    it('does not depend on the order of the rows to predict', async () => {
      const classifier = await learner.learn({ ...responders(300, 4), seed: 1 });
      const whole = probabilitiesOf(classifier, test.table);
      const reversed = Uint32Array.from(test.labels.keys()).reverse();
      expect(probabilitiesOf(classifier, takeRows(test.table, reversed))).toEqual(whole.slice().reverse());
    });

    it('learns the same level from rows that count twice as from rows given twice', async () => {
      const small = responders(200, 8);
      const rows = [...small.labels.keys()];
      const twice = rows.flatMap(row => (small.labels[row] === 1 ? [row, row] : [row]));
      const repeated: LabelledRows = {
        table: takeRows(small.table, twice),
        labels: Uint8Array.from(twice, row => small.labels[row]),
      };
      const weights = Float32Array.from(small.labels, label => 1 + label);
      const meanOf = async (given: LabelledRows): Promise<number> => {
        const probabilities = probabilitiesOf(await learner.learn({ ...given, seed: 1 }), small.table);
        return probabilities.reduce((sum, value) => sum + value, 0) / probabilities.length;
      };
      const plain = await meanOf(small);
      const byWeight = await meanOf({ ...small, weights });
      expect(byWeight).toBeGreaterThan(plain + 0.05);
      expect(Math.abs(byWeight - (await meanOf(repeated)))).toBeLessThan(0.04);
    });

    it('stops when it is called off', async () => {
      const stop = new AbortController();
      stop.abort();
      await expect(learner.learn({ ...train, seed: 1, signal: stop.signal })).rejects.toMatchObject({
        code: 'CANCELLED',
      });
    });

    it('refuses labels of another length, and another number of columns', async () => {
      await expect(learner.learn({ ...train, labels: new Uint8Array(3), seed: 1 })).rejects.toThrow(
        RangeError,
      );
      const classifier = await learner.learn({ ...responders(100, 4), seed: 1 });
      const narrow = { ...test.table, columns: test.table.columns.slice(1) };
      expect(() => probabilitiesOf(classifier, narrow)).toThrow('Expected 3 columns, as in training; got 2.');
    });
  },
);

describe('logistic regression', () => {
  it('equals that of scikit-learn', async () => {
    const spend = [1.5, -0.3, 2.2, 0.7, -1.1, 3, 0.4, -2, 1.1, 0.2, -0.6, 2.5];
    const codes = [...'aabbcabccbac'].map(letter => 'abc'.indexOf(letter));
    const classifier = await logisticLearner().learn({
      table: {
        rows: 12,
        columns: [
          { name: 'x', kind: 'numeric', values: Float32Array.from(spend) },
          { name: 'c', kind: 'categorical', values: Float32Array.from(codes), categories: ['a', 'b', 'c'] },
        ],
      },
      labels: Uint8Array.of(1, 0, 1, 1, 0, 1, 0, 0, 1, 0, 1, 1),
      seed: 1,
    });
    // StandardScaler, OneHotEncoder and LogisticRegression(C=1.0, tol=1e-12) of scikit-learn 1.5.2.
    const expected = [
      0.823140039, 0.492896101, 0.821183684, 0.554589785, 0.262180272, 0.944951698, 0.489552043, 0.139702872,
      0.706730965, 0.446253818, 0.428138902, 0.890679823,
    ];
    const table = {
      rows: 12,
      columns: [
        { name: 'x', kind: 'numeric' as const, values: Float32Array.from(spend) },
        {
          name: 'c',
          kind: 'categorical' as const,
          values: Float32Array.from(codes),
          categories: ['a', 'b', 'c'],
        },
      ],
    };
    const probabilities = probabilitiesOf(classifier, table);
    // The intercept has a penalty of 1e-6 here and none there; numbers are rounded to float32 before.
    for (const [row, value] of expected.entries()) expect(probabilities[row]).toBeCloseTo(value, 5);
  });

  it('tells rows with a missing number from rows with the mean', async () => {
    const values = Float32Array.from({ length: 400 }, (_, row) => (row % 2 === 0 ? Number.NaN : row % 5));
    const labels = Uint8Array.from(values, value => Number(Number.isNaN(value)));
    const table = { rows: 400, columns: [{ name: 'x', kind: 'numeric' as const, values }] };
    const classifier = await logisticLearner().learn({ table, labels, seed: 1 });
    expect(aucOf(probabilitiesOf(classifier, table), labels)).toBe(1);
  });
});
