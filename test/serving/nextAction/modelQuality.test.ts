import { type NextAction, nextActions } from '../../../src/domain/prediction';
import { topCalibrationErrorOf } from '../../../src/numeric/classification';
import { createRng } from '../../../src/numeric/rng';
import { weekQualities, weekStart } from '../../../src/serving/nextAction/modelQuality';
import type { JudgedPrediction } from '../../../src/store/ports/prediction';

const day = 86_400_000;
const monday = Date.UTC(2026, 10, 23);

function judged(
  probabilities: Partial<Record<NextAction, number>>,
  action: NextAction,
  given: Partial<JudgedPrediction> = {},
): JudgedPrediction {
  const actions = nextActions.map(name => probabilities[name] ?? 0);
  return {
    actionNames: nextActions,
    actions,
    modelVersion: 'v1',
    predictedAt: monday,
    outcome: { action, at: monday },
    ...given,
  };
}

async function* inBatches(rows: readonly JudgedPrediction[], size: number) {
  for (let first = 0; first < rows.length; first += size) yield rows.slice(first, first + size);
}

it('aggregates by week and version: equals a case computed by hand', async () => {
  const rows = [
    judged({ VIEW: 0.75, LEAVE: 0.25 }, 'VIEW'),
    judged({ VIEW: 0.75, LEAVE: 0.25 }, 'LEAVE'),
    judged({ PURCHASE: 0.5, LEAVE: 0.5 }, 'LEAVE', { predictedAt: monday + 7 * day - 1 }),
    judged({ LEAVE: 1 }, 'LEAVE', { predictedAt: monday - 1 }),
    judged({ CLICK: 1 }, 'CLICK', { modelVersion: 'v2' }),
  ];
  const weeks = await weekQualities(inBatches(rows, 2));
  expect(
    weeks.map(({ week, startsAt, modelVersion, predictions }) => [week, startsAt, modelVersion, predictions]),
  ).toEqual([
    ['2026-W48', monday, 'v2', 1],
    ['2026-W48', monday, 'v1', 3],
    ['2026-W47', monday - 7 * day, 'v1', 1],
  ]);
  const [, first] = weeks;
  expect(first.accuracy).toBeCloseTo(1 / 3, 12);
  expect(first.logLoss).toBeCloseTo(-(Math.log(0.75) + Math.log(0.25) + Math.log(0.5)) / 3, 12);
  // Probability .75 twice, correct once: the excess is .5 in total.
  // Probability .5 once, wrong: of equal ones the first is predicted.
  expect(first.ece).toBeCloseTo((0.5 + 0.5) / 3, 12);
  const filled = first.bins.filter(({ predictions }) => predictions > 0);
  expect(filled).toEqual([
    { above: 0.4, upTo: 0.5, predictions: 1, meanProbability: 0.5, accuracy: 0 },
    { above: 0.7, upTo: 0.8, predictions: 2, meanProbability: 0.75, accuracy: 0.5 },
  ]);
  expect(first.bins).toHaveLength(10);
  expect(first.bins[0].meanProbability).toBeNaN();
});

it('reads the actions of each prediction by the names it was written with', async () => {
  const named = (actionNames: readonly string[], actions: readonly number[], action: NextAction) => ({
    ...judged({}, action),
    actionNames,
    actions,
  });
  const rows = [
    judged({ VIEW: 0.75, LEAVE: 0.25 }, 'VIEW'),
    named(['LEAVE', 'VIEW'], [0.25, 0.75], 'VIEW'),
    named(['VIEW', 'FUTURE_TYPE', 'LEAVE'], [0.25, 0.5, 0.25], 'LEAVE'),
  ];
  const [week] = await weekQualities(inBatches(rows, 2));
  // The third predicts a type that this version does not know: a miss, and the bin of its probability counts it.
  expect(week).toMatchObject({ predictions: 3, accuracy: 2 / 3 });
  expect(week.logLoss).toBeCloseTo(-(2 * Math.log(0.75) + Math.log(0.25)) / 3, 12);
  expect(week.ece).toBeCloseTo((2 * 0.25 + 0.5) / 3, 12);
});

it('counts an outcome that a prediction does not name as predicted with probability 0', async () => {
  const few = { ...judged({}, 'SHARE'), actionNames: ['VIEW', 'LEAVE'], actions: [0.75, 0.25] };
  const [week] = await weekQualities(inBatches([judged({ SHARE: 1 }, 'SHARE'), few], 2));
  expect(week).toMatchObject({ predictions: 2, accuracy: 0.5 });
  expect(week.logLoss).toBeCloseTo(-Math.log(1e-15) / 2, 12);
});

it('agrees with the calibration error of trainings, for any division of rows into batches', async () => {
  const rng = createRng(7);
  const rows = Array.from({ length: 500 }, () => {
    const raw = nextActions.map(() => rng.uniform() ** 4);
    const sum = raw.reduce((total, value) => total + value, 0);
    const actions = raw.map(value => value / sum);
    return { ...judged({}, nextActions[rng.int(nextActions.length)]), actions };
  });
  const [whole] = await weekQualities(inBatches(rows, 500));
  const [pieces] = await weekQualities(inBatches(rows, 7));
  expect(pieces).toEqual(whole);
  const probabilities = rows.flatMap(({ actions }) => actions);
  const labels = rows.map(({ outcome }) => nextActions.indexOf(outcome.action));
  const expected = topCalibrationErrorOf({ classes: nextActions.length, probabilities, labels }, 10);
  expect(whole.ece).toBeCloseTo(expected, 12);
});

it.each([
  ['2026-01-01T00:00:00Z', '2026-W01'],
  ['2025-12-28T23:59:59Z', '2025-W52'],
  ['2025-12-29T00:00:00Z', '2026-W01'],
  ['2027-01-03T12:00:00Z', '2026-W53'],
  ['2027-01-04T00:00:00Z', '2027-W01'],
])('names the week of %s %s', async (instant, week) => {
  const predictedAt = Date.parse(instant);
  const [found] = await weekQualities(inBatches([judged({ VIEW: 1 }, 'VIEW', { predictedAt })], 1));
  expect(found.week).toBe(week);
  expect(new Date(weekStart(predictedAt)).getUTCDay()).toBe(1);
});

it('is empty without predictions', async () => {
  expect(await weekQualities(inBatches([], 1))).toEqual([]);
});
