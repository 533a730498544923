import {
  calibratedForecaster,
  calibratedPredictions,
  temperaturesOf,
} from '../../../src/insights/nextAction/calibrate';
import { figuresOf, lossesByUser } from '../../../src/insights/nextAction/figures';
import type { Forecaster } from '../../../src/insights/nextAction/forecaster';
import { gateOf } from '../../../src/insights/nextAction/gate';
import type { BinaryPredictions, Predictions } from '../../../src/insights/nextAction/predictions';
import { meanLossOf } from '../../../src/insights/nextAction/trial';
import { createRng } from '../../../src/numeric/rng';

const softmax = (logits: readonly number[], temperature: number): number[] => {
  const powers = logits.map(logit => Math.exp(logit / temperature));
  const sum = powers.reduce((total, power) => total + power, 0);
  return powers.map(power => power / sum);
};

function pick(shares: readonly number[], draw: number): number {
  let left = draw;
  const found = shares.findIndex(share => {
    left -= share;
    return left < 0;
  });
  return found < 0 ? shares.length - 1 : found;
}

const actionCount = 12;

/** Predictions with logits too large by a factor: divided by it, they are calibrated. */
function tooSure(factor: number, rows: number, seed: number): Predictions {
  const rng = createRng(seed);
  const [actions, labels]: [number[], number[]] = [[], []];
  for (let row = 0; row < rows; row++) {
    const logits = Array.from({ length: actionCount }, () => rng.gaussian());
    labels.push(pick(softmax(logits, 1), rng.uniform()));
    actions.push(...softmax(logits, 1 / factor));
  }
  const odds = Float64Array.from({ length: rows }, () => 1.5 * rng.gaussian());
  const answers: BinaryPredictions = {
    probabilities: odds.map(value => 1 / (1 + Math.exp(-value * factor))),
    outcomes: Uint8Array.from(odds, value => Number(rng.uniform() < 1 / (1 + Math.exp(-value)))),
  };
  return {
    users: Uint32Array.from({ length: rows }, (_, row) => Math.floor(row / 10)),
    actionCount,
    actions: Float64Array.from(actions),
    labels: Uint8Array.from(labels),
    purchase: answers,
    abandonment: answers,
    returns: [answers, answers, answers],
    minutesError: 1,
    categoryHit: 1,
  };
}

describe('temperature scaling', () => {
  it.each([0.5, 1, 2.5])('finds the factor by which logits are too large: %s', factor => {
    const temperatures = temperaturesOf(tooSure(factor, 2500, 1));
    expect(temperatures.actions / factor).toBeGreaterThan(0.93);
    expect(temperatures.actions / factor).toBeLessThan(1.07);
    expect(temperatures.purchase / factor).toBeGreaterThan(0.85);
    expect(temperatures.purchase / factor).toBeLessThan(1.15);
  });

  it('calibrates later predictions without changing the most likely action', () => {
    const temperatures = temperaturesOf(tooSure(2.5, 2500, 1));
    const later = tooSure(2.5, 2500, 2);
    const [before, after] = [figuresOf(later), figuresOf(calibratedPredictions(later, temperatures))];
    expect(before['ece']).toBeGreaterThan(0.1);
    expect(after['ece']).toBeLessThan(0.035);
    expect(after['ece/purchase']).toBeLessThan(0.04);
    expect(after['logLoss']).toBeLessThan(before['logLoss']);
    expect(after['accuracy']).toBe(before['accuracy']);
    expect(after['auc/purchase']).toBeCloseTo(before['auc/purchase'], 10);
  });

  it('is at the minimum of the loss', () => {
    const predictions = tooSure(1.7, 500, 3);
    const temperatures = temperaturesOf(predictions);
    const lossAt = (scale: number): number =>
      figuresOf(
        calibratedPredictions(predictions, { ...temperatures, actions: temperatures.actions * scale }),
      )['logLoss'];
    expect(lossAt(1)).toBeLessThan(lossAt(1.01));
    expect(lossAt(1)).toBeLessThan(lossAt(0.99));
  });

  it('changes nothing with too few outcomes', () => {
    expect(temperaturesOf(tooSure(3, 49, 1))).toEqual({
      actions: 1,
      purchase: 1,
      abandonment: 1,
      returns: [1, 1, 1],
    });
  });

  it('predicts the same in serving as in measuring', () => {
    const predictions = tooSure(2, 60, 4);
    const temperatures = { actions: 2, purchase: 1.5, abandonment: 0.7, returns: [1, 2, 3] as const };
    const bare: Forecaster = {
      open: () => Float32Array.of(0),
      step: () => undefined,
      forecast: () => ({
        actions: Float32Array.from(predictions.actions.subarray(0, actionCount)),
        expectedMinutes: 1,
        categories: [],
        purchase: predictions.purchase.probabilities[0],
        abandonment: null,
        returnWithin: [0.5, 0.25, 0.75],
      }),
    };
    const said = calibratedForecaster(bare, { ...temperatures, returns: [1, 2, 3] }).forecast(bare.open());
    const measured = calibratedPredictions(predictions, { ...temperatures, returns: [1, 2, 3] });
    for (let action = 0; action < actionCount; action++)
      expect(said.actions[action]).toBeCloseTo(measured.actions[action], 5);
    expect(said.purchase).toBeCloseTo(measured.purchase.probabilities[0], 10);
    expect(said.abandonment).toBeNull();
    expect(said.returnWithin[0]).toBe(0.5);
    expect(said.returnWithin[1]).toBeGreaterThan(0.25);
  });
});

describe('the gate', () => {
  const options = { margin: 0.005, seed: 1 };
  const losses = lossesByUser(tooSure(1, 600, 5));
  const scaled = (share: number) => ({ ...losses, sums: losses.sums.map(sum => sum * share) });

  it('passes a network whose loss is lower for most shoppers', () => {
    expect(gateOf(scaled(0.95), losses, options)).toMatchObject({ passed: true, p: 0 });
  });

  it('refuses one that is not better, or better by less than the margin', () => {
    expect(gateOf(losses, losses, options).passed).toBe(false);
    expect(gateOf(scaled(0.997), losses, options).passed).toBe(false);
    expect(gateOf(scaled(1.05), losses, options)).toMatchObject({ passed: false, p: 1 });
  });

  it('refuses one whose gain is due to a few shoppers', () => {
    const sums = losses.sums.map((sum, user) =>
      user === 0 ? -0.02 * losses.sums.length * sum : sum * 1.0001,
    );
    expect(gateOf({ ...losses, sums }, losses, options).passed).toBe(false);
  });

  it('compares means over actions', () => {
    expect(meanLossOf({ sums: Float64Array.of(1, 5), counts: Float64Array.of(1, 2) })).toBe(2);
  });
});
