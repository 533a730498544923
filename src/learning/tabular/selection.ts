// Learns with every learner, blends them, calibrates each, and says which one predicts rows best that it was not trained on.
//
//   1. Every learner learns from all rows, and predicts each row from the rows of the other folds. A forest predicts it by the
//      trees that did not see it.
//   2. A logistic regression on these predictions blends them.
//   3. Each set of predictions chooses its calibration by log-loss, each half of the rows by the other half.
//   4. The best has the least log-loss.
import { aucOf } from '../../numeric/classification';
import { blendedClassifier, fitBlend } from './blend';
import { type CalibrationKind, calibratedClassifier, chooseCalibration } from './calibration';
import { type Classifier, type Learner, type LearningTask, probabilitiesOf, takeLabelled } from './learner';
import { splitAt, stratifiedFolds } from './stratify';
import { checkRows, takeRows } from './table';

/** Runs the work of one learner; may show how far it is and measure what it cost. */
export type Measure = <Result>(
  learner: string,
  work: (onProgress: (done: number, total: number) => void) => Promise<Result>,
) => Promise<Result>;

/** Arguments of {@link learnAll}. */
export interface SelectionTask extends Omit<LearningTask, 'onProgress'> {
  readonly learners: readonly Learner[];
  readonly measure?: Measure;
}

/** A calibrated classifier, and how it did on rows that it was not trained on. */
export interface SelectedClassifier {
  readonly name: string;
  readonly classifier: Classifier;
  readonly calibration: CalibrationKind;
  readonly validation: { readonly auc: number; readonly logLoss: number };
}

/** Name of the blend of all learners. */
export const blendName = 'blend';

/** Folds from which the others are predicted. */
const maxFolds = 4;

const plainMeasure: Measure = (_, work) => work(() => undefined);

/** What one learner made. */
export interface Learned {
  readonly name: string;
  /** Predictions of each row by a classifier that was trained on other rows. */
  readonly outOfFold: Float64Array;
  /** Trained on all rows; not calibrated. */
  readonly classifier: Classifier;
}

/** Returns predictions of every row by a classifier that was trained on the other folds. */
async function predictOutOfFold(
  task: SelectionTask,
  learner: Learner,
  foldOf: Uint8Array,
  onFold: (fold: number) => void,
): Promise<Float64Array> {
  const { table, labels, seed, signal } = task;
  const predicted = new Float64Array(labels.length);
  const folds = foldOf.reduce((most, fold) => Math.max(most, fold + 1), 0);
  for (let fold = 0; fold < folds; fold++) {
    onFold(fold);
    const { inside, outside } = splitAt(foldOf, fold);
    const classifier = await learner.learn({
      ...takeLabelled(task, outside),
      seed: seed + 1 + fold,
      ...(signal && { signal }),
    });
    const own = probabilitiesOf(classifier, takeRows(table, inside));
    for (const [place, row] of inside.entries()) predicted[row] = own[place];
  }
  return predicted;
}

async function learnWith(task: SelectionTask, learner: Learner, foldOf: Uint8Array): Promise<Learned> {
  const { table, labels, weights, seed, signal, measure = plainMeasure } = task;
  const { name } = learner;
  const total = maxFolds + 1;
  return measure(name, async onProgress => {
    onProgress(0, total);
    const rows = { table, labels, ...(weights && { weights }) };
    const classifier = await learner.learn({ ...rows, seed, ...(signal && { signal }) });
    const own = classifier.outOfSample;
    const outOfFold =
      own && !own.some(Number.isNaN)
        ? own
        : await predictOutOfFold(task, learner, foldOf, fold => onProgress(1 + fold, total));
    onProgress(total, total);
    return { name, outOfFold, classifier };
  });
}

/** Blends what several learners made. */
function blendOf(parts: readonly Learned[], { labels, weights }: SelectionTask): Learned {
  const predictions = parts.map(({ outOfFold }) => outOfFold);
  const blend = fitBlend(predictions, labels, weights);
  const outOfFold = new Float64Array(labels.length);
  blend.into(predictions, outOfFold);
  return {
    name: blendName,
    outOfFold,
    classifier: blendedClassifier(
      blend,
      parts.map(({ classifier }) => classifier),
    ),
  };
}

/**
 * Learns with every learner and, where there are several, blends them. Returns the classifiers in the order of the learners,
 * the blend last. Each learner works five times.
 *
 * @throws {GatewayError} CANCELLED. @throws {RangeError} when lengths do not agree, or a label has fewer than two rows
 */
export async function learnAll(task: SelectionTask): Promise<readonly Learned[]> {
  const { table, labels, weights, seed, learners } = task;
  checkRows(table, labels, weights);
  const positive = labels.reduce((sum, label) => sum + label, 0);
  const rare = Math.min(positive, labels.length - positive);
  if (rare < 2)
    throw new RangeError(
      `Expected at least two rows of each label; got ${positive} of ${labels.length} positive.`,
    );
  const foldOf = stratifiedFolds(labels, Math.min(maxFolds, rare), seed);
  const learned: Learned[] = [];
  for (const learner of learners) learned.push(await learnWith(task, learner, foldOf));
  if (learned.length > 1) learned.push(blendOf(learned, task));
  return learned;
}

/** Calibrates what a learner made. @param labels - of the rows that it learned from */
export function selectedOf({ name, outOfFold, classifier }: Learned, labels: Uint8Array): SelectedClassifier {
  const { calibration, logLoss } = chooseCalibration({ probabilities: outOfFold, labels });
  return {
    name,
    classifier: calibratedClassifier(classifier, calibration),
    calibration: calibration.kind,
    validation: { logLoss, auc: aucOf(outOfFold, labels) },
  };
}

/** Returns the classifier with the least log-loss on validation; the first of equal ones. */
export const bestOf = (selected: readonly SelectedClassifier[]): SelectedClassifier =>
  selected.reduce((best, other) => (other.validation.logLoss < best.validation.logLoss ? other : best));
