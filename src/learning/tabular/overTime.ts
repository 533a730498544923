// Learns where the rows are in order of time and later ones differ: the base rate moves, and columns that tell the period
// mislead. Everything is chosen by a rehearsal inside the training rows: learn from the earlier nine tenths, predict the
// last tenth. A longer last part would rehearse with rows that know less of the present.
//
//   - Weights: all rows count the same, or recent ones more. Chosen for each model by its AUC on the last tenth.
//   - Calibration: fitted to out-of-fold predictions of all rows, or of the latest tenth of them. Chosen by log-loss on the
//     last tenth: the level of the probabilities is what a moving base rate spoils.
//   - The best model: by AUC on the last tenth. Log-loss would choose whichever model errs least about the base rate.
//
// The choices are then applied to all rows.
import { aucOf } from '../../numeric/classification';
import {
  binaryLogLoss,
  type Calibration,
  calibratedClassifier,
  calibratedPredictions,
  chooseCalibration,
  type Predicted,
} from './calibration';
import { probabilitiesOf, takeLabelled } from './learner';
import { type Learned, learnAll, type SelectedClassifier, type SelectionTask } from './selection';

/** How much rows count by their age. */
export type RowWeights = 'equal' | 'recent';
/** The out-of-fold predictions that a calibration is fitted to. */
export type CalibrationRows = 'all' | 'latest';

/** One way to learn, and how it did on the last tenth of the training rows. */
export interface Rehearsed {
  readonly name: string;
  readonly weights: RowWeights;
  readonly calibrationRows: CalibrationRows;
  readonly auc: number;
  readonly logLoss: number;
}

/** A classifier with the way it was learned. */
export interface SelectedOverTime extends SelectedClassifier {
  readonly chosen: Rehearsed;
}

/** What was learned and what was tried. */
export interface LearnedOverTime {
  readonly selected: readonly SelectedOverTime[];
  readonly rehearsed: readonly Rehearsed[];
  /** Share of positive labels in the earlier rows and in the last tenth. */
  readonly baseRates: { readonly earlier: number; readonly last: number };
}

/** Share of the rows that rehearsals predict, and that count as the latest. */
const lastShare = 0.1;
/** Age at which a recent row counts half, as a share of all rows. */
const halfLife = 0.25;

const allWeights: readonly RowWeights[] = ['equal', 'recent'];
const allCalibrationRows: readonly CalibrationRows[] = ['all', 'latest'];

/** Weights that halve every quarter of the rows before the last one; their mean is 1. */
export function recencyWeights(rows: number): Float32Array {
  const weights = new Float32Array(rows);
  let sum = 0;
  for (let row = 0; row < rows; row++) {
    weights[row] = 2 ** ((row - rows) / (halfLife * rows));
    sum += weights[row];
  }
  return weights.map(weight => (weight * rows) / sum);
}

function weighted(task: SelectionTask, kind: RowWeights): SelectionTask {
  if (kind === 'equal') return task;
  const own = recencyWeights(task.table.rows);
  return { ...task, weights: own.map((weight, row) => weight * (task.weights?.[row] ?? 1)) };
}

/** Places from where the last rows begin to the end. */
const lastFrom = (rows: number): number => Math.floor(rows * (1 - lastShare));

/** Chooses a calibration from the predictions of all rows or of the latest ones. */
function calibrationOf({ outOfFold }: Learned, labels: Uint8Array, rows: CalibrationRows): Calibration {
  const from = rows === 'all' ? 0 : lastFrom(labels.length);
  return chooseCalibration({ probabilities: outOfFold.subarray(from), labels: labels.subarray(from) })
    .calibration;
}

/** Tries both calibrations of a model that learned from earlier rows. */
function rehearse(
  made: Learned,
  weights: RowWeights,
  labels: Uint8Array,
  last: Predicted,
): readonly Rehearsed[] {
  const auc = aucOf(last.probabilities, last.labels);
  return allCalibrationRows.map(calibrationRows => {
    const calibration = calibrationOf(made, labels, calibrationRows);
    const logLoss = binaryLogLoss(calibratedPredictions(last, calibration));
    return { name: made.name, weights, calibrationRows, auc, logLoss };
  });
}

/** Returns the better of two ways of one model: higher AUC, then lower log-loss. */
const better = (left: Rehearsed, right: Rehearsed): Rehearsed => {
  if (left.auc !== right.auc) return left.auc > right.auc ? left : right;
  return left.logLoss <= right.logLoss ? left : right;
};

const shareOf = (labels: Uint8Array): number => labels.reduce((sum, label) => sum + label, 0) / labels.length;

/** Learns from the earlier rows in every way, and predicts the last ones. */
async function rehearseAll(task: SelectionTask): Promise<Pick<LearnedOverTime, 'rehearsed' | 'baseRates'>> {
  const places = Uint32Array.from(task.labels.keys());
  const from = lastFrom(places.length);
  const earlier = { ...task, ...takeLabelled(task, places.subarray(0, from)) };
  const { table, labels } = takeLabelled(task, places.subarray(from));
  const rehearsed: Rehearsed[] = [];
  for (const weights of allWeights) {
    for (const made of await learnAll(weighted(earlier, weights))) {
      const last = { probabilities: probabilitiesOf(made.classifier, table), labels };
      rehearsed.push(...rehearse(made, weights, earlier.labels, last));
    }
  }
  return { rehearsed, baseRates: { earlier: shareOf(earlier.labels), last: shareOf(labels) } };
}

/**
 * Learns from rows in order of time, the oldest first. Each learner works about fifteen times.
 *
 * @throws {GatewayError} CANCELLED. @throws {RangeError} when lengths do not agree, or a label is too rare among the earlier rows
 */
export async function learnOverTime(task: SelectionTask): Promise<LearnedOverTime> {
  const { rehearsed, baseRates } = await rehearseAll(task);
  const names = [...new Set(rehearsed.map(({ name }) => name))];
  const chosen = names.map(name => rehearsed.filter(way => way.name === name).reduce(better));
  const selected: SelectedOverTime[] = [];
  for (const weights of allWeights) {
    if (!chosen.some(way => way.weights === weights)) continue;
    for (const made of await learnAll(weighted(task, weights))) {
      const own = chosen.find(way => way.name === made.name && way.weights === weights);
      if (!own) continue;
      const calibration = calibrationOf(made, task.labels, own.calibrationRows);
      selected.push({
        name: made.name,
        classifier: calibratedClassifier(made.classifier, calibration),
        calibration: calibration.kind,
        validation: { auc: own.auc, logLoss: own.logLoss },
        chosen: own,
      });
    }
  }
  selected.sort((left, right) => names.indexOf(left.name) - names.indexOf(right.name));
  return { selected, rehearsed, baseRates };
}

/** Returns the classifier with the highest AUC in rehearsal; the first of equal ones. */
export const bestOverTime = (selected: readonly SelectedOverTime[]): SelectedOverTime =>
  selected.reduce((best, other) => (other.validation.auc > best.validation.auc ? other : best));
