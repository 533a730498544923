import type { EventColumns } from '../../snapshot/snapshot';
import { emptyStep, readStepInto, type Step } from './step';
import type { ActionSteps } from './steps';
import type { ActionTargets } from './targets';

/** The three parts of the time that a snapshot tells of. Milliseconds since the epoch. */
export interface TimeSplit {
  /** Steps up to it are learned from. */
  readonly trainUntil: number;
  /** Steps after `trainUntil` up to it: settings, epochs and temperatures are chosen on them. */
  readonly validateUntil: number;
  /** Steps after `validateUntil` up to it are tested on. */
  readonly testUntil: number;
}

const [trainShare, validationShare] = [0.7, 0.15];

/** Cuts time so that the parts hold 70, 15 and 15 % of the events; those of one instant stay together. */
export function timeSplitOf({ occurredAt }: Pick<EventColumns, 'occurredAt'>, asOf: number): TimeSplit {
  const times = occurredAt.slice().sort();
  const at = (share: number): number => times[Math.max(0, Math.ceil(times.length * share) - 1)] ?? asOf;
  return { trainUntil: at(trainShare), validateUntil: at(trainShare + validationShare), testUntil: asOf };
}

/** Which of the questions has an answer at some step: the others are not worth a forecast. */
function isAsked(targets: ActionTargets, step: number): boolean {
  const { next, purchase, abandonment, returns } = targets;
  if (next[step] >= 0 || purchase[step] >= 0 || abandonment[step] >= 0) return true;
  return returns.some(within => within[step] >= 0);
}

/** Something that steps move along. */
export interface Follower {
  open(): Float32Array;
  step(state: Float32Array, step: Readonly<Step>): void;
}

/**
 * Follows every shopper with an answer to some question from their first step to the last such, and calls back at every step
 * that has one.
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
