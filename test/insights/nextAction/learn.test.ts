import { decodeArtifact } from '../../../src/artifact/decode';
import { encodeArtifact } from '../../../src/artifact/encode';
import { nextAction } from '../../../src/insights/nextAction/insight';
import { loadForecaster, loadNextAction } from '../../../src/insights/nextAction/load';
import { nextActionTasks } from '../../../src/insights/nextAction/network/tasks';
import { createStepReader } from '../../../src/insights/nextAction/stepReader';
import { splitInTime } from '../../../src/insights/nextAction/trial';
import type { TrainContext } from '../../../src/learning/trainContext';
import { trainContext } from '../../support/scorers';
import { snapshotOf } from '../../support/snapshots';
import { codeOf, dayMs, endAction, minuteMs } from './actionSteps';
import { longMemoryEvents } from './longMemory';

const events = longMemoryEvents({ seed: 1, users: 40, sessionsEach: 6 });
const small = {
  rank: 8,
  epochs: 2,
  batchSize: 256,
  maxTreeRounds: 6,
  maxTreeLeaves: 8,
  treeLearningRate: 0.4,
  maxCategories: 4,
};
const context = (more: Partial<TrainContext> = {}): TrainContext => ({
  ...trainContext(1, nextActionTasks),
  ...more,
});

/** The bytes of an artifact, and back. */
const learn = async (settings: Readonly<Record<string, number>> = small) => {
  const done = await nextAction.learn(await snapshotOf(events), context(), settings);
  return { ...done, bytes: await encodeArtifact(done.artifact) };
};

/** Trained once for all tests that only read it. */
let learnedOnce: ReturnType<typeof learn> | undefined;
const learned = (): ReturnType<typeof learn> => {
  learnedOnce ??= learn();
  return learnedOnce;
};

/** A session by type and minute. */
const event = (type: number, minute: number) => ({
  type,
  product: 1,
  category: 0,
  price: 0,
  occurredAt: minute * minuteMs,
  session: -1,
});

