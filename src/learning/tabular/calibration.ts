// Maps from the probabilities of a classifier to calibrated ones, fitted to rows that it was not trained on.
//
// Platt scaling (Platt 1999): a logistic regression on the log-odds, two numbers. Isotonic regression (Zadrozny & Elkan
// 2002): the best map that never falls, by the pool-adjacent-violators algorithm (Ayer et al. 1955); between the centres of
// its blocks it is interpolated (Oron & Flournoy 2017), so that rows of one block keep their order.
import { logLossOf } from '../../numeric/classification';
import { fitLogistic, probabilityOf } from '../../numeric/logisticRidge';
import type { Classifier } from './learner';

/** How probabilities are calibrated. `none`: they stay as they are. */
export type CalibrationKind = 'none' | 'platt' | 'isotonic';

/** A map of probabilities that never falls. */
export interface Calibration {
  readonly kind: CalibrationKind;
  of(probability: number): number;
}

/** Predicted probabilities with what happened. */
export interface Predicted {
  readonly probabilities: Float64Array;
  /** 0 or 1, one per row. */
  readonly labels: Uint8Array;
}

/** Probabilities are cut to this distance from 0 and 1 before log-odds are taken. */
const edge = 1e-7;

/** Returns log(p / (1 - p)), finite. */
export function logOddsOf(probability: number): number {
  const cut = Math.min(1 - edge, Math.max(edge, probability));
  return Math.log(cut / (1 - cut));
}

const noCalibration: Calibration = { kind: 'none', of: probability => probability };

/** The prior of slope and offset counts as little as this many rows: the fit exists even where labels are separable. */
const priorStrength = 0.1;

/** Fits Platt scaling. @param predicted - at least one row */
export function fitPlatt({ probabilities, labels }: Predicted): Calibration {
  const rows = new Float64Array(2 * labels.length);
  for (let row = 0; row < labels.length; row++) {
    rows[2 * row] = 1;
    rows[2 * row + 1] = logOddsOf(probabilities[row]);
  }
  const weights = new Float64Array(labels.length).fill(1);
  const prior = { means: Float64Array.of(0, 1), strengths: new Float64Array(2).fill(priorStrength) };
  const [offset, slope] = fitLogistic({ columns: 2, rows, labels, weights }, prior).coefficients;
  // Validation rows that are ranked upside down do not turn the order of the model.
  const rising = Math.max(slope, 0);
  return { kind: 'platt', of: probability => probabilityOf(offset + rising * logOddsOf(probability)) };
}

/** Neighbouring rows with one calibrated probability. */
interface Block {
  readonly rows: number;
  readonly positive: number;
  /** Sum of the probabilities. */
  readonly sum: number;
}

const joined = (left: Block, right: Block): Block => ({
  rows: left.rows + right.rows,
  positive: left.positive + right.positive,
  sum: left.sum + right.sum,
});
const shareOf = ({ positive, rows }: Block): number => positive / rows;

/** Pools rows in order of their probability until the shares of positive labels rise. O(n log n). */
function risingBlocks({ probabilities, labels }: Predicted): readonly Block[] {
  const order = Uint32Array.from(labels.keys()).sort((a, b) => probabilities[a] - probabilities[b]);
  const blocks: Block[] = [];
  for (let start = 0; start < order.length; ) {
    const probability = probabilities[order[start]];
    let block: Block = { rows: 0, positive: 0, sum: 0 };
    for (; start < order.length && probabilities[order[start]] === probability; start++)
      block = joined(block, { rows: 1, positive: labels[order[start]], sum: probability });
    for (let last = blocks.at(-1); last && shareOf(last) >= shareOf(block); last = blocks.at(-1)) {
      blocks.pop();
      block = joined(last, block);
    }
    blocks.push(block);
  }
  return blocks;
}

/** Fits isotonic regression. Probabilities stay half a row away from 0 and 1. @param predicted - at least one row */
export function fitIsotonic(predicted: Predicted): Calibration {
  const least = 0.5 / (predicted.labels.length + 1);
  const blocks = risingBlocks(predicted);
  const places = blocks.map(({ sum, rows }) => sum / rows);
  const values = blocks.map(block => Math.min(1 - least, Math.max(least, shareOf(block))));
  const after = (probability: number): number => {
    let [low, high] = [0, places.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (places[middle] < probability) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  return {
    kind: 'isotonic',
    of(probability) {
      const right = after(probability);
      if (right === 0) return values[0];
      if (right === places.length) return values[right - 1];
      const share = (probability - places[right - 1]) / (places[right] - places[right - 1]);
      return values[right - 1] + share * (values[right] - values[right - 1]);
    },
  };
}

/** Mean log-loss of two-class predictions. */
export function binaryLogLoss({ probabilities, labels }: Predicted): number {
  const both = new Float64Array(2 * labels.length);
  for (let row = 0; row < labels.length; row++) {
    both[2 * row] = 1 - probabilities[row];
    both[2 * row + 1] = probabilities[row];
  }
  return logLossOf({ classes: 2, probabilities: both, labels });
}

const everySecond = ({ probabilities, labels }: Predicted, first: number): Predicted => ({
  probabilities: probabilities.filter((_, row) => row % 2 === first),
  labels: labels.filter((_, row) => row % 2 === first),
});

/** Returns predictions after a calibration. */
export const calibratedPredictions = (
  { probabilities, labels }: Predicted,
  calibration: Calibration,
): Predicted => ({
  probabilities: probabilities.map(calibration.of),
  labels,
});

/** Log-loss where each half of the rows is calibrated by the other one. */
function crossLoss(predicted: Predicted, calibrate: (rows: Predicted) => Calibration): number {
  const [even, odd] = [everySecond(predicted, 0), everySecond(predicted, 1)];
  const losses = [
    calibratedPredictions(even, calibrate(odd)),
    calibratedPredictions(odd, calibrate(even)),
  ].map(binaryLogLoss);
  return (losses[0] * even.labels.length + losses[1] * odd.labels.length) / predicted.labels.length;
}

/** Fewest rows of each label from which a calibration is fitted. */
const minRareRows = 25;

/**
 * Chooses no calibration, Platt scaling or isotonic regression by log-loss, each half of the rows calibrated by the other
 * one, and fits it to all rows. With fewer than 25 rows of a label nothing is calibrated.
 *
 * @param predicted - rows that the classifier was not trained on
 */
export function chooseCalibration(predicted: Predicted): {
  readonly calibration: Calibration;
  readonly logLoss: number;
} {
  const { labels } = predicted;
  const plain = { calibration: noCalibration, logLoss: binaryLogLoss(predicted) };
  const positive = labels.reduce((sum, label) => sum + label, 0);
  if (Math.min(positive, labels.length - positive) < minRareRows) return plain;
  const tried = [fitPlatt, fitIsotonic].map(calibrate => ({
    calibrate,
    logLoss: crossLoss(predicted, calibrate),
  }));
  const [first, second] = tried;
  const best = second.logLoss < first.logLoss ? second : first;
  if (best.logLoss >= plain.logLoss) return plain;
  return { calibration: best.calibrate(predicted), logLoss: best.logLoss };
}

/** Returns a classifier whose probabilities are calibrated. */
export const calibratedClassifier = (classifier: Classifier, calibration: Calibration): Classifier => ({
  probabilitiesInto(table, out) {
    classifier.probabilitiesInto(table, out);
    for (let row = 0; row < table.rows; row++) out[row] = calibration.of(out[row]);
  },
});
