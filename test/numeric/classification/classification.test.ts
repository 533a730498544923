import {
  accuracyOf,
  aucOf,
  averagePrecisionOf,
  brierOf,
  calibrationErrorOf,
  logLossOf,
  lossOfProbability,
  macroF1Of,
  topCalibrationErrorOf,
} from '../../../src/numeric/classification';
import { createRng } from '../../../src/numeric/rng';
import { golden } from './golden';

const rows = { classes: 4, probabilities: golden.probabilities.flat(), labels: golden.labels };

describe('metrics of classification', () => {
  it('equal those of scikit-learn', () => {
    expect(accuracyOf(rows)).toBeCloseTo(golden.accuracy, 12);
    expect(macroF1Of(rows)).toBeCloseTo(golden.macroF1, 12);
    expect(logLossOf(rows)).toBeCloseTo(golden.logLoss, 9);
    expect(topCalibrationErrorOf(rows)).toBeCloseTo(golden.ece, 12);
    expect(aucOf(golden.scores, golden.outcomes)).toBeCloseTo(golden.auc, 12);
    expect(brierOf(golden.scores, golden.outcomes)).toBeCloseTo(golden.brier, 12);
    expect(calibrationErrorOf(golden.scores, golden.outcomes)).toBeCloseTo(golden.eceBinary, 12);
  });

  it('are perfect for correct certain predictions', () => {
    const sure = { classes: 2, probabilities: [1, 0, 0, 1], labels: [0, 1] };
    expect([accuracyOf(sure), macroF1Of(sure), logLossOf(sure), topCalibrationErrorOf(sure)]).toEqual([
      1, 1, 0, 0,
    ]);
    expect([aucOf([0.1, Number.NaN], [0, 1]), averagePrecisionOf([Number.NaN], [1])]).toEqual([
      Number.NaN,
      Number.NaN,
    ]);
    expect([aucOf([0.1, 0.9], [0, 1]), brierOf([0, 1], [0, 1])]).toEqual([1, 0]);
  });

  it('clip a probability of 0', () => {
    expect(lossOfProbability(0)).toBeCloseTo(34.5388, 4);
    expect(lossOfProbability(1)).toBeCloseTo(0, 12);
  });

  it('count tied scores as half', () => {
    expect(aucOf([0.5, 0.5, 0.5], [0, 1, 0])).toBe(0.5);
    expect(aucOf([0.2, 0.5, 0.5], [0, 1, 0])).toBe(0.75);
  });

  it('let tied scores pass a threshold together in the average precision', () => {
    const scores = [0.1, 0.4, 0.35, 0.8, 0.4, 0.9, 0.05, 0.4, 0.6, 0.8, 0.2, 0.6];
    const outcomes = [0, 0, 1, 1, 1, 1, 0, 0, 0, 1, 0, 1];
    // average_precision_score of scikit-learn 1.5.2.
    expect(averagePrecisionOf(scores, outcomes)).toBeCloseTo(0.8486111111111111, 12);
    expect(averagePrecisionOf([0.5, 0.5, 0.5, 0.5], [0, 1, 0, 0])).toBe(0.25);
    expect(averagePrecisionOf([0.1, 0.9], [0, 1])).toBe(1);
    expect(averagePrecisionOf([0.1, 0.9], [0, 0])).toBeNaN();
  });

  it('are NaN without rows, or with one class only', () => {
    expect(aucOf([0.2, 0.4], [1, 1])).toBeNaN();
    expect(accuracyOf({ classes: 2, probabilities: [], labels: [] })).toBeNaN();
    expect(macroF1Of({ classes: 2, probabilities: [], labels: [] })).toBeNaN();
  });
});

describe('metrics of many rows', () => {
  it('give random scores an AUC of a half', () => {
    const rng = createRng(1);
    const scores = Float64Array.from({ length: 20_000 }, () => rng.uniform());
    const outcomes = Uint8Array.from(scores, () => Number(rng.uniform() < 0.2));
    expect(Math.abs(aucOf(scores, outcomes) - 0.5)).toBeLessThan(0.02);
  });

  it('give any increasing function of the scores the same AUC, and the negated scores its complement', () => {
    const rng = createRng(2);
    const scores = Float64Array.from({ length: 300 }, () => Math.round(rng.uniform() * 20) / 20);
    const outcomes = Uint8Array.from(scores, score => Number(rng.uniform() < score));
    const area = aucOf(scores, outcomes);
    expect(aucOf(scores.map(Math.exp), outcomes)).toBeCloseTo(area, 12);
    expect(
      aucOf(
        scores.map(score => -score),
        outcomes,
      ),
    ).toBeCloseTo(1 - area, 12);
  });

  it('give calibrated probabilities a small calibration error, and overconfident ones a large one', () => {
    const rng = createRng(3);
    const predicted = Float64Array.from({ length: 50_000 }, () => rng.uniform());
    const outcomes = Uint8Array.from(predicted, probability => Number(rng.uniform() < probability));
    expect(calibrationErrorOf(predicted, outcomes)).toBeLessThan(0.01);
    const tooSure = predicted.map(probability => Number(probability > 0.5));
    expect(calibrationErrorOf(tooSure, outcomes)).toBeGreaterThan(0.2);
  });

  it('give the true probabilities the lowest loss', () => {
    const rng = createRng(4);
    const truth = [0.6, 0.3, 0.1];
    const labels = Uint8Array.from({ length: 20_000 }, () => {
      const draw = rng.uniform();
      return draw < 0.6 ? 0 : draw < 0.9 ? 1 : 2;
    });
    const predicted = (shares: readonly number[]) =>
      logLossOf({ classes: 3, probabilities: Array.from(labels, () => shares).flat(), labels });
    for (const other of [
      [0.5, 0.4, 0.1],
      [0.7, 0.25, 0.05],
      [1 / 3, 1 / 3, 1 / 3],
    ])
      expect(predicted(other)).toBeGreaterThan(predicted(truth));
  });
});
