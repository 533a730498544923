import { metricNames } from '../metrics';
import { bootstrapIntervals, type Interval, type Sample, sampleOf } from '../sample';
import type { Task } from '../task';
import type { ModelReport } from './modelReport';

/** Figures of one model over all its seeds. */
export interface Figures {
  /** Means over users, then over seeds, in the order of the report. */
  readonly means: Readonly<Record<string, number>>;
  /** Standard deviations over seeds, with n − 1; null with one seed. */
  readonly deviations: Readonly<Record<string, number>> | null;
  /** 95 % intervals over users of the means over seeds. */
  readonly intervals: Readonly<Record<string, Interval>>;
  /** Per-user values averaged over seeds. */
  readonly sample: Sample;
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

function deviation(values: readonly number[]): number {
  const average = mean(values);
  return Math.sqrt(values.reduce((sum, value) => sum + (value - average) ** 2, 0) / (values.length - 1));
}

/** Names of the figures of a task, in the order of the report. */
export function figureNames({
  ratings,
  categories,
}: Pick<Task, 'ratings' | 'categories'>): readonly string[] {
  if (ratings) return ['rmse', 'mae'];
  return [...metricNames, 'coverage', 'novelty', 'gini', ...(categories ? ['miscalibration'] : [])];
}

/** Figures of one run, in the order of the report. */
function figuresOfRun({ evaluation, beyond, ratings }: ModelReport): Readonly<Record<string, number>> {
  if (ratings) return { rmse: ratings.rmse, mae: ratings.mae };
  return {
    ...evaluation?.full.means,
    ...(evaluation && { coverage: evaluation.coverage }),
    ...(beyond && { novelty: beyond.novelty, gini: beyond.gini }),
    ...(beyond && beyond.miscalibration !== null && { miscalibration: beyond.miscalibration }),
  };
}

function sampleOfRun({ evaluation, ratings }: ModelReport): Sample {
  if (ratings) return ratings.sample;
  return evaluation
    ? sampleOf(evaluation.full)
    : { names: [], values: new Float64Array(0), units: new Uint32Array(0) };
}

function meanSample(samples: readonly Sample[]): Sample {
  if (samples.length === 1) return samples[0];
  const values = samples[0].values.map((_, index) => mean(samples.map(sample => sample.values[index])));
  return { ...samples[0], values };
}

/** Replaces the interval of the mean squared error by the interval of its root. */
function withRoot(intervals: Readonly<Record<string, Interval>>): Readonly<Record<string, Interval>> {
  const { mse, ...others } = intervals;
  if (mse === undefined) return intervals;
  return { rmse: { low: Math.sqrt(mse.low), high: Math.sqrt(mse.high) }, ...others };
}

/**
 * Returns the figures of one model from its runs, one per seed.
 *
 * @param bootstrapSeed - seed of the resampling
 */
export function figuresOf(runs: readonly ModelReport[], bootstrapSeed: number): Figures {
  const each = runs.map(figuresOfRun);
  const names = Object.keys(each[0]);
  const over = (combine: (values: readonly number[]) => number): Readonly<Record<string, number>> =>
    Object.fromEntries(names.map(name => [name, combine(each.map(figures => figures[name]))]));
  const sample = meanSample(runs.map(sampleOfRun));
  return {
    means: over(mean),
    deviations: runs.length > 1 ? over(deviation) : null,
    intervals: withRoot(bootstrapIntervals(sample, { seed: bootstrapSeed })),
    sample,
  };
}
