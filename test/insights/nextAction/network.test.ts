import { largestDifference } from '../../../bench/networkAgreement';
import type { InteractionType } from '../../../src/domain/interaction';
import { networkForecaster } from '../../../src/insights/nextAction/network/forward';
import { networkSettings } from '../../../src/insights/nextAction/network/settings';
import { networkArrays, networkOf } from '../../../src/insights/nextAction/network/stored';
import { nextActionTasks } from '../../../src/insights/nextAction/network/tasks';
import {
  type NetworkMaterial,
  type TrainedNetwork,
  trainNetwork,
} from '../../../src/insights/nextAction/network/train';
import type { ActionSteps } from '../../../src/insights/nextAction/steps';
import { actionTargetsOf } from '../../../src/insights/nextAction/targets';
import { type SettingOverrides, settingValuesOf } from '../../../src/learning/settings';
import { createRng } from '../../../src/numeric/rng';
import type { ThreadPool } from '../../../src/numeric/threadPool';
import { trainContext } from '../../support/scorers';
import type { TestEvent } from '../../support/snapshots';
import { codeOf, dayMs, endAction, sessionOfTypes, stepAt, stepsOfEvents } from './actionSteps';

/** Small settings for fast tests. */
const small = {
  rank: 16,
  epochs: 3,
  batchSize: 128,
  maxLength: 8,
  learningRate: 0.02,
  inputDropout: 0,
  stateDropout: 0,
};
const configOf = (overrides: SettingOverrides = {}) =>
  settingValuesOf(networkSettings, { ...small, ...overrides });

/** Sessions whose second event decides the last, four events later; no other event has information about it. */
function chains(users: number, seed: number): TestEvent[] {
  const rng = createRng(seed);
  return Array.from({ length: users }, (_, user) =>
    [0, 1, 2].flatMap(session => {
      const isLiked = rng.uniform() < 0.5;
      const types = `v${isLiked ? 'w' : 's'}vccv${isLiked ? 'a' : 'c'}`;
      return sessionOfTypes(`u${`${user}`.padStart(4, '0')}`, types, session * dayMs);
    }),
  ).flat();
}

/** The same a month later, with the two deciding types exchanged. */
function withExchangedTypes(event: TestEvent): TestEvent {
  const others: Readonly<Partial<Record<InteractionType, InteractionType>>> = {
    WISHLIST: 'SHARE',
    SHARE: 'WISHLIST',
  };
  const type = event.type ?? 'VIEW';
  return { ...event, at: (event.at ?? 0) + 30 * dayMs, type: others[type] ?? type };
}

const until = 60 * dayMs;
const materialOf = (steps: ActionSteps, judgedFrom = until): NetworkMaterial => ({
  steps,
  categories: 8,
  learned: actionTargetsOf(steps, { after: Number.NEGATIVE_INFINITY, until: judgedFrom }),
  judged: judgedFrom < until ? actionTargetsOf(steps, { after: judgedFrom, until }) : null,
});

/** Runs payloads last to first, as threads may. */
const backwardsPool: ThreadPool = {
  size: 3,
  async run(task, payloads) {
    const tasks = new Map(Object.entries(nextActionTasks));
    return payloads.toReversed().map(payload => tasks.get(task)?.(payload));
  },
};

const context = trainContext(1, nextActionTasks);

/** Probability of a type after the first `length` steps of the first user. */
function probabilityAfter(network: TrainedNetwork, steps: ActionSteps, length: number, type: number): number {
  const forecaster = networkForecaster(network);
  const state = forecaster.open();
  for (let index = 0; index < length; index++) forecaster.step(state, stepAt(steps, index));
  return forecaster.forecast(state).actions[type];
}

