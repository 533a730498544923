import { fitLogistic, probabilityOf } from '../../numeric/logisticRidge';
import { fitDesign } from './design';
import { checkTask, type Learner } from './learner';
import { checkRows } from './table';

/** Settings of {@link logisticLearner}. */
export interface LogisticSettings {
  /** λ > 0 of standardised numbers and of categories; 1 is scikit-learn's C = 1. */
  readonly regularization: number;
}

/** λ of the intercept: it is not to be shrunk, and the matrix stays positive definite. */
const interceptRegularization = 1e-6;

/** Logistic regression on one-hot categories and standardised numbers, with an L2 penalty. O(rows × width²) per step. */
export const logisticLearner = ({ regularization }: LogisticSettings = { regularization: 1 }): Learner => ({
  name: 'logistic',
  async learn(task) {
    const { table, labels, weights } = task;
    checkRows(table, labels, weights);
    checkTask(task);
    const design = fitDesign(table);
    const strengths = new Float64Array(design.width).fill(regularization);
    strengths[0] = interceptRegularization;
    const examples = {
      columns: design.width,
      rows: design.rowsOf(table),
      labels,
      weights: weights ? Float64Array.from(weights) : new Float64Array(table.rows).fill(1),
    };
    const { coefficients } = fitLogistic(examples, { means: new Float64Array(design.width), strengths });
    task.onProgress?.(1, 1);
    return {
      probabilitiesInto(read, out) {
        const rows = design.rowsOf(read);
        for (let row = 0; row < read.rows; row++) {
          let margin = 0;
          for (let place = 0; place < design.width; place++)
            margin += coefficients[place] * rows[row * design.width + place];
          out[row] = probabilityOf(margin);
        }
      },
    };
  },
});
