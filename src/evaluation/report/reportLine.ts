import type { Measurement } from '../evaluation';
import type { Interval } from '../sample';
import { type Comparison, compareWithBest } from '../significance';
import { isHigherBetter } from '../task';
import type { ModelOutcome } from './modelOutcome';
import type { ModelReport } from './modelReport';
import { rounded, roundedOrNull } from './rounded';

/** The report of one model: figures by name, in the order of the report. One JSON object per line with `--json`. */
export interface ReportLine {
  readonly model: string;
  /** Figures of the sampled protocol; left out unless requested. */
  readonly sampled?: Readonly<Record<string, unknown>>;
  /** Figures of the same questions over the whole catalogue; only where the main ones have fewer candidates. */
  readonly catalogue?: Readonly<Record<string, unknown>>;
  readonly [figure: string]: unknown;
}

const allRounded = (figures: Readonly<Record<string, number>>): Readonly<Record<string, number | null>> =>
  Object.fromEntries(Object.entries(figures).map(([name, value]) => [name, roundedOrNull(value)]));

const meanOf = (runs: readonly ModelReport[], figure: (run: ModelReport) => number): number =>
  runs.reduce((sum, run) => sum + figure(run), 0) / runs.length;

/** Means over runs of a measurement that either all runs have or none. */
function meansOver(
  runs: readonly ModelReport[],
  measurement: (run: ModelReport) => Measurement | null | undefined,
): Readonly<Record<string, number | null>> | null {
  const each = runs.flatMap(run => measurement(run) ?? []);
  if (each.length === 0) return null;
  const entries = Object.keys(each[0].means).map((name): [string, number] => [
    name,
    each.reduce((sum, { means }) => sum + (new Map(Object.entries(means)).get(name) ?? 0), 0) / each.length,
  ]);
  return allRounded(Object.fromEntries(entries));
}

/** Figures of other protocols, each under a key of its own: they cannot be compared with the main figures. */
function otherParts({ context, runs }: ModelOutcome): Pick<ReportLine, 'sampled' | 'catalogue'> {
  const sampled = meansOver(runs, run => run.evaluation?.sampled);
  const catalogue = meansOver(runs, run => run.catalogue?.full);
  return {
    ...(sampled &&
      context.sampled && {
        sampled: {
          protocol: 'sampled',
          negatives: context.sampled.negatives,
          negativeSeed: context.sampled.seed,
          ...sampled,
        },
      }),
    ...(catalogue && { catalogue: { protocol: 'full', ...catalogue } }),
  };
}

const intervalsOf = (intervals: Readonly<Record<string, Interval>>): Readonly<Record<string, unknown>> =>
  Object.fromEntries(
    Object.entries(intervals).map(([name, { low, high }]) => [name, [rounded(low), rounded(high)]]),
  );

/** Sizes, costs and uncertainty of the figures. */
function conditionsOf({ context, runs, figures }: ModelOutcome): Readonly<Record<string, unknown>> {
  const { evaluation, ratings } = runs[0];
  return {
    users: evaluation?.users ?? ratings?.users,
    ...(ratings && { ratings: ratings.ratings }),
    items: evaluation?.items ?? ratings?.items,
    trainSeconds: rounded(
      meanOf(runs, run => run.trainSeconds),
      3,
    ),
    evaluateSeconds: rounded(
      meanOf(runs, run => run.evaluateSeconds),
      3,
    ),
    ...(evaluation && {
      usersScoredPerSecond: rounded(
        meanOf(runs, run => run.usersScoredPerSecond),
        1,
      ),
    }),
    peakMemoryMb: rounded(Math.max(...runs.map(run => run.peakMemoryMb)), 1),
    artifactBytes: runs[0].artifactBytes,
    ...(evaluation && { standardErrors: allRounded(evaluation.full.standardErrors) }),
    intervals: intervalsOf(figures.intervals),
    ...(figures.deviations && { seeds: context.seeds, deviations: allRounded(figures.deviations) }),
    ...(Object.keys(context.config).length > 0 && { settings: context.config }),
  };
}

/** Returns the report of one model; `comparison` is null for the best one. */
function reportLine(outcome: ModelOutcome, comparison: Comparison | null): ReportLine {
  const { context, figures } = outcome;
  const hit = figures.means['hit@20'];
  return {
    model: context.model,
    task: context.task,
    ...(context.holdOut === undefined ? {} : { holdout: context.holdOut }),
    protocol: context.protocol,
    order: context.order,
    seed: context.seeds[0],
    ...allRounded(figures.means),
    ...(context.isSession ? { 'precision@20': rounded(hit) } : {}),
    ...conditionsOf(outcome),
    ...(comparison && {
      comparison: {
        difference: rounded(comparison.difference),
        p: Number(comparison.p.toPrecision(3)),
        adjustedP: Number(comparison.adjustedP.toPrecision(3)),
      },
    }),
    ...otherParts(outcome),
  };
}

/** Returns the report of every model, each compared with the best by `metric` in a paired test over users. */
export function reportLines(outcomes: readonly ModelOutcome[], metric: string): readonly ReportLine[] {
  if (outcomes.length === 0) return [];
  const sign = isHigherBetter(metric) ? 1 : -1;
  const values = outcomes.map(({ figures }) => sign * figures.means[metric]);
  const best = Math.max(0, values.indexOf(Math.max(...values)));
  const samples = outcomes.map(({ figures }) => figures.sample);
  const name = metric === 'rmse' ? 'mse' : metric;
  const isPaired = samples[0].names.includes(name);
  const comparisons = isPaired ? compareWithBest(samples, name, best) : samples.map(() => null);
  return outcomes.map((outcome, index) => reportLine(outcome, comparisons[index]));
}
