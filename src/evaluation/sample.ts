import { createRng } from '../numeric/rng';
import type { Measurement } from './evaluation';
import { metricNames } from './metrics';

/** Figures of independent units (users, sessions), from which intervals and tests are computed. */
export interface Sample {
  readonly names: readonly string[];
  /** [units × names.length]; a figure's mean is Σ values / Σ weights. */
  readonly values: Float64Array;
  /** Weight of each unit; 1 when left out. */
  readonly weights?: Float64Array;
  /** Ascending ids of the units. Samples with the same units can be paired. */
  readonly units: Uint32Array;
}

/** Returns the per-user figures of a measurement as a sample. */
export function sampleOf({ userRows, perUser }: Measurement): Sample {
  const values = new Float64Array(userRows.length * metricNames.length);
  for (const [column, name] of metricNames.entries()) {
    const own = perUser.get(name);
    for (let unit = 0; own && unit < own.length; unit++)
      values[unit * metricNames.length + column] = own[unit];
  }
  return { names: metricNames, values, units: userRows };
}

/** Bounds of an interval. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** How to resample. */
export interface BootstrapOptions {
  readonly seed: number;
  /** 1,000 by default. */
  readonly resamples?: number;
}

const defaultResamples = 1000;
/** Probability below a two-sided 95 % interval. */
const tail = 0.025;

/** Mean of every figure in every resample, [resamples × names]. */
function resampledMeans(
  sample: Sample,
  { seed, resamples = defaultResamples }: BootstrapOptions,
): Float64Array {
  const { values, weights, units, names } = sample;
  const [count, width] = [units.length, names.length];
  const rng = createRng(seed);
  const means = new Float64Array(resamples * width);
  for (let resample = 0; resample < resamples; resample++) {
    const sums = means.subarray(resample * width, (resample + 1) * width);
    let weight = 0;
    for (let draw = 0; draw < count; draw++) {
      const unit = rng.int(count);
      weight += weights ? weights[unit] : 1;
      for (let column = 0; column < width; column++) sums[column] += values[unit * width + column];
    }
    for (let column = 0; column < width; column++) sums[column] /= weight;
  }
  return means;
}

/** Quantile of a sorted list, linearly interpolated (type 7 of Hyndman & Fan 1996). */
function quantile(sorted: Float64Array, share: number): number {
  const place = share * (sorted.length - 1);
  const below = Math.floor(place);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
}

/** Returns the 95 % interval of a figure from its values in resamples. */
export function percentileInterval(values: Float64Array): Interval {
  const sorted = values.slice().sort();
  return { low: quantile(sorted, tail), high: quantile(sorted, 1 - tail) };
}

/**
 * Returns 95 % intervals of the means, from resampling units with replacement (percentile method, Efron & Tibshirani
 * 1993). NaN without units. O(resamples × units × names).
 */
export function bootstrapIntervals(
  sample: Sample,
  options: BootstrapOptions,
): Readonly<Record<string, Interval>> {
  const { names } = sample;
  const means = resampledMeans(sample, options);
  const entries = names.map((name, column) => {
    const own = means.filter((_, index) => index % names.length === column);
    return [name, percentileInterval(own)] as const;
  });
  return Object.fromEntries(entries);
}
