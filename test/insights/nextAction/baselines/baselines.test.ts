import { countFrequencies, type Order } from '../../../../src/insights/nextAction/baselines/frequencies';
import { frequencyForecaster } from '../../../../src/insights/nextAction/baselines/frequencyForecaster';
import { treeForecaster } from '../../../../src/insights/nextAction/baselines/treeForecaster';
import { type ActionTrees, growActionTrees } from '../../../../src/insights/nextAction/baselines/trees';
import { figuresOf } from '../../../../src/insights/nextAction/figures';
import type { Forecaster } from '../../../../src/insights/nextAction/forecaster';
import { predictionsOf } from '../../../../src/insights/nextAction/predictions';
import type { ActionSteps } from '../../../../src/insights/nextAction/steps';
import { actionTargetsOf } from '../../../../src/insights/nextAction/targets';
import { followSteps } from '../../../../src/insights/nextAction/window';
import { aucOf } from '../../../../src/numeric/classification';
import { codeOf, dayMs, endAction, sessionOfTypes, stepsOfEvents } from '../actionSteps';
import { longMemoryEvents } from '../longMemory';

const everything = { after: Number.NEGATIVE_INFINITY, until: 365 * dayMs };

const counted = (steps: ActionSteps, order: Order): Forecaster =>
  frequencyForecaster(countFrequencies(steps, actionTargetsOf(steps, everything), order, 0));

const boosting = {
  rounds: 30,
  learningRate: 0.3,
  leaves: 8,
  minHessian: 1,
  l2: 1,
  minGain: 0,
  rowShare: 1,
  columnShare: 1,
  patience: 30,
};

async function grown(steps: ActionSteps, seed = 1): Promise<ActionTrees> {
  const { trees } = await growActionTrees({
    steps,
    train: actionTargetsOf(steps, everything),
    validation: null,
    rounds: null,
    categories: 0,
    settings: boosting,
    maxRows: 100_000,
    seed,
    onRound: () => undefined,
  });
  return trees;
}

const measured = (forecaster: Forecaster, steps: ActionSteps) =>
  figuresOf(predictionsOf(forecaster, steps, actionTargetsOf(steps, everything)));

/** Predictions of the next action at every step. */
function actionsSaid(forecaster: Forecaster, steps: ActionSteps): Float32Array[] {
  const said: Float32Array[] = [];
  followSteps(steps, actionTargetsOf(steps, everything), forecaster, (_, state) => {
    said.push(forecaster.forecast(state).actions);
  });
  return said;
}

describe('frequencies', () => {
  it('are shrunk towards those of a shorter context', async () => {
    // Once v → a → end, once v → b → end: of 4 steps 1 goes to a, 1 to b, 2 end.
    const steps = await stepsOfEvents([...sessionOfTypes('u', 'va'), ...sessionOfTypes('w', 'vb')]);
    const [said] = actionsSaid(counted(steps, 0), steps);
    expect(said[codeOf('CART_ADD')]).toBeCloseTo((1 + 1 / 12) / 5, 6);
    expect(said[endAction]).toBeCloseTo((2 + 1 / 12) / 5, 6);
    const [afterView] = actionsSaid(counted(steps, 1), steps);
    expect(afterView[codeOf('CART_ADD')]).toBeCloseTo((1 + 10 * ((1 + 1 / 12) / 5)) / 12, 6);
  });

  it('of order two use a type that those of order one do not', async () => {
    const events = Array.from({ length: 60 }, (_, user) =>
      sessionOfTypes(`u${user}`, user % 2 === 0 ? 'vwa' : 'cws'),
    ).flat();
    const steps = await stepsOfEvents(events);
    const [first, second] = [measured(counted(steps, 1), steps), measured(counted(steps, 2), steps)];
    expect(second['accuracy']).toBeGreaterThan(first['accuracy']);
    expect(second['logLoss']).toBeLessThan(first['logLoss']);
  });

  it('depend on where a session begins', async () => {
    // A first view is followed by another, that one by the end.
    const events = Array.from({ length: 40 }, (_, user) => sessionOfTypes(`u${user}`, 'vv')).flat();
    const steps = await stepsOfEvents(events);
    expect(measured(counted(steps, 2), steps)['accuracy']).toBe(1);
    expect(measured(counted(steps, 1), steps)['accuracy']).toBeLessThan(1);
  });

  it('give probabilities that sum to 1, also for contexts without events', async () => {
    const steps = await stepsOfEvents(sessionOfTypes('u', 'vab'));
    const forecaster = counted(steps, 2);
    const { actions, abandonment, purchase } = forecaster.forecast(forecaster.open());
    expect(actions.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 5);
    expect(Math.min(...actions)).toBeGreaterThan(0);
    expect(purchase).toBeGreaterThan(0);
    expect(abandonment).toBeNull();
  });
});

describe('boosted trees', () => {
  it('use the beginning of a session, unlike counts of two types', async () => {
    const steps = await stepsOfEvents(longMemoryEvents({ seed: 1, users: 60, sessionsEach: 6 }));
    const later = await stepsOfEvents(longMemoryEvents({ seed: 2, users: 40, sessionsEach: 6 }));
    const trees = measured(treeForecaster(await grown(steps)), later);
    const markov = measured(counted(steps, 2), later);
    expect(trees['logLoss']).toBeLessThan(0.8 * markov['logLoss']);
    expect(trees['auc/purchase']).toBeGreaterThan(markov['auc/purchase'] + 0.05);
  });

  it('predict no better than chance when labels are random', async () => {
    const steps = await stepsOfEvents(longMemoryEvents({ seed: 3, users: 60, sessionsEach: 6 }));
    const later = await stepsOfEvents(longMemoryEvents({ seed: 4, users: 40, sessionsEach: 6 }));
    const forecaster = treeForecaster(await grown(steps));
    const { probabilities } = predictionsOf(forecaster, later, actionTargetsOf(later, everything)).purchase;
    const drawn = Uint8Array.from(probabilities, (_, index) => ((index * 7919) % 3 === 0 ? 1 : 0));
    expect(Math.abs(aucOf(probabilities, drawn) - 0.5)).toBeLessThan(0.06);
  });

  it('predict the same at a step for any later steps', async () => {
    const events = longMemoryEvents({ seed: 5, users: 20, sessionsEach: 4 });
    const until = 2.2 * dayMs;
    const whole = await stepsOfEvents(events);
    const past = await stepsOfEvents(events.filter(({ at = 0 }) => at <= until));
    const forecaster = treeForecaster(await grown(whole));
    const saidOf = (steps: ActionSteps): string[] => {
      const said: string[] = [];
      // Every step of both is tested. Their positions differ, so they are matched by time.
      followSteps(steps, actionTargetsOf(steps, everything), forecaster, (step, state) => {
        if (steps.occurredAt[step] <= until)
          said.push(`${steps.occurredAt[step]} ${forecaster.forecast(state).actions.join()}`);
      });
      return said;
    };
    expect(saidOf(past)).toEqual(saidOf(whole));
  });

  it('are the same for the same seed', async () => {
    const steps = await stepsOfEvents(longMemoryEvents({ seed: 6, users: 20, sessionsEach: 3 }));
    expect(await grown(steps)).toEqual(await grown(steps));
  });

  it('leave questions with equal outcomes to frequencies', async () => {
    const steps = await stepsOfEvents(sessionOfTypes('u', 'v'));
    const trees = await grown(steps);
    expect(trees.actions).toBeNull();
    const forecaster = treeForecaster(trees);
    const { actions } = forecaster.forecast(forecaster.open());
    expect(actions.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 5);
  });
});
