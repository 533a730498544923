// Temperature scaling (Guo, Pleiss, Sun & Weinberger 2017, "On calibration of modern neural networks", §4.2): logits are
// divided by the number T > 0 that minimises the log-loss on validation data. T > 1 flattens the probabilities; the most
// likely action does not change. For binary questions log-odds are divided (Platt scaling without its offset).
import type { Forecast, Forecaster } from './forecaster';
import type { BinaryPredictions, Predictions } from './predictions';

/** A temperature per question; 1 changes nothing. */
export interface Temperatures {
  readonly actions: number;
  readonly purchase: number;
  readonly abandonment: number;
  readonly returns: readonly [number, number, number];
}

/** Probabilities are raised to this before their logarithm is taken. */
const minProbability = 1e-12;
const logOf = (probability: number): number => Math.log(Math.max(minProbability, probability));
const logOddsOf = (probability: number): number => logOf(probability) - logOf(1 - probability);
const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

/** Writes p^(1/T), normalised, which equals dividing logits by T. */
function scaledInto(
  shares: ArrayLike<number>,
  first: number,
  temperature: number,
  out: Float64Array | Float32Array,
): void {
  let sum = 0;
  for (let k = 0; k < out.length; k++) {
    out[k] = Math.exp(logOf(shares[first + k]) / temperature);
    sum += out[k];
  }
  for (let k = 0; k < out.length; k++) out[k] /= sum;
}

const scaled = (probability: number, temperature: number): number =>
  temperature === 1 ? probability : sigmoid(logOddsOf(probability) / temperature);

/** Range of temperatures, and tolerance of the search on their logarithms. */
const [lowest, highest, tolerance] = [0.05, 20, 1e-4];
/** (√5 - 1) / 2. */
const golden = 0.6180339887498949;

/**
 * Returns the temperature with the least loss, by golden-section search on its logarithm (Kiefer 1953). The loss is convex
 * in 1/T, so it has one minimum.
 */
function bestTemperature(lossAt: (temperature: number) => number): number {
  let [low, high] = [Math.log(lowest), Math.log(highest)];
  let left = high - golden * (high - low);
  let right = low + golden * (high - low);
  let [leftLoss, rightLoss] = [lossAt(Math.exp(left)), lossAt(Math.exp(right))];
  while (high - low > tolerance) {
    if (leftLoss <= rightLoss) {
      [high, right, rightLoss] = [right, left, leftLoss];
      left = high - golden * (high - low);
      leftLoss = lossAt(Math.exp(left));
    } else {
      [low, left, leftLoss] = [left, right, rightLoss];
      right = low + golden * (high - low);
      rightLoss = lossAt(Math.exp(right));
    }
  }
  return Math.exp((low + high) / 2);
}

/** Fewest known outcomes from which a temperature is found. */
const minOutcomes = 50;

function actionTemperature({ actionCount, actions, labels }: Predictions): number {
  if (labels.length < minOutcomes) return 1;
  const logs = actions.map(logOf);
  return bestTemperature(temperature => {
    let sum = 0;
    for (let row = 0; row < labels.length; row++) {
      const first = row * actionCount;
      let norm = 0;
      for (let k = first; k < first + actionCount; k++) norm += Math.exp(logs[k] / temperature);
      sum += Math.log(norm) - logs[first + labels[row]] / temperature;
    }
    return sum;
  });
}

function binaryTemperature({ probabilities, outcomes }: BinaryPredictions): number {
  if (outcomes.length < minOutcomes) return 1;
  const odds = probabilities.map(logOddsOf);
  return bestTemperature(temperature => {
    let sum = 0;
    for (let row = 0; row < odds.length; row++) {
      const margin = ((outcomes[row] === 1 ? 1 : -1) * odds[row]) / temperature;
      sum += margin > 0 ? Math.log1p(Math.exp(-margin)) : Math.log1p(Math.exp(margin)) - margin;
    }
    return sum;
  });
}

/** Returns the temperatures that minimise the log-loss of predictions; 1 with fewer than 50 known outcomes. */
export function temperaturesOf(predictions: Predictions): Temperatures {
  const { purchase, abandonment, returns } = predictions;
  return {
    actions: actionTemperature(predictions),
    purchase: binaryTemperature(purchase),
    abandonment: binaryTemperature(abandonment),
    returns: [binaryTemperature(returns[0]), binaryTemperature(returns[1]), binaryTemperature(returns[2])],
  };
}

function scaledPredictions(
  { probabilities, outcomes }: BinaryPredictions,
  temperature: number,
): BinaryPredictions {
  return { probabilities: probabilities.map(probability => scaled(probability, temperature)), outcomes };
}

/** Returns the predictions with their probabilities scaled by temperatures. */
export function calibratedPredictions(predictions: Predictions, temperatures: Temperatures): Predictions {
  const { actionCount } = predictions;
  const actions = new Float64Array(predictions.actions.length);
  for (let first = 0; first < actions.length; first += actionCount)
    scaledInto(
      predictions.actions,
      first,
      temperatures.actions,
      actions.subarray(first, first + actionCount),
    );
  return {
    ...predictions,
    actions,
    purchase: scaledPredictions(predictions.purchase, temperatures.purchase),
    abandonment: scaledPredictions(predictions.abandonment, temperatures.abandonment),
    returns: predictions.returns.map((returned, index) =>
      scaledPredictions(returned, temperatures.returns[index]),
    ),
  };
}

function calibratedForecast(forecast: Forecast, temperatures: Temperatures): Forecast {
  const actions = new Float32Array(forecast.actions.length);
  scaledInto(forecast.actions, 0, temperatures.actions, actions);
  const { abandonment, returnWithin } = forecast;
  const [day, week, month] = temperatures.returns;
  return {
    ...forecast,
    actions,
    purchase: scaled(forecast.purchase, temperatures.purchase),
    abandonment: abandonment === null ? null : scaled(abandonment, temperatures.abandonment),
    returnWithin: [
      scaled(returnWithin[0], day),
      scaled(returnWithin[1], week),
      scaled(returnWithin[2], month),
    ],
  };
}

/** Returns a forecaster whose probabilities are scaled by temperatures. */
export const calibratedForecaster = (forecaster: Forecaster, temperatures: Temperatures): Forecaster => ({
  open: forecaster.open,
  step: forecaster.step,
  forecast: state => calibratedForecast(forecaster.forecast(state), temperatures),
});
