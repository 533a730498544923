import type { Forecast, Forecaster } from './forecaster';
import type { ActionSteps } from './steps';
import { type ActionTargets, returnDays } from './targets';
import { followSteps } from './window';

/** Probabilities of a binary question and its outcomes: one entry per step with a known outcome. */
export interface BinaryPredictions {
  readonly probabilities: Float64Array;
  /** 1 where the event happened. */
  readonly outcomes: Uint8Array;
}

/** Predictions of a forecaster at the steps of a window, with their outcomes. */
export interface Predictions {
  /** User row of each step with a known next action, ascending. */
  readonly users: Uint32Array;
  /** How many actions there are. */
  readonly actionCount: number;
  /** [steps × actionCount]: probabilities. */
  readonly actions: Float64Array;
  /** The action that came; one per step. */
  readonly labels: Uint8Array;
  readonly purchase: BinaryPredictions;
  readonly abandonment: BinaryPredictions;
  /** By `returnDays`. */
  readonly returns: readonly BinaryPredictions[];
  /** Mean absolute error of the expected minutes; NaN without a following event. */
  readonly minutesError: number;
  /** Share of the events with a known category whose category had the highest probability; NaN without any. */
  readonly categoryHit: number;
}

/** Growing columns of a binary question. */
interface BinaryColumns {
  readonly probabilities: number[];
  readonly outcomes: number[];
}

const emptyColumns = (): BinaryColumns => ({ probabilities: [], outcomes: [] });

function addTo(columns: BinaryColumns, probability: number | null, target: number): void {
  if (target < 0 || probability === null) return;
  columns.probabilities.push(probability);
  columns.outcomes.push(target);
}

const predictionsOfColumns = ({ probabilities, outcomes }: BinaryColumns): BinaryPredictions => ({
  probabilities: Float64Array.from(probabilities),
  outcomes: Uint8Array.from(outcomes),
});

/** Sums for means that are not of probabilities. */
interface Means {
  minutes: number;
  minutesError: number;
  categories: number;
  categoryHits: number;
}

function addToMeans(means: Means, targets: ActionTargets, step: number, forecast: Forecast): void {
  if (!Number.isNaN(targets.minutes[step])) {
    means.minutes++;
    means.minutesError += Math.abs(forecast.expectedMinutes - targets.minutes[step]);
  }
  if (targets.category[step] < 0) return;
  means.categories++;
  means.categoryHits += Number(forecast.categories[0]?.category === targets.category[step]);
}

/** Makes predictions at every step of a window that has a known outcome. O(steps of the shoppers with such steps). */
export function predictionsOf(
  forecaster: Forecaster,
  steps: ActionSteps,
  targets: ActionTargets,
): Predictions {
  const [users, labels, actions]: [number[], number[], number[]] = [[], [], []];
  const [purchase, abandonment] = [emptyColumns(), emptyColumns()];
  const returns = returnDays.map(emptyColumns);
  const actionCount = steps.actions.length;
  const means: Means = { minutes: 0, minutesError: 0, categories: 0, categoryHits: 0 };
  let user = 0;
  followSteps(steps, targets, forecaster, (step, state) => {
    while (step >= steps.offsets[user + 1]) user++;
    const forecast = forecaster.forecast(state);
    if (targets.next[step] >= 0) {
      users.push(user);
      labels.push(targets.next[step]);
      for (let action = 0; action < actionCount; action++) actions.push(forecast.actions[action]);
    }
    addTo(purchase, forecast.purchase, targets.purchase[step]);
    addTo(abandonment, forecast.abandonment, targets.abandonment[step]);
    for (const [index, columns] of returns.entries())
      addTo(columns, forecast.returnWithin[index], targets.returns[index][step]);
    addToMeans(means, targets, step, forecast);
  });
  return {
    users: Uint32Array.from(users),
    actionCount,
    actions: Float64Array.from(actions),
    labels: Uint8Array.from(labels),
    purchase: predictionsOfColumns(purchase),
    abandonment: predictionsOfColumns(abandonment),
    returns: returns.map(predictionsOfColumns),
    minutesError: means.minutesError / means.minutes,
    categoryHit: means.categoryHits / means.categories,
  };
}
