import { createRng } from '../numeric/rng';
import type { Measurement } from './evaluation';
import { metricNames } from './metrics';

/** Figures of units (users, sessions) that are drawn independently: what intervals and tests are computed from. */
export interface Sample {
  readonly names: readonly string[];
  /** [units × names.length]; a figure's mean is Σ values / Σ weights. */
  readonly values: Float64Array;
  /** How much each unit counts; 1 each when left out. */
  readonly weights?: Float64Array;
  /** Who the units are, ascending: samples of the same units can be paired. */
  readonly units: Uint32Array;
}

/** The sample behind a measurement. */
export function sampleOf({ userRows, perUser }: Measurement): Sample {
  const values = new Float64Array(userRows.length * metricNames.length);
  for (const [column, name] of metricNames.entries()) {
    const own = perUser.get(name);
    for (let unit = 0; own && unit < own.length; unit++)
      values[unit * metricNames.length + column] = own[unit];
  }
  return { names: metricNames, values, units: userRows };
}

/** Ends of an interval. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** How to resample. */
export interface BootstrapOptions {
  readonly seed: number;
  /** 1,000 when left out. */
  readonly resamples?: number;
}

const defaultResamples = 1000;
/** Of a two-sided 95 % interval. */
const tail = 0.025;

/** Means of every figure in every resample, [resamples × names]. */
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

/** The value below which a share of a sorted list lies, between neighbours in proportion (type 7 of Hyndman & Fan 1996). */
function quantile(sorted: Float64Array, share: number): number {
  const place = share * (sorted.length - 1);
  const below = Math.floor(place);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
}

/**
 * 95 % intervals of the means by resampling units with replacement (Efron & Tibshirani 1993, percentile method). NaN
 * without units. O(resamples × units × names).
 */
export function bootstrapIntervals(
  sample: Sample,
  options: BootstrapOptions,
): Readonly<Record<string, Interval>> {
  const { names } = sample;
  const means = resampledMeans(sample, options);
  const entries = names.map((name, column) => {
    const own = means.filter((_, index) => index % names.length === column).sort();
    return [name, { low: quantile(own, tail), high: quantile(own, 1 - tail) }] as const;
  });
  return Object.fromEntries(entries);
}
