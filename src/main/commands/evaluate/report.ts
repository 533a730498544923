import type { Measurement } from '../../../evaluation/evaluation';
import type { ModelReport } from './runModel';

/** One line of the answer: figures by name, in the order of print. */
export interface ReportLine {
  readonly model: string;
  /** Figures of the sampled protocol, when it was asked for. */
  readonly sampled?: Readonly<Record<string, unknown>>;
  readonly [figure: string]: unknown;
}

/** What the figures were computed under. */
export interface ReportContext {
  readonly model: string;
  readonly task: string;
  readonly protocol: string;
  readonly holdOut: string | undefined;
  /** Whether precision@20, the literature's name of hit@20, is printed too. */
  readonly isSession: boolean;
  readonly seed: number;
  readonly sampled: { readonly negatives: number; readonly seed: number } | undefined;
}

const rounded = (value: number, digits: number): number => Number(value.toFixed(digits));

function meansOf({ means }: Measurement): Readonly<Record<string, number>> {
  return Object.fromEntries(Object.entries(means).map(([name, value]) => [name, rounded(value, 6)]));
}

function errorsOf({ standardErrors }: Measurement): Readonly<Record<string, number | null>> {
  const entries = Object.entries(standardErrors);
  return Object.fromEntries(
    entries.map(([name, value]) => [name, Number.isNaN(value) ? null : rounded(value, 6)]),
  );
}

/** Figures of the sampled protocol stand apart, under `sampled`: they cannot be compared with those of the full one. */
function sampledPart(context: ReportContext, measurement: Measurement | null): Pick<ReportLine, 'sampled'> {
  if (!measurement || !context.sampled) return {};
  const { negatives, seed } = context.sampled;
  return {
    sampled: { protocol: 'sampled', negatives, negativeSeed: seed, ...meansOf(measurement) },
  };
}

/** The JSON object of one model. */
export function reportLine(context: ReportContext, report: ModelReport): ReportLine {
  const { evaluation } = report;
  return {
    model: context.model,
    task: context.task,
    ...(context.holdOut === undefined ? {} : { holdout: context.holdOut }),
    protocol: context.protocol,
    seed: context.seed,
    ...meansOf(evaluation.full),
    ...(context.isSession ? { 'precision@20': rounded(evaluation.full.means['hit@20'], 6) } : {}),
    coverage: rounded(evaluation.coverage, 6),
    users: evaluation.users,
    items: evaluation.items,
    trainSeconds: rounded(report.trainSeconds, 3),
    evaluateSeconds: rounded(report.evaluateSeconds, 3),
    usersScoredPerSecond: rounded(report.usersScoredPerSecond, 1),
    peakMemoryMb: rounded(report.peakMemoryMb, 1),
    artifactBytes: report.artifactBytes,
    standardErrors: errorsOf(evaluation.full),
    ...sampledPart(context, evaluation.sampled),
  };
}

const columns = [
  'recall@10',
  'recall@20',
  'ndcg@10',
  'ndcg@20',
  'hit@10',
  'mrr',
  'coverage',
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
  const rowsOf = (line: ReportLine): readonly ReportLine[] =>
    line.sampled ? [line, { model: `${line.model} (sampled)`, ...line.sampled }] : [line];
  const isSession = lines.some(line => 'precision@20' in line);
  const shown = isSession ? [...sessionColumns, ...columns] : columns;
  const cells = lines.flatMap(rowsOf).map(line => [line.model, ...shown.map(column => cellOf(line, column))]);
  const table = [['model', ...shown], ...cells];
  const widths = table[0].map((_, column) => Math.max(...table.map(row => row[column].length)));
  const rows = table.map(row =>
    row.map((cell, column) => (column === 0 ? cell.padEnd(widths[0]) : cell.padStart(widths[column]))),
  );
  return rows.map(row => row.join('  ').trimEnd()).join('\n');
}