describe('the next action, learned', () => {
  it('serves the best candidate on validation data, and reports its name and the figures of all', async () => {
    const { metrics, verdict } = await learned();
    expect(verdict.passed).toBe(true);
    expect(verdict.reason).toContain('is served');
    expect(['network', 'boosted-trees']).toContain(metrics['servedBy']);
    for (const name of ['majority', 'markov1', 'markov2', 'boosted-trees', 'network'])
      expect(Number(metrics[`${name}/logLoss`])).toBeGreaterThan(0);
    expect(metrics['logLoss']).toBe(metrics[`${metrics['servedBy']}/logLoss`]);
    expect(Number(metrics['logLoss'])).toBeLessThan(0.9 * Number(metrics['markov2/logLoss']));
  });

  it('serves a baseline where the network does not beat it by the margin', async () => {
    const { metrics, verdict, artifact } = await learn({ ...small, epochs: 1, margin: 1 });
    expect(metrics['servedBy']).toBe('boosted-trees');
    expect(verdict.reason).toMatch(/^boosted-trees is served: the network’s log-loss/);
    expect(loadNextAction(artifact).servedBy).toBe('boosted-trees');
  });

  it('trains neither trees nor a network where every session is one order, and says why', async () => {
    const orders = Array.from({ length: 40 }, (_, user) =>
      Array.from({ length: 8 }, (_order, order) =>
        ['a', 'b', 'c'].map((product, place) => ({
          user: `u${user}`,
          product: `${product}${(user + order * place) % 5}`,
          type: 'PURCHASE' as const,
          at: (7 * order + (user % 7)) * dayMs,
        })),
      ),
    ).flat(2);
    const { metrics, verdict } = await nextAction.learn(await snapshotOf(orders), context(), small);
    expect(verdict.reason).toMatch(/^majority is served: at most one action ever follows/);
    expect(verdict.reason).not.toContain('NaN');
    expect(metrics['servedBy']).toBe('majority');
    for (const name of ['boosted-trees', 'network']) expect(metrics).not.toHaveProperty(`${name}/logLoss`);
  });

  it('gives equal bytes for equal seeds, without any shopper in them', async () => {
    const [first, again] = [await learned(), await learn()];
    expect(Buffer.compare(first.bytes, again.bytes)).toBe(0);
    expect(Buffer.from(first.bytes).includes('secret')).toBe(false);
  });

  it('predicts different ends for sessions begun with a view and with a click, after encoding and decoding', async () => {
    const { bytes } = await learned();
    const { forecaster, vocabulary } = loadForecaster(await decodeArtifact(bytes));
    const saidAfter = (first: number) => {
      const state = forecaster.open();
      const reader = createStepReader(vocabulary.actions);
      const types = [first, ...Array.from({ length: 5 }, () => codeOf('WISHLIST'))];
      for (const [minute, type] of types.entries()) {
        const step = reader.take(event(type, minute));
        if (step !== null) forecaster.step(state, step);
      }
      return forecaster.forecast(state);
    };
    const [viewed, clicked] = [saidAfter(codeOf('VIEW')), saidAfter(codeOf('CLICK'))];
    expect(viewed.actions[codeOf('CART_ADD')]).toBeGreaterThan(2 * clicked.actions[codeOf('CART_ADD')]);
    expect(clicked.actions[codeOf('SHARE')]).toBeGreaterThan(2 * viewed.actions[codeOf('SHARE')]);
    expect(viewed.actions[endAction]).toBeLessThan(0.5);
    expect(viewed.actions.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 5);
  });

  it('refuses an artifact with a missing part', async () => {
    const { artifact } = await learned();
    for (const name of artifact.arrays.keys()) {
      // A missing forest is one that was not trained, which is valid.
      if (/^trees\/.*\/base$/.test(name)) continue;
      const arrays = new Map(artifact.arrays);
      arrays.delete(name);
      expect(() => loadNextAction({ ...artifact, arrays })).toThrow(
        expect.objectContaining({ code: 'ARTIFACT_DAMAGED' }),
      );
    }
  });
});

describe('the data of the next action', () => {
  it('must suffice for the needs of the card', async () => {
    const few = await snapshotOf(events.slice(0, 100));
    await expect(nextAction.learn(few, context(), small)).rejects.toMatchObject({
      code: 'TRAINING_DATA_INSUFFICIENT',
    });
  });

  it('are not processed further when the run is cancelled', async () => {
    const stop = new AbortController();
    const onProgress = (): void => stop.abort();
    const run = nextAction.learn(
      await snapshotOf(events),
      context({ signal: stop.signal, onProgress }),
      small,
    );
    await expect(run).rejects.toMatchObject({ code: 'CANCELLED' });
  });

  it('are split by time: the train part does not depend on later events', async () => {
    const snapshot = await snapshotOf(events);
    const whole = splitInTime(snapshot, 4);
    const times = Float64Array.from(snapshot.events.occurredAt).sort();
    const trainUntil = times[Math.ceil(times.length * 0.7) - 1];
    const past = await snapshotOf(
      events.filter(({ at = 0 }) => at <= trainUntil),
      trainUntil,
    );
    const known = splitInTime(past, 4);
    const knownTimes = new Map(Array.from(known.steps.occurredAt, (at, step) => [at, step]));
    let asked = 0;
    for (let step = 0; step < whole.steps.length; step++) {
      if (whole.train.next[step] < 0) continue;
      asked++;
      expect(whole.steps.occurredAt[step]).toBeLessThanOrEqual(trainUntil);
      expect(knownTimes.has(whole.steps.occurredAt[step])).toBe(true);
      expect(whole.test.next[step]).toBeLessThan(0);
      expect(whole.validation.next[step]).toBeLessThan(0);
    }
    expect(asked).toBeGreaterThan(0.6 * times.length);
  });
});