describe.each([
  ['a long short-term memory', 'lstm'],
  ['a gated recurrent unit', 'gru'],
])('the network of next action as %s', (_, cell) => {
  let network: TrainedNetwork;
  let steps: ActionSteps;

  beforeAll(async () => {
    steps = await stepsOfEvents(chains(100, 1));
    network = await trainNetwork(materialOf(steps), configOf({ cell, epochs: 25 }), context);
  });

  it('uses an early event that decides the end of a long session', async () => {
    for (const [types, likely] of [
      ['vwvccv', 'CART_ADD'],
      ['vsvccv', 'CLICK'],
    ] as const) {
      const asked = await stepsOfEvents(sessionOfTypes('u', types));
      expect(probabilityAfter(network, asked, 6, codeOf(likely))).toBeGreaterThan(0.9);
      expect(probabilityAfter(network, asked, 2, codeOf('VIEW'))).toBeGreaterThan(0.9);
    }
    const whole = await stepsOfEvents(sessionOfTypes('u', 'vwvccva'));
    expect(probabilityAfter(network, whole, 7, endAction)).toBeGreaterThan(0.9);
  });

  it('returns the trained predictions, also after loading an artifact', () => {
    const header = { model: 'next-action', config: {}, snapshotDigest: '', asOf: 0, seed: 1 };
    const artifact = { header, arrays: new Map(networkArrays(network)) };
    expect(largestDifference(networkOf(artifact, network.shape.types), steps, 40)).toBeLessThan(1e-5);
    artifact.arrays.set('network/weights', network.weights.subarray(1));
    expect(() => networkOf(artifact, network.shape.types)).toThrow(/elements in network\/weights/);
  });

  it('gives equal bytes in any order of its payloads, and others from another seed', async () => {
    const material = materialOf(steps);
    const trained = (seed: number, threads = context.threads) =>
      trainNetwork(material, configOf({ cell, epochs: 2, inputDropout: 0.2 }), { ...context, seed, threads });
    const [serial, backwards, other] = [await trained(1), await trained(1, backwardsPool), await trained(2)];
    expect(backwards.weights).toEqual(serial.weights);
    expect(other.weights).not.toEqual(serial.weights);
  });
});

describe('the network of next action', () => {
  it('returns a whole forecast: probabilities, and a cart only where one is open', async () => {
    const steps = await stepsOfEvents(chains(30, 2));
    const network = await trainNetwork(materialOf(steps), configOf(), context);
    const forecaster = networkForecaster(network);
    const asked = await stepsOfEvents(sessionOfTypes('u', 'va'));
    const state = forecaster.open();
    forecaster.step(state, stepAt(asked, 0));
    const before = forecaster.forecast(state);
    forecaster.step(state, stepAt(asked, 1));
    const after = forecaster.forecast(state);
    expect([before.abandonment === null, after.abandonment === null]).toEqual([true, false]);
    expect(after.actions.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 5);
    expect(after.expectedMinutes).toBeCloseTo(1, 3);
    for (const share of [after.purchase, ...after.returnWithin, after.abandonment]) {
      expect(share).toBeGreaterThan(0);
      expect(share).toBeLessThan(1);
    }
    expect(after.categories.every(({ category }) => category > 0)).toBe(true);
  });

  it('stops when later steps are predicted no better, and keeps the best weights', async () => {
    // Validation contradicts what was learned: every epoch makes it worse.
    const events = [...chains(60, 3), ...chains(60, 3).map(withExchangedTypes)];
    const material = materialOf(await stepsOfEvents(events), 10 * dayMs);
    const config = configOf({ epochs: 40, patience: 2, learningRate: 0.05 });
    const { epochs, validationLosses } = await trainNetwork(material, config, context);
    const totals = validationLosses.map(({ total }) => total);
    expect(validationLosses.length).toBe(epochs + 2);
    expect(totals[epochs - 1]).toBe(Math.min(...totals));
  });

  it('learns nothing from masked steps', async () => {
    const steps = await stepsOfEvents(chains(30, 4));
    const material = materialOf(steps);
    const { next } = material.learned;
    // Every type but views is masked: training sees only views as next events.
    for (const [step, type] of next.entries()) if (type !== codeOf('VIEW')) next[step] = -1;
    const network = await trainNetwork(material, configOf({ epochs: 8 }), context);
    for (const length of [1, 3, 6])
      expect(probabilityAfter(network, steps, length, codeOf('VIEW'))).toBeGreaterThan(0.95);
  });

  it('rejects when it is cancelled', async () => {
    const controller = new AbortController();
    controller.abort();
    const material = materialOf(await stepsOfEvents(chains(5, 5)));
    await expect(
      trainNetwork(material, configOf(), { ...context, signal: controller.signal }),
    ).rejects.toMatchObject({ code: 'CANCELLED' });
  });
});
