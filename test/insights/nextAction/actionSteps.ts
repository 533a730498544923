import { type InteractionType, interactionCodes } from '../../../src/domain/interaction';
import { firstActions } from '../../../src/insights/nextAction/actions';
import { emptyStep, readStepInto, type Step } from '../../../src/insights/nextAction/step';
import { type ActionSteps, actionStepsOf } from '../../../src/insights/nextAction/steps';
import { actionVocabularyOf } from '../../../src/insights/nextAction/vocabulary';
import type { Snapshot } from '../../../src/snapshot/snapshot';
import { snapshotOf, type TestEvent } from '../../support/snapshots';

export const minuteMs = 60_000;
export const dayMs = 86_400_000;

/** Code of a type; for the first types also its place among the actions. */
export const codeOf = (type: InteractionType): number => interactionCodes[type];

/** Place of LEAVE among the actions of events of the first types only. */
export const endAction = firstActions.length - 1;

/** The steps of a snapshot, with the vocabulary of the whole snapshot. */
export const stepsOfSnapshot = (snapshot: Snapshot): ActionSteps =>
  actionStepsOf(snapshot, actionVocabularyOf(snapshot, Number.POSITIVE_INFINITY, 8));

/** Steps of some events; `asOf` is a year after the epoch. */
export const stepsOfEvents = async (events: readonly TestEvent[]): Promise<ActionSteps> =>
  stepsOfSnapshot(await snapshotOf(events, 365 * dayMs));

/** One step as an object. */
export function stepAt({ columns }: ActionSteps, index: number): Step {
  const step = emptyStep();
  readStepInto(columns, index, step);
  return step;
}

/** Letters of types: v(iew), c(lick), w(ishlist), a(dd), r(emove), b(uy). */
const letters: Readonly<Record<string, InteractionType>> = {
  v: 'VIEW',
  c: 'CLICK',
  w: 'WISHLIST',
  s: 'SHARE',
  a: 'CART_ADD',
  r: 'CART_REMOVE',
  b: 'PURCHASE',
};

/** A session in letters of types, one event per minute. */
export const sessionOfTypes = (user: string, types: string, at = 0): TestEvent[] =>
  Array.from(types, (letter, index) => ({
    user,
    product: 'p',
    type: letters[letter],
    at: at + index * minuteMs,
  }));
