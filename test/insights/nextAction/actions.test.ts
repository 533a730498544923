import { interactionCodes } from '../../../src/domain/interaction';
import { actionsOf, firstActions, firstTypes, placesOf } from '../../../src/insights/nextAction/actions';
import { baselineCandidates, networkCandidate } from '../../../src/insights/nextAction/candidates';
import { learnNextAction } from '../../../src/insights/nextAction/learn';
import { loadNextAction } from '../../../src/insights/nextAction/load';
import { nextActionTasks } from '../../../src/insights/nextAction/network/tasks';
import type { NextActionReading } from '../../../src/insights/nextAction/reading';
import { nextActionSettings } from '../../../src/insights/nextAction/settings';
import { actionStepsOf } from '../../../src/insights/nextAction/steps';
import { servedArrays } from '../../../src/insights/nextAction/stored';
import { actionTargetsOf } from '../../../src/insights/nextAction/targets';
import { actionVocabularyOf } from '../../../src/insights/nextAction/vocabulary';
import { settingValuesOf } from '../../../src/learning/settings';
import { interaction, product } from '../../serving/support';
import { trainContext } from '../../support/scorers';
import { snapshotOf, type TestEvent } from '../../support/snapshots';
import { dayMs, minuteMs } from './actionSteps';

const everything = { after: Number.NEGATIVE_INFINITY, until: Number.POSITIVE_INFINITY };
const small = { rank: 8, epochs: 2, batchSize: 64, maxTreeRounds: 2, maxTreeLeaves: 3, maxCategories: 0 };
const config = settingValuesOf(nextActionSettings, small);
const candidates = [...baselineCandidates, networkCandidate];

/** Sessions of a view, a share, and a purchase or another view. */
const events = Array.from({ length: 40 }, (_, session): TestEvent[] =>
  (['VIEW', 'SHARE', session % 4 === 0 ? 'VIEW' : 'PURCHASE'] as const).map((type, step) => ({
    ...{ user: `u${session % 8}`, product: `p${session % 3}`, type },
    at: session * dayMs + step * minuteMs,
  })),
).flat();

/** Trains a candidate with only some actions on the events, and loads it from its artifact. */
async function learned(
  { name, learn }: (typeof candidates)[number],
  actions: readonly string[],
): Promise<NextActionReading> {
  const snapshot = await snapshotOf(events, 100 * dayMs);
  const vocabulary = { ...actionVocabularyOf(snapshot, snapshot.asOf, 0), actions };
  const steps = actionStepsOf(snapshot, vocabulary);
  const targets = actionTargetsOf(steps, everything);
  const material = { steps, categories: 0, learned: targets, judged: null, effort: null };
  const { arrays } = await learn(material, config, trainContext(1, nextActionTasks));
  const temperatures = { actions: 1, purchase: 1, abandonment: 1, returns: [1, 1, 1] as const };
  const served = servedArrays({ vocabulary, servedBy: name, temperatures });
  const header = { model: 'next-action', config: {}, snapshotDigest: '', asOf: 0, seed: 1 };
  return loadNextAction({ header, arrays: new Map([...served, ...arrays]) });
}

const happened = (index: number, type: TestEvent['type']) =>
  interaction(`e${index}`, 'ann', product(1), type, index * minuteMs);

/** The forecast after some types, by name. */
function forecastAfter(reading: NextActionReading, types: readonly NonNullable<TestEvent['type']>[]) {
  const shopper = reading.openShopper();
  for (const [index, type] of types.entries()) shopper.take(happened(index, type), undefined);
  const { actions, ...rest } = shopper.forecast();
  const named = Object.fromEntries(reading.actions.map((name, place) => [name, actions[place]]));
  return { ...rest, actions: named };
}

