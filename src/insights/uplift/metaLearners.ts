// Learners of effects that are made of learners of outcomes. μ₁(x) and μ₀(x): probability of the outcome with and without the
// treatment; e: share of treated rows, the same for all rows of an experiment.
import { type Learner, probabilitiesOf } from '../../learning/tabular/learner';
import { type Table, takeRows } from '../../learning/tabular/table';
import { learnArms } from './arms';
import { learnBoundedMean } from './boundedMean';
import { partOf, rowsOfArm, type UpliftLearner, type UpliftTask } from './learner';

const shareTreated = ({ treated }: UpliftTask): number =>
  rowsOfArm(treated, 1).length / (rowsOfArm(treated, 0).length + rowsOfArm(treated, 1).length);

/** The table with a column more, which says that rows were treated. */
const withTreatment = ({ rows, columns }: Table, treated: ArrayLike<number>): Table => ({
  rows,
  columns: [...columns, { name: 'treated', kind: 'numeric', values: Float32Array.from(treated) }],
});

/** One model of the outcome with the treatment as a column; the uplift is its difference (Künzel et al. 2019). */
export const sLearner = (base: Learner): UpliftLearner => ({
  name: 's-learner',
  async learn(task) {
    const { table, treated, labels } = task;
    rowsOfArm(treated, 0);
    rowsOfArm(treated, 1);
    const classifier = await base.learn({
      table: withTreatment(table, treated),
      labels,
      ...partOf(task, 0, 1),
    });
    return {
      upliftInto(read, out) {
        const [without, given] = [0, 1].map(arm =>
          probabilitiesOf(classifier, withTreatment(read, new Uint8Array(read.rows).fill(arm))),
        );
        for (let row = 0; row < out.length; row++) out[row] = given[row] - without[row];
      },
    };
  },
});

/** One model of the outcome per arm; the uplift is μ₁ - μ₀ (Künzel et al. 2019). */
export const tLearner = (base: Learner, name = 't-learner'): UpliftLearner => ({
  name,
  async learn(task) {
    const arms = await learnArms(base, task);
    return {
      upliftInto(read, out) {
        const [without, given] = arms.map(arm => probabilitiesOf(arm, read));
        for (let row = 0; row < out.length; row++) out[row] = given[row] - without[row];
      },
    };
  },
});

/**
 * The X-learner (Künzel, Sekhon, Bickel & Yu 2019): what each row would have done in the other arm is predicted; the
 * differences to what it did are learned per arm and mixed with weights e and 1 - e.
 */
export const xLearner = (base: Learner): UpliftLearner => ({
  name: 'x-learner',
  async learn(task) {
    const { table, labels, treated } = task;
    const share = shareTreated(task);
    const arms = await learnArms(base, task, 4);
    const effectsOf = (arm: 0 | 1) => {
      const rows = rowsOfArm(treated, arm);
      const own = takeRows(table, rows);
      const other = probabilitiesOf(arms[1 - arm], own);
      const sign = arm === 1 ? 1 : -1;
      const targets = Float64Array.from(rows, (row, place) => sign * (labels[row] - other[place]));
      return learnBoundedMean(base, { table: own, targets, ...partOf(task, 2 + arm, 4) });
    };
    const [ofControl, ofTreated] = [await effectsOf(0), await effectsOf(1)];
    return {
      upliftInto(read, out) {
        const [control, given] = [ofControl(read), ofTreated(read)];
        for (let row = 0; row < out.length; row++) out[row] = share * control[row] + (1 - share) * given[row];
      },
    };
  },
});

/**
 * One model of whether the outcome agrees with the arm; the uplift is 2·probability - 1 (Jaskowski & Jaroszewicz 2012). Rows
 * are weighted so that both arms count the same, which the formula needs.
 */
export const classTransformation = (base: Learner): UpliftLearner => ({
  name: 'class-transformation',
  async learn(task) {
    const { table, labels, treated } = task;
    const share = shareTreated(task);
    const classifier = await base.learn({
      table,
      labels: labels.map((label, row) => Number(label === treated[row])),
      weights: Float32Array.from(treated, arm => 0.5 / (arm === 1 ? share : 1 - share)),
      ...partOf(task, 0, 1),
    });
    return {
      upliftInto(read, out) {
        classifier.probabilitiesInto(read, out);
        for (let row = 0; row < out.length; row++) out[row] = 2 * out[row] - 1;
      },
    };
  },
});
