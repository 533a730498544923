// A stacked blend (Wolpert 1992; Breiman 1996, "Stacked regressions"): a logistic regression on the log-odds of several
// classifiers, fitted to predictions of rows that they were not trained on.
import { fitLogistic, probabilityOf } from '../../numeric/logisticRidge';
import { logOddsOf } from './calibration';
import type { Classifier } from './learner';

/** Joins the probabilities of several classifiers into one. */
export interface Blend {
  /** @param parts - one array of probabilities per classifier. @param out - [rows] */
  into(parts: readonly Float64Array[], out: Float64Array): void;
}

/** How firmly the classifiers keep equal weights that sum to 1, in rows: where they agree, data cannot tell them apart. */
const priorStrength = 20;
/** The offset is free, but for enough to keep the matrix positive definite. */
const offsetStrength = 1e-3;

function designOf(parts: readonly Float64Array[]): Float64Array {
  const width = parts.length + 1;
  const rows = new Float64Array(parts[0].length * width);
  for (let row = 0; row < parts[0].length; row++) {
    rows[row * width] = 1;
    for (const [place, part] of parts.entries()) rows[row * width + 1 + place] = logOddsOf(part[row]);
  }
  return rows;
}

/**
 * Fits a blend.
 *
 * @param parts - out-of-fold probabilities, one array per classifier
 * @param labels - 0 or 1, one per row
 */
export function fitBlend(parts: readonly Float64Array[], labels: Uint8Array, weights?: Float32Array): Blend {
  const columns = parts.length + 1;
  const means = new Float64Array(columns).fill(1 / parts.length);
  const strengths = new Float64Array(columns).fill(priorStrength);
  means[0] = 0;
  strengths[0] = offsetStrength;
  const { coefficients } = fitLogistic(
    {
      columns,
      rows: designOf(parts),
      labels,
      weights: weights ? Float64Array.from(weights) : new Float64Array(labels.length).fill(1),
    },
    { means, strengths },
  );
  return {
    into(read, out) {
      for (let row = 0; row < out.length; row++) {
        let margin = coefficients[0];
        for (const [place, part] of read.entries()) margin += coefficients[place + 1] * logOddsOf(part[row]);
        out[row] = probabilityOf(margin);
      }
    },
  };
}

/** Returns the classifier that blends others. */
export const blendedClassifier = (blend: Blend, parts: readonly Classifier[]): Classifier => ({
  probabilitiesInto(table, out) {
    const read = parts.map(part => {
      const probabilities = new Float64Array(table.rows);
      part.probabilitiesInto(table, probabilities);
      return probabilities;
    });
    blend.into(read, out);
  },
});
