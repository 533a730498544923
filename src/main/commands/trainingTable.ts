import type { TrainingRunRecord } from '../../store/ports/trainingRun';

/** Metrics shown, and their headings. */
const columns: readonly (readonly [metric: string, heading: string])[] = [
  ['ndcg@20', 'ndcg@20'],
  ['recall@20', 'recall@20'],
  ['coverage', 'coverage'],
  ['baseline:ndcg@20', 'baseline ndcg@20'],
  ['live:ndcg@20', 'live ndcg@20'],
  ['users', 'users'],
];

const shown = (value: number | undefined): string => {
  if (value === undefined) return '-';
  return Number.isInteger(value) && value > 1 ? value.toLocaleString('en-US') : value.toFixed(4);
};

const secondsOf = ({ startedAt, finishedAt }: TrainingRunRecord): string =>
  startedAt === null || finishedAt === null ? '-' : ((finishedAt - startedAt) / 1000).toFixed(1);

/** Pads cells: the first column left-aligned, the others right-aligned. */
function align(rows: readonly (readonly string[])[]): string[] {
  const widths = rows[0].map((_, column) => Math.max(...rows.map(row => row[column].length)));
  return rows.map(row =>
    row.map((cell, at) => (at === 0 ? cell.padEnd(widths[at]) : cell.padStart(widths[at]))).join('  '),
  );
}

/** Formats runs as a table of metrics with those of the baseline, followed by the gate's reason per run. */
export function formatRuns(runs: readonly TrainingRunRecord[]): string {
  const heading = ['model', 'status', ...columns.map(([, name]) => name), 'seconds'];
  const rows = runs.map(run => {
    const figures = columns.map(([metric]) => shown(run.metrics?.[metric]));
    return [run.model, run.status, ...figures, secondsOf(run)];
  });
  const reasons = runs.map(run => `${run.model}: ${run.reason ?? ''}`);
  return [...align([heading, ...rows]), '', ...reasons].join('\n');
}
