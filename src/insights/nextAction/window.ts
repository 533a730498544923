import type { EventColumns } from '../../snapshot/snapshot';
import { emptyStep, readStepInto, type Step } from './step';
import type { ActionSteps } from './steps';
import type { ActionTargets } from './targets';

/** The ends of the train, validation and test parts of a snapshot. Milliseconds since the epoch. */
export interface TimeSplit {
  /** Steps up to it are trained on. */
  readonly trainUntil: number;
  /** On steps after `trainUntil` up to it, settings, epochs and temperatures are chosen. */
  readonly validateUntil: number;
  /** Steps after `validateUntil` up to it are test data. */
  readonly testUntil: number;
}

const [trainShare, validationShare] = [0.7, 0.15];

/** Splits time so that the parts have 70, 15 and 15 % of the events; events of one instant stay together. */
export function timeSplitOf({ occurredAt }: Pick<EventColumns, 'occurredAt'>, asOf: number): TimeSplit {
  const times = occurredAt.slice().sort();
  const at = (share: number): number => times[Math.max(0, Math.ceil(times.length * share) - 1)] ?? asOf;
  return { trainUntil: at(trainShare), validateUntil: at(trainShare + validationShare), testUntil: asOf };
}

/** Returns whether any target is known at a step. */
function isAsked(targets: ActionTargets, step: number): boolean {
  const { next, purchase, abandonment, returns } = targets;
  if (next[step] >= 0 || purchase[step] >= 0 || abandonment[step] >= 0) return true;
  return returns.some(within => within[step] >= 0);
}

/** Takes steps, such as a forecaster. */
export interface Follower {
  open(): Float32Array;
  step(state: Float32Array, step: Readonly<Step>): void;
}

/**
 * Follows every shopper from their first step to the last step with a known target, and calls `visit` at every step that has
 * one.
 */
export function followSteps(
  steps: ActionSteps,
  targets: ActionTargets,
  follower: Follower,
  visit: (step: number, state: Float32Array) => void,
): void {
  const { offsets, columns } = steps;
  const current = emptyStep();
  for (let user = 0; user + 1 < offsets.length; user++) {
    let end = offsets[user + 1];
    while (end > offsets[user] && !isAsked(targets, end - 1)) end--;
    const state = follower.open();
    for (let step = offsets[user]; step < end; step++) {
      readStepInto(columns, step, current);
      follower.step(state, current);
      if (isAsked(targets, step)) visit(step, state);
    }
  }
}
