import { createRng } from '../../numeric/rng';
import type { LossSums } from './figures';

/** Options of the gate. */
export interface GateOptions {
  /** Share by which the loss must be lower. */
  readonly margin: number;
  readonly seed: number;
}

/** Comparison of two forecasters. */
export interface GateOutcome {
  readonly passed: boolean;
  /** 1 - mean loss / mean loss of the baseline: > 0 is better. */
  readonly gain: number;
  /** Share of the resamples in which the loss was not lower: a one-sided p-value. */
  readonly p: number;
}

const resamples = 1000;
/** One-sided significance level. */
const level = 0.05;

const sum = (values: Float64Array): number => values.reduce((total, value) => total + value, 0);

/**
 * Decides whether a network's log-loss is lower than a baseline's by the margin, and lower in 95 % of the resamples of
 * shoppers (paired bootstrap, Efron & Tibshirani 1993; shoppers are independent, their steps are not). Both losses are of the
 * same steps.
 */
export function gateOf(network: LossSums, baseline: LossSums, { margin, seed }: GateOptions): GateOutcome {
  const rng = createRng(seed);
  const differences = network.sums.map((loss, user) => loss - baseline.sums[user]);
  const gain = 1 - sum(network.sums) / sum(baseline.sums);
  let notLower = 0;
  for (let resample = 0; resample < resamples; resample++) {
    let total = 0;
    for (let draw = 0; draw < differences.length; draw++) total += differences[rng.int(differences.length)];
    if (!(total < 0)) notLower++;
  }
  const p = notLower / resamples;
  return { passed: gain >= margin && p <= level, gain, p };
}
