import {
  type LabelledRows,
  type Learner,
  probabilitiesOf,
  takeLabelled,
} from '../../learning/tabular/learner';
import {
  bestOverTime,
  type LearnedOverTime,
  learnOverTime,
  type Rehearsed,
} from '../../learning/tabular/overTime';
import {
  bestOf,
  learnAll,
  type SelectedClassifier,
  type SelectionTask,
  selectedOf,
} from '../../learning/tabular/selection';
import { type ResponseMetrics, responseMetrics } from './metrics';
import type { Part, ResponseProtocol } from './parts';

/** How a model did on one part. */
export interface PartOutcome {
  readonly metrics: ResponseMetrics;
  readonly calibration: SelectedClassifier['calibration'];
  readonly validation: SelectedClassifier['validation'];
}

/** How a model did on every part. */
export interface ResponseOutcome {
  readonly model: string;
  readonly parts: readonly PartOutcome[];
}

/** What was tried about rows that change in time. */
export interface DriftReport {
  readonly baseRates: {
    readonly train: number;
    readonly earlier: number;
    readonly last: number;
    readonly test: number;
  };
  /** Ways to learn, and how they did on the last tenth of the training rows. */
  readonly rehearsed: readonly Rehearsed[];
  readonly chosen: readonly Rehearsed[];
}

/** The outcome of all models. */
export interface ResponseTrial {
  readonly outcomes: readonly ResponseOutcome[];
  /** The model that validation chose, of each part. */
  readonly served: readonly string[];
  /** How the served models did. */
  readonly servedParts: readonly PartOutcome[];
  /** Only where rows are divided by time. */
  readonly drift: DriftReport | null;
}

/** Arguments of {@link tryResponse}. */
export interface TrialTask extends Pick<SelectionTask, 'seed' | 'signal' | 'measure'> {
  readonly rows: LabelledRows;
  readonly parts: readonly Part[];
  readonly protocol: ResponseProtocol;
  readonly learners: readonly Learner[];
}

const shareOf = (labels: Uint8Array): number => labels.reduce((sum, label) => sum + label, 0) / labels.length;

const driftOf = (
  { rehearsed, baseRates, selected }: LearnedOverTime,
  train: Uint8Array,
  test: Uint8Array,
): DriftReport => ({
  baseRates: { train: shareOf(train), ...baseRates, test: shareOf(test) },
  rehearsed,
  chosen: selected.map(({ chosen }) => chosen),
});

/** The models of one part, the one that validation chose, and what was tried over time. */
interface LearnedPart {
  readonly selected: readonly SelectedClassifier[];
  readonly best: string;
  readonly overTime: LearnedOverTime | null;
}

async function learnPart(task: SelectionTask, protocol: ResponseProtocol): Promise<LearnedPart> {
  if (protocol.kind === 'time') {
    const overTime = await learnOverTime(task);
    return { selected: overTime.selected, best: bestOverTime(overTime.selected).name, overTime };
  }
  const selected = (await learnAll(task)).map(made => selectedOf(made, task.labels));
  return { selected, best: bestOf(selected).name, overTime: null };
}

/**
 * Learns from every training part with every learner, and measures the calibrated models on its test part.
 *
 * @throws {GatewayError} CANCELLED
 */
export async function tryResponse(task: TrialTask): Promise<ResponseTrial> {
  const { rows, parts, protocol, learners, seed, signal, measure } = task;
  const outcomes = new Map<string, PartOutcome[]>();
  const served: string[] = [];
  const servedParts: PartOutcome[] = [];
  let drift: DriftReport | null = null;
  for (const [number, part] of parts.entries()) {
    const train = takeLabelled(rows, part.train);
    const test = takeLabelled(rows, part.test);
    const learned = await learnPart(
      {
        ...train,
        learners,
        seed: seed + number,
        ...(signal && { signal }),
        ...(measure && { measure }),
      },
      protocol,
    );
    if (learned.overTime) drift = driftOf(learned.overTime, train.labels, test.labels);
    served.push(learned.best);
    for (const { name, classifier, calibration, validation } of learned.selected) {
      const probabilities = probabilitiesOf(classifier, test.table);
      const metrics = responseMetrics({ probabilities, labels: test.labels });
      const outcome = { metrics, calibration, validation };
      outcomes.set(name, [...(outcomes.get(name) ?? []), outcome]);
      if (name === learned.best) servedParts.push(outcome);
    }
  }
  return {
    outcomes: [...outcomes].map(([model, own]) => ({ model, parts: own })),
    served,
    servedParts,
    drift,
  };
}
