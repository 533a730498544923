import type { ReportLine } from './reportLine';
import { textTable } from './textTable';

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
/** Shown first for sessions. */
const sessionColumns = ['precision@20', 'mrr@20'] as const;
const wholeColumns: ReadonlySet<string> = new Set(['users', 'items', 'peakMemoryMb', 'usersScoredPerSecond']);

function cellOf(line: ReportLine, column: string): string {
  const value = line[column];
  if (typeof value !== 'number') return '-';
  if (wholeColumns.has(column)) return value.toFixed(0);
  return value.toFixed(column === 'trainSeconds' ? 1 : 4);
}

/** Formats reports as a table, one row per model and protocol. */
export function reportTable(lines: readonly ReportLine[]): string {
  const rowsOf = (line: ReportLine): readonly ReportLine[] => [
    line,
    ...(line.sampled ? [{ model: `${line.model} (sampled)`, ...line.sampled }] : []),
    ...(line.catalogue ? [{ model: `${line.model} (catalogue)`, ...line.catalogue }] : []),
  ];
  const isSession = lines.some(line => 'precision@20' in line);
  const isPresent = (column: string): boolean => lines.some(line => column in line);
  const shown = [...(isSession ? sessionColumns : []), ...columns].filter(isPresent);
  const cells = lines.flatMap(rowsOf).map(line => [line.model, ...shown.map(column => cellOf(line, column))]);
  return textTable([['model', ...shown], ...cells]);
}
