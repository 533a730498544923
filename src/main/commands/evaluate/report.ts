import type { Measurement } from '../../../evaluation/evaluation';
import type { Interval } from '../../../evaluation/sample';
import type { Comparison } from '../../../evaluation/significance';
import type { Figures } from './figures';
import type { ModelReport } from './runModel';
import type { Task } from './task';

/** One line of the answer: figures by name, in the order of print. */
export interface ReportLine {
  readonly model: string;
  /** Figures of the sampled protocol, when it was asked for. */
  readonly sampled?: Readonly<Record<string, unknown>>;
  /** Figures of the same questions among the whole catalogue, where the first ones are among fewer. */
  readonly catalogue?: Readonly<Record<string, unknown>>;
  readonly [figure: string]: unknown;
}

/** What the figures were computed under. */
export interface ReportContext extends Pick<Task, 'protocol' | 'holdOut' | 'isSession'> {
  readonly model: string;
  readonly task: string;
  readonly seeds: readonly number[];
  /** Settings that differ from the defaults. */
  readonly config: Readonly<Record<string, number>>;
  readonly sampled: { readonly negatives: number; readonly seed: number } | undefined;
}

/** All that came of one model. */
export interface ModelOutcome {
  readonly context: ReportContext;
  /** One a seed. */
  readonly runs: readonly ModelReport[];
  readonly figures: Figures;
}

const rounded = (value: number, digits: number): number => Number(value.toFixed(digits));

const allRounded = (figures: Readonly<Record<string, number>>): Readonly<Record<string, number | null>> =>
  Object.fromEntries(
    Object.entries(figures).map(([name, value]) => [name, Number.isNaN(value) ? null : rounded(value, 6)]),
  );

const meanOf = (runs: readonly ModelReport[], figure: (run: ModelReport) => number): number =>
  runs.reduce((sum, run) => sum + figure(run), 0) / runs.length;

/** Means over runs of a measurement that every run has or none. */
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

/** Figures of other protocols stand apart, under a key of their own: they cannot be compared with the main ones. */
function otherParts({ context, runs }: ModelOutcome): Pick<ReportLine, 'sampled' | 'catalogue'> {
  const sampled = meansOver(runs, run => run.evaluation?.sampled);
  const catalogue = meansOver(runs, run => run.beside?.full);
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
    Object.entries(intervals).map(([name, { low, high }]) => [name, [rounded(low, 6), rounded(high, 6)]]),
  );

/** How the figures came about: who was asked, how long it took, how sure they are. */
function circumstances({ context, runs, figures }: ModelOutcome): Readonly<Record<string, unknown>> {
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

/** The JSON object of one model. */
export function reportLine(outcome: ModelOutcome, comparison: Comparison | null): ReportLine {
  const { context, figures } = outcome;
  const hit = figures.means['hit@20'];
  return {
    model: context.model,
    task: context.task,
    ...(context.holdOut === undefined ? {} : { holdout: context.holdOut }),
    protocol: context.protocol,
    seed: context.seeds[0],
    ...allRounded(figures.means),
    ...(context.isSession ? { 'precision@20': rounded(hit, 6) } : {}),
    ...circumstances(outcome),
    ...(comparison && {
      comparison: {
        difference: rounded(comparison.difference, 6),
        p: Number(comparison.p.toPrecision(3)),
        adjustedP: Number(comparison.adjustedP.toPrecision(3)),
      },
    }),
    ...otherParts(outcome),
  };
}

const columns = [
  'recall@10',
  'recall@20',
  'ndcg@10',
  'ndcg@20',
  'hit@10',
  'mrr',
  'rmse',
  'mae',
  'coverage',
  'novelty',
  'gini',
  'miscalibration',
  'users',
  'items',
  'trainSeconds',
  'peakMemoryMb',
  'usersScoredPerSecond',
] as const;
/** What is looked at first with sessions. */
const sessionColumns = ['precision@20', 'mrr@20'] as const;
const wholeColumns: ReadonlySet<string> = new Set(['users', 'items', 'peakMemoryMb', 'usersScoredPerSecond']);

function cellOf(line: ReportLine, column: string): string {
  const value = line[column];
  if (typeof value !== 'number') return '-';
  if (wholeColumns.has(column)) return value.toFixed(0);
  return value.toFixed(column === 'trainSeconds' ? 1 : 4);
}

/** Lines as a table for people: names to the left, figures to the right. */
export function reportTable(lines: readonly ReportLine[]): string {
  const rowsOf = (line: ReportLine): readonly ReportLine[] => [
    line,
    ...(line.sampled ? [{ model: `${line.model} (sampled)`, ...line.sampled }] : []),
    ...(line.catalogue ? [{ model: `${line.model} (catalogue)`, ...line.catalogue }] : []),
  ];
  const isSession = lines.some(line => 'precision@20' in line);
  const isThere = (column: string): boolean => lines.some(line => column in line);
  const shown = [...(isSession ? sessionColumns : []), ...columns].filter(isThere);
  const cells = lines.flatMap(rowsOf).map(line => [line.model, ...shown.map(column => cellOf(line, column))]);
  const table = [['model', ...shown], ...cells];
  const widths = table[0].map((_, column) => Math.max(...table.map(row => row[column].length)));
  const rows = table.map(row =>
    row.map((cell, column) => (column === 0 ? cell.padEnd(widths[0]) : cell.padStart(widths[column]))),
  );
  return rows.map(row => row.join('  ').trimEnd()).join('\n');
}