describe('the list of actions', () => {
  it('is the first types and LEAVE, whether they occur or not', async () => {
    const { events: columns } = await snapshotOf([{ user: 'u', product: 'p' }]);
    expect(actionsOf(columns)).toEqual(firstActions);
    expect(firstActions).toEqual([...firstTypes, 'LEAVE']);
  });

  it('has a later type before LEAVE where the shop has events of it', async () => {
    const { events: columns } = await snapshotOf([
      { user: 'u', product: 'p', type: 'REVIEW' },
      { user: 'u', product: 'p' },
    ]);
    expect(actionsOf(columns)).toEqual([...firstTypes, 'REVIEW', 'LEAVE']);
  });

  it('gives a type the place of its name, and none to a type that it does not have', () => {
    const placeOf = placesOf(['PURCHASE', 'VIEW', 'LEAVE']);
    expect(placeOf(interactionCodes.PURCHASE)).toBe(0);
    expect(placeOf(interactionCodes.VIEW)).toBe(1);
    expect(placeOf(interactionCodes.SHARE)).toBe(-1);
    expect(placeOf(255)).toBe(-1);
  });
});

describe.each(candidates)('$name with fewer types', candidate => {
  const actions = ['PURCHASE', 'VIEW', 'LEAVE'];

  it('is loaded and serves by the names it was trained with', async () => {
    const reading = await learned(candidate, actions);
    expect(reading.actions).toEqual(actions);
    const { actions: named } = forecastAfter(reading, ['VIEW']);
    expect(named['PURCHASE'] + named['VIEW'] + named['LEAVE']).toBeCloseTo(1, 5);
  });

  it('ignores events of types that it does not know', async () => {
    const reading = await learned(candidate, actions);
    const after = forecastAfter(reading, ['VIEW', 'SHARE', 'SHARE', 'PURCHASE']);
    const shopper = reading.openShopper();
    for (const [index, type] of [[0, 'VIEW'] as const, [3, 'PURCHASE'] as const])
      shopper.take(happened(index, type), undefined);
    const { actions: expected, ...rest } = shopper.forecast();
    expect(after).toMatchObject(rest);
    expect(Object.values(after.actions)).toEqual([...expected]);
  });
});

it('predicts the counted shares by name, for any order of the names', async () => {
  const [, markov1] = baselineCandidates;
  const [one, other] = [
    await learned(markov1, ['PURCHASE', 'VIEW', 'LEAVE']),
    await learned(markov1, firstActions),
  ];
  const [few, all] = [forecastAfter(one, ['VIEW']).actions, forecastAfter(other, ['SHARE']).actions];
  // Three sessions of four end in a purchase; without SHARE it follows the view.
  expect(few['PURCHASE']).toBeGreaterThan(2 * few['VIEW']);
  expect(all['PURCHASE']).toBeGreaterThan(2 * all['VIEW']);
});

it('learns a later type where the shop has events of it, and changes nothing where it has none', async () => {
  const reviewed = events.map(event =>
    event.type === 'SHARE' ? { ...event, type: 'REVIEW' as const } : event,
  );
  const learn = async (given: readonly TestEvent[]) => {
    const snapshot = await snapshotOf([
      ...given,
      ...given.map(event => ({ ...event, user: `${event.user}-b` })),
    ]);
    const context = trainContext(1, nextActionTasks);
    return (await learnNextAction('next-action', snapshot, config, context)).artifact;
  };
  const [with11, with12] = [loadNextAction(await learn(events)), loadNextAction(await learn(reviewed))];
  expect(with11.actions).toEqual(firstActions);
  expect(with12.actions).toEqual([...firstTypes, 'REVIEW', 'LEAVE']);
  expect(forecastAfter(with12, ['VIEW']).actions['REVIEW']).toBeGreaterThan(0.5);
  expect(forecastAfter(with11, ['VIEW']).actions['SHARE']).toBeGreaterThan(0.5);
  // A model without REVIEW ignores it; the other knows that a purchase follows it more often than a view.
  const after = forecastAfter(with12, ['VIEW', 'REVIEW']).actions;
  expect(after['PURCHASE']).toBeGreaterThan(after['VIEW']);
  expect(forecastAfter(with11, ['VIEW', 'REVIEW'])).toEqual(forecastAfter(with11, ['VIEW']));
});

it('refuses a list of actions without LEAVE at its end', async () => {
  await expect(learned(baselineCandidates[0], ['LEAVE', 'VIEW'])).rejects.toMatchObject({
    code: 'ARTIFACT_DAMAGED',
  });
});
