import {
  binaryLogLoss,
  calibratedPredictions,
  chooseCalibration,
  fitIsotonic,
  fitPlatt,
  logOddsOf,
  type Predicted,
} from '../../../src/learning/tabular/calibration';
import { calibrationErrorOf } from '../../../src/numeric/classification';
import { createRng } from '../../../src/numeric/rng';

/** Predictions that a function of the true probability distorts. */
function distorted(rows: number, seed: number, distort: (probability: number) => number): Predicted {
  const rng = createRng(seed);
  const truths = Float64Array.from({ length: rows }, () => rng.uniform());
  return {
    probabilities: truths.map(distort),
    labels: Uint8Array.from(truths, truth => Number(rng.uniform() < truth)),
  };
}
const overconfident = (truth: number): number => 1 / (1 + Math.exp(-3 * logOddsOf(truth)));
/** A step in the middle, which no logistic curve follows. */
const stepped = (truth: number): number => (truth < 0.5 ? 0.4 + truth / 50 : 0.59 + truth / 50);

describe('isotonic regression', () => {
  const predicted: Predicted = {
    probabilities: Float64Array.of(0.05, 0.1, 0.15, 0.2, 0.3, 0.35, 0.5, 0.55, 0.7, 0.9),
    labels: Uint8Array.of(0, 1, 0, 0, 1, 0, 1, 0, 1, 1),
  };

  it('has the blocks of scikit-learn at their centres', () => {
    const { of } = fitIsotonic(predicted);
    // IsotonicRegression of scikit-learn 1.5.2: 0, 1/3 (3 rows), 1/2 (4 rows), 1 (2 rows); 0 and 1 are cut to half a row.
    expect(of(0.05)).toBeCloseTo(0.5 / 11, 12);
    expect(of((0.1 + 0.15 + 0.2) / 3)).toBeCloseTo(1 / 3, 12);
    expect(of((0.3 + 0.35 + 0.5 + 0.55) / 4)).toBeCloseTo(1 / 2, 12);
    expect(of(0.8)).toBeCloseTo(1 - 0.5 / 11, 12);
  });

  it.each([1, 2, 3])('never falls, and stays within (0, 1): seed %d', seed => {
    const rng = createRng(seed);
    const probabilities = Float64Array.from({ length: 200 }, () => Math.round(rng.uniform() * 30) / 30);
    const { of } = fitIsotonic({ probabilities, labels: Uint8Array.from(probabilities, () => rng.int(2)) });
    let before = 0;
    for (let step = 0; step <= 1000; step++) {
      const value = of(step / 1000);
      expect(value).toBeGreaterThanOrEqual(before);
      expect(value > 0 && value < 1).toBe(true);
      before = value;
    }
  });
});

describe('Platt scaling', () => {
  it('finds back the slope of a distortion', () => {
    const { of } = fitPlatt(distorted(20_000, 1, overconfident));
    for (const truth of [0.2, 0.5, 0.8]) expect(of(overconfident(truth))).toBeCloseTo(truth, 1);
  });

  it('exists for separable labels and for a constant prediction, and never turns the order', () => {
    const labels = Uint8Array.of(0, 0, 1, 1);
    const turned = fitPlatt({ probabilities: Float64Array.of(0.9, 0.8, 0.2, 0.1), labels });
    expect(turned.of(0.9)).toBeGreaterThanOrEqual(turned.of(0.1));
    const split = fitPlatt({ probabilities: Float64Array.of(0, 0, 1, 1), labels });
    expect(split.of(1)).toBeGreaterThan(split.of(0));
    expect(fitPlatt({ probabilities: new Float64Array(4).fill(0.1), labels }).of(0.1)).toBeCloseTo(0.5, 1);
  });
});

describe('the choice of a calibration', () => {
  it('takes Platt scaling where a slope is wrong, and lowers loss and error on new rows', () => {
    const { calibration } = chooseCalibration(distorted(4000, 1, overconfident));
    expect(calibration.kind).toBe('platt');
    const fresh = distorted(4000, 2, overconfident);
    const after = calibratedPredictions(fresh, calibration);
    expect(binaryLogLoss(after)).toBeLessThan(binaryLogLoss(fresh));
    expect(calibrationErrorOf(after.probabilities, after.labels)).toBeLessThan(0.03);
  });

  it('takes isotonic regression where no slope is right', () => {
    expect(chooseCalibration(distorted(4000, 1, stepped)).calibration.kind).toBe('isotonic');
  });

  it('leaves few rows, and predictions that are right, about as they are', () => {
    expect(chooseCalibration(distorted(30, 1, overconfident)).calibration.kind).toBe('none');
    const { calibration } = chooseCalibration(distorted(20_000, 3, truth => truth));
    for (const truth of [0.1, 0.5, 0.9]) expect(Math.abs(calibration.of(truth) - truth)).toBeLessThan(0.03);
  });

  it('states a loss from halves that the other half calibrates: shuffled labels do not get below their entropy', () => {
    const { probabilities, labels } = distorted(2000, 4, truth => truth);
    const shuffled = { probabilities, labels: createRng(9).shuffle(labels.slice()) };
    expect(chooseCalibration(shuffled).logLoss).toBeGreaterThan(0.69);
  });
});
