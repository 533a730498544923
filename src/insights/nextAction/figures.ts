import {
  accuracyOf,
  aucOf,
  brierOf,
  calibrationErrorOf,
  logLossOf,
  lossOfProbability,
  macroF1Of,
  topCalibrationErrorOf,
} from '../../numeric/classification';
import type { BinaryPredictions, Predictions } from './predictions';
import { returnDays } from './targets';

/** Figures by name; NaN without known outcomes. */
export type Figures = Readonly<Record<string, number>>;

const binaryFigures = (name: string, { probabilities, outcomes }: BinaryPredictions): Figures => ({
  [`auc/${name}`]: aucOf(probabilities, outcomes),
  [`brier/${name}`]: brierOf(probabilities, outcomes),
  [`ece/${name}`]: calibrationErrorOf(probabilities, outcomes),
});

/** Computes the figures of predictions. Formulae: docs/evaluation.md. */
export function figuresOf(predictions: Predictions): Figures {
  const { actionCount, actions, labels, purchase, abandonment, returns, minutesError, categoryHit } =
    predictions;
  const rows = { classes: actionCount, probabilities: actions, labels };
  return {
    accuracy: accuracyOf(rows),
    macroF1: macroF1Of(rows),
    logLoss: logLossOf(rows),
    ece: topCalibrationErrorOf(rows),
    ...binaryFigures('purchase', purchase),
    ...binaryFigures('abandonment', abandonment),
    ...Object.assign(
      {},
      ...returns.map((returned, index) => binaryFigures(`return${returnDays[index]}`, returned)),
    ),
    minutesError,
    categoryHit,
  };
}

/** Log-losses of the next actions, summed by shopper. */
export interface LossSums {
  /** One entry per shopper with known next actions, in order of user row. */
  readonly sums: Float64Array;
  /** Number of actions of each shopper. */
  readonly counts: Float64Array;
}

/** Sums the log-losses of the next actions by shopper. */
export function lossesByUser({ users, actionCount, actions, labels }: Predictions): LossSums {
  const [sums, counts]: [number[], number[]] = [[], []];
  for (let row = 0; row < labels.length; row++) {
    if (row === 0 || users[row] !== users[row - 1]) {
      sums.push(0);
      counts.push(0);
    }
    sums[sums.length - 1] += lossOfProbability(actions[row * actionCount + labels[row]]);
    counts[counts.length - 1]++;
  }
  return { sums: Float64Array.from(sums), counts: Float64Array.from(counts) };
}
