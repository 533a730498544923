// How well probabilities tell what happened. Formulae with their edge cases: docs/evaluation.md.

/** Probabilities of classes with what happened, one row a case. */
export interface ClassifiedRows {
  readonly classes: number;
  /** [rows × classes], row-major, ≥ 0, a row sums to 1. */
  readonly probabilities: ArrayLike<number>;
  /** The class that was right, one a row. */
  readonly labels: ArrayLike<number>;
}

/** Least probability a loss is taken of, as scikit-learn did up to 1.4: one that was 0 costs 34.5. */
const leastProbability = 1e-15;

/** -log of a probability, clipped to [1e-15, 1]. */
export const lossOfProbability = (probability: number): number =>
  -Math.log(Math.min(1, Math.max(leastProbability, probability)));

/** The class with the highest probability of a row; the first of equal ones. */
export function likeliestClass({ classes, probabilities }: ClassifiedRows, row: number): number {
  let best = 0;
  for (let k = 1; k < classes; k++)
    if (probabilities[row * classes + k] > probabilities[row * classes + best]) best = k;
  return best;
}

/** Share of the rows whose likeliest class was right; NaN without rows. */
export function accuracyOf(rows: ClassifiedRows): number {
  let hits = 0;
  for (let row = 0; row < rows.labels.length; row++)
    if (likeliestClass(rows, row) === rows.labels[row]) hits++;
  return hits / rows.labels.length;
}

/**
 * Mean of the F1 of every class that happened or was said (F1 = 2 hits / (said + happened)), each class counting the same;
 * NaN without rows.
 */
export function macroF1Of(rows: ClassifiedRows): number {
  const [hits, either] = [new Float64Array(rows.classes), new Float64Array(rows.classes)];
  for (let row = 0; row < rows.labels.length; row++) {
    const said = likeliestClass(rows, row);
    if (said === rows.labels[row]) hits[said]++;
    either[said]++;
    either[rows.labels[row]]++;
  }
  const known = [...either.keys()].filter(k => either[k] > 0);
  return known.reduce((sum, k) => sum + (2 * hits[k]) / either[k], 0) / known.length;
}

/** Mean of -log of the probability of what happened; NaN without rows. */
export function logLossOf({ classes, probabilities, labels }: ClassifiedRows): number {
  let sum = 0;
  for (let row = 0; row < labels.length; row++)
    sum += lossOfProbability(probabilities[row * classes + labels[row]]);
  return sum / labels.length;
}

/**
 * Expected calibration error: in each bin of equal width the distance of the mean probability from the share that came
 * true, weighted by the rows in it (Naeini, Cooper & Hauskrecht 2015). 0: what is said to be 70 % sure comes true in 70 %. NaN
 * without rows.
 *
 * @param probabilities - of what was said, one a row, 0-1
 * @param outcomes - 1 where it came true, one a row
 */
export function calibrationErrorOf(
  probabilities: ArrayLike<number>,
  outcomes: ArrayLike<number>,
  bins = 15,
): number {
  const surplus = new Float64Array(bins);
  for (let row = 0; row < probabilities.length; row++) {
    // Bins are (low, high], as in Guo et al. 2017; 0 falls in the first.
    const bin = Math.min(bins - 1, Math.max(0, Math.ceil(probabilities[row] * bins) - 1));
    surplus[bin] += probabilities[row] - outcomes[row];
  }
  return surplus.reduce((sum, value) => sum + Math.abs(value), 0) / probabilities.length;
}

/** {@link calibrationErrorOf} of the likeliest class: whether it is right as often as it says (Guo et al. 2017, eq. 3). */
export function topCalibrationErrorOf(rows: ClassifiedRows, bins = 15): number {
  const count = rows.labels.length;
  const [sureness, hits] = [new Float64Array(count), new Uint8Array(count)];
  for (let row = 0; row < count; row++) {
    const said = likeliestClass(rows, row);
    sureness[row] = rows.probabilities[row * rows.classes + said];
    hits[row] = Number(said === rows.labels[row]);
  }
  return calibrationErrorOf(sureness, hits, bins);
}

/**
 * Area under the ROC curve: how likely a row that came true scores higher than one that did not, equal scores counting
 * half (Hanley & McNeil 1982). NaN where all or none came true. O(n log n).
 *
 * @param outcomes - 1 where it came true, one a score
 */
export function aucOf(scores: ArrayLike<number>, outcomes: ArrayLike<number>): number {
  const order = Uint32Array.from({ length: scores.length }, (_, row) => row);
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

/** Mean squared distance of probabilities from what came (Brier 1950, halved for two classes); NaN without rows. */
export function brierOf(probabilities: ArrayLike<number>, outcomes: ArrayLike<number>): number {
  let sum = 0;
  for (let row = 0; row < probabilities.length; row++) sum += (probabilities[row] - outcomes[row]) ** 2;
  return sum / probabilities.length;
}
