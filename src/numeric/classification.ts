// Metrics of predicted class probabilities against observed outcomes. Formulas and edge cases: docs/evaluation.md.

/** Predicted class probabilities and observed labels, one row per case. */
export interface ClassifiedRows {
  readonly classes: number;
  /** [rows × classes], row-major, ≥ 0; each row sums to 1. */
  readonly probabilities: ArrayLike<number>;
  /** The correct class, one per row. */
  readonly labels: ArrayLike<number>;
}

/** Probabilities are clipped here before the logarithm, as in scikit-learn up to 1.4: a probability of 0 costs 34.5. */
const minProbability = 1e-15;

/** Returns -log of a probability, clipped to [1e-15, 1]. */
export const lossOfProbability = (probability: number): number =>
  -Math.log(Math.min(1, Math.max(minProbability, probability)));

/** Returns the most probable class of a row; the first of equal ones. */
export function mostLikelyClass({ classes, probabilities }: ClassifiedRows, row: number): number {
  let best = 0;
  for (let k = 1; k < classes; k++)
    if (probabilities[row * classes + k] > probabilities[row * classes + best]) best = k;
  return best;
}

/** Returns the share of rows whose most probable class is correct; NaN without rows. */
export function accuracyOf(rows: ClassifiedRows): number {
  let hits = 0;
  for (let row = 0; row < rows.labels.length; row++)
    if (mostLikelyClass(rows, row) === rows.labels[row]) hits++;
  return hits / rows.labels.length;
}

/**
 * Macro F1: the unweighted mean of the F1 of every class that was observed or predicted, with
 * F1 = 2·hits / (predicted + observed). NaN without rows.
 */
export function macroF1Of(rows: ClassifiedRows): number {
  const [hits, either] = [new Float64Array(rows.classes), new Float64Array(rows.classes)];
  for (let row = 0; row < rows.labels.length; row++) {
    const predicted = mostLikelyClass(rows, row);
    if (predicted === rows.labels[row]) hits[predicted]++;
    either[predicted]++;
    either[rows.labels[row]]++;
  }
  const known = [...either.keys()].filter(k => either[k] > 0);
  return known.reduce((sum, k) => sum + (2 * hits[k]) / either[k], 0) / known.length;
}

/** Mean of -log of the probability of the correct class; NaN without rows. */
export function logLossOf({ classes, probabilities, labels }: ClassifiedRows): number {
  let sum = 0;
  for (let row = 0; row < labels.length; row++)
    sum += lossOfProbability(probabilities[row * classes + labels[row]]);
  return sum / labels.length;
}

/**
 * Expected calibration error: |mean probability - share of positive outcomes| in each bin of equal width, weighted by
 * the rows of the bin (Naeini, Cooper & Hauskrecht 2015). At an error of 0, 70 % of the predictions made with probability
 * 0.7 are true. NaN without rows.
 *
 * @param probabilities - predicted, one per row, 0-1
 * @param outcomes - 1 where the prediction came true, one per row
 */
export function calibrationErrorOf(
  probabilities: ArrayLike<number>,
  outcomes: ArrayLike<number>,
  bins = 15,
): number {
  const surplus = new Float64Array(bins);
  for (let row = 0; row < probabilities.length; row++) {
    // Bins are (low, high], as in Guo et al. 2017; a probability of 0 falls into the first.
    const bin = Math.min(bins - 1, Math.max(0, Math.ceil(probabilities[row] * bins) - 1));
    surplus[bin] += probabilities[row] - outcomes[row];
  }
  return surplus.reduce((sum, value) => sum + Math.abs(value), 0) / probabilities.length;
}

/** {@link calibrationErrorOf} of the most probable class: its probability against its accuracy (Guo et al. 2017, eq. 3). */
export function topCalibrationErrorOf(rows: ClassifiedRows, bins = 15): number {
  const count = rows.labels.length;
  const [confidences, hits] = [new Float64Array(count), new Uint8Array(count)];
  for (let row = 0; row < count; row++) {
    const predicted = mostLikelyClass(rows, row);
    confidences[row] = rows.probabilities[row * rows.classes + predicted];
    hits[row] = Number(predicted === rows.labels[row]);
  }
  return calibrationErrorOf(confidences, hits, bins);
}

/** Whether a score is NaN. It equals nothing, itself included, so that no group of equal scores would end. */
function hasNaN(scores: ArrayLike<number>): boolean {
  for (let row = 0; row < scores.length; row++) if (Number.isNaN(scores[row])) return true;
  return false;
}

/**
 * Area under the ROC curve: the probability that a positive row scores higher than a negative one, with ties counted
 * as half (Hanley & McNeil 1982). NaN when all outcomes are equal, or a score is NaN. O(n log n).
 *
 * @param outcomes - 1 for positive, one per score
 */
export function aucOf(scores: ArrayLike<number>, outcomes: ArrayLike<number>): number {
  const order = Uint32Array.from({ length: scores.length }, (_, row) => row);
  if (hasNaN(scores)) return Number.NaN;
  order.sort((a, b) => scores[a] - scores[b]);
  let [wins, below] = [0, 0];
  for (let start = 0; start < order.length; ) {
    let [end, positive] = [start, 0];
    while (end < order.length && scores[order[end]] === scores[order[start]])
      positive += outcomes[order[end++]];
    const negative = end - start - positive;
    wins += positive * (below + negative / 2);
    below += negative;
    start = end;
  }
  return wins / (below * (scores.length - below));
}

/**
 * Average precision, the area under the precision-recall curve as a sum of steps: Σ (recallₙ - recallₙ₋₁)·precisionₙ over
 * falling thresholds, where rows of equal score pass the threshold together. NaN without positive rows. O(n log n).
 *
 * @param outcomes - 1 for positive, one per score
 */
export function averagePrecisionOf(scores: ArrayLike<number>, outcomes: ArrayLike<number>): number {
  const order = Uint32Array.from({ length: scores.length }, (_, row) => row);
  if (hasNaN(scores)) return Number.NaN;
  order.sort((a, b) => scores[b] - scores[a]);
  let [sum, hits] = [0, 0];
  for (let start = 0; start < order.length; ) {
    let [end, positive] = [start, 0];
    while (end < order.length && scores[order[end]] === scores[order[start]])
      positive += outcomes[order[end++]];
    hits += positive;
    sum += (positive * hits) / end;
    start = end;
  }
  return sum / hits;
}

/** Brier score: mean squared difference of probability and outcome (Brier 1950, halved for two classes); NaN without rows. */
export function brierOf(probabilities: ArrayLike<number>, outcomes: ArrayLike<number>): number {
  let sum = 0;
  for (let row = 0; row < probabilities.length; row++) sum += (probabilities[row] - outcomes[row]) ** 2;
  return sum / probabilities.length;
}
