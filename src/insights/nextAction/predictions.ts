import type { Forecast, Forecaster } from './forecaster';
import type { ActionSteps } from './steps';
import { type ActionTargets, returnDays } from './targets';
import { followSteps } from './window';

/** Probabilities of a question with two answers, and what came: one entry a step that was asked. */
export interface BinaryPredictions {
  readonly probabilities: Float64Array;
  /** 1 where it came true. */
  readonly outcomes: Uint8Array;
}

/** What a forecaster said at the steps of a window, with what came. */
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
  /** Mean distance of the expected minutes from those that passed; NaN where no event followed. */
  readonly minutesError: number;
  /** Share of the events with a known category whose category was the likeliest; NaN without any. */
  readonly categoryHit: number;
}

/** Takes probabilities one by one. */
interface BinaryTally {
  readonly probabilities: number[];
  readonly outcomes: number[];
}

const binaryTally = (): BinaryTally => ({ probabilities: [], outcomes: [] });

function note(tally: BinaryTally, probability: number | null, target: number): void {
  if (target < 0 || probability === null) return;
  tally.probabilities.push(probability);
  tally.outcomes.push(target);
}

const closed = ({ probabilities, outcomes }: BinaryTally): BinaryPredictions => ({
  probabilities: Float64Array.from(probabilities),
  outcomes: Uint8Array.from(outcomes),
});

/** Means of what is no probability. */
interface Means {
  minutes: number;
  minutesError: number;
  categories: number;
  categoryHits: number;
}

function noteMeans(means: Means, targets: ActionTargets, step: number, forecast: Forecast): void {
  if (!Number.isNaN(targets.minutes[step])) {
    means.minutes++;
    means.minutesError += Math.abs(forecast.expectedMinutes - targets.minutes[step]);
  }
  if (targets.category[step] < 0) return;
  means.categories++;
  means.categoryHits += Number(forecast.categories[0]?.category === targets.category[step]);
}

/** Asks a forecaster at every step of a window that has an answer. O(steps of the shoppers asked). */
export function predictionsOf(
  forecaster: Forecaster,
  steps: ActionSteps,
  targets: ActionTargets,
): Predictions {
  const [users, labels, actions]: [number[], number[], number[]] = [[], [], []];
  const [purchase, abandonment] = [binaryTally(), binaryTally()];
  const returns = returnDays.map(binaryTally);
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
    note(purchase, forecast.purchase, targets.purchase[step]);
    note(abandonment, forecast.abandonment, targets.abandonment[step]);
    for (const [index, tally] of returns.entries())
      note(tally, forecast.returnWithin[index], targets.returns[index][step]);
    noteMeans(means, targets, step, forecast);
  });
  return {
    users: Uint32Array.from(users),
    actionCount,
    actions: Float64Array.from(actions),
    labels: Uint8Array.from(labels),
    purchase: closed(purchase),
    abandonment: closed(abandonment),
    returns: returns.map(closed),
    minutesError: means.minutesError / means.minutes,
    categoryHit: means.categoryHits / means.categories,
  };
}
