import { setLine, type Tuned } from '../tune';
import { htmlPage, htmlTable, shown } from './htmlPage';
import type { ModelOutcome } from './modelOutcome';
import { barPlot, scatterPlot, textOf } from './plots';
import type { ReportLine } from './reportLine';

/** The contents of a page. */
export interface HtmlReport {
  readonly lines: readonly ReportLine[];
  readonly outcomes: readonly ModelOutcome[];
  readonly tuned: readonly Tuned[];
  readonly metric: string;
  readonly task: string;
  /** Facts about the machine and the command, one per line. */
  readonly environment: readonly string[];
}

/** Columns of the table of figures, in this order; those that no line has are left out. */
const figureColumns = [
  'precision@20',
  'recall@10',
  'recall@20',
  'ndcg@10',
  'ndcg@20',
  'hit@10',
  'hit@20',
  'mrr',
  'mrr@20',
  'rmse',
  'mae',
] as const;
const otherColumns = [
  'coverage',
  'novelty',
  'gini',
  'miscalibration',
  'trainSeconds',
  'evaluateSeconds',
  'usersScoredPerSecond',
  'peakMemoryMb',
  'artifactBytes',
] as const;

const numberOf = (line: ReportLine, column: string): number =>
  typeof line[column] === 'number' ? line[column] : Number.NaN;

/** A mean with its interval below, and its deviation over seeds when there are several. */
function figureCell(line: ReportLine, { figures }: ModelOutcome, column: string): string {
  const interval = figures.intervals[column === 'precision@20' ? 'hit@20' : column];
  const deviation = figures.deviations?.[column];
  const range = interval ? `<br><small>${shown(interval.low)}–${shown(interval.high)}</small>` : '';
  const spread = deviation === undefined ? '' : `<br><small>± ${shown(deviation)}</small>`;
  return `${shown(numberOf(line, column))}${range}${spread}`;
}

function comparisonCell({ comparison }: ReportLine): string {
  if (typeof comparison !== 'object' || comparison === null) return 'best';
  const { difference, adjustedP } = comparison as { readonly difference: number; readonly adjustedP: number };
  return `${difference > 0 ? '+' : ''}${shown(difference)}<br><small>p ${adjustedP < 0.0001 ? '&lt; .0001' : `= ${adjustedP.toFixed(4)}`}</small>`;
}

function figureTable({ lines, outcomes, metric }: HtmlReport): string {
  const columns = figureColumns.filter(column => lines.some(line => column in line));
  const best = lines.findIndex(line => !('comparison' in line));
  const rows = lines.map((line, index) => [
    textOf(line.model),
    comparisonCell(line),
    ...columns.map(column => figureCell(line, outcomes[index], column)),
  ]);
  const note =
    'Small: 95 % bootstrap interval over users (1,000 resamples), ± standard deviation over seeds. Second column: difference from the best, paired t-test over users, p after Holm’s correction.';
  return htmlTable(
    ['model', `${metric} against the best`, ...columns],
    rows,
    lines.length > 1 ? best : -1,
    note,
  );
}

function costTable({ lines }: HtmlReport): string {
  const columns = otherColumns.filter(column => lines.some(line => column in line));
  const digits = (column: string): number =>
    /Bytes|PerSecond|Mb/.test(column) ? 0 : /Seconds/.test(column) ? 2 : 4;
  const rows = lines.map(line => [
    textOf(line.model),
    ...columns.map(column => shown(numberOf(line, column), digits(column))),
  ]);
  return htmlTable(
    ['model', ...columns],
    rows,
    -1,
    'Novelty in bits; Gini 0: all products shown equally often.',
  );
}

/** Figures of other protocols, in tables of their own because they cannot be compared with the main ones. */
function otherProtocols({ lines }: HtmlReport): string {
  return (['catalogue', 'sampled'] as const)
    .map(part => {
      const rows = lines.flatMap(line => (line[part] ? [{ ...line[part], model: line.model }] : []));
      if (rows.length === 0) return '';
      const columns = figureColumns.filter(column => rows.some(row => column in row));
      const cells = rows.map(row => [
        textOf(row.model),
        ...columns.map(column => shown(numberOf(row, column))),
      ]);
      const title =
        part === 'catalogue' ? 'Among the whole catalogue' : 'Among drawn negatives (not comparable)';
      return `<h2>${title}</h2>${htmlTable(['model', ...columns], cells, -1, '')}`;
    })
    .join('');
}

function plots({ lines, outcomes, metric }: HtmlReport): string {
  const points = lines.map((line, index) => ({
    name: line.model,
    value: numberOf(line, metric),
    interval: outcomes[index].figures.intervals[metric],
    seconds: numberOf(line, 'trainSeconds'),
    novelty: numberOf(line, 'novelty'),
    coverage: numberOf(line, 'coverage'),
  }));
  const bars = barPlot(`${metric}, with 95 % intervals`, points);
  const speed = scatterPlot(
    {
      title: `${metric} by training time`,
      x: 'seconds of training (logarithmic)',
      y: metric,
      isLogarithmic: true,
    },
    points.map(({ name, value, seconds }) => ({ name, x: Math.max(seconds, 0.001), y: value })),
  );
  const reach = scatterPlot(
    { title: 'Novelty and coverage', x: 'coverage', y: 'novelty, bits', isLogarithmic: false },
    points.map(({ name, novelty, coverage }) => ({ name, x: coverage, y: novelty })),
  );
  return `${bars}${speed}${reach}`;
}

function settingsPart({ outcomes, tuned }: HtmlReport): string {
  const settings = outcomes
    .map(
      ({ context }) =>
        `${context.model}: ${setLine({ name: context.model, config: context.config }) || 'defaults'}`,
    )
    .join('\n');
  const trials = tuned
    .filter(found => found.trials.length > 0)
    .map(({ contender, trials: tried }) => {
      const rows = tried.map(({ config, value }) => [
        shown(value),
        textOf(setLine({ name: contender.name, config }) || 'as given'),
      ]);
      return `<details><summary>${textOf(contender.name)}: ${tried.length} trials on the validation hold-out</summary>${htmlTable(['value', 'settings'], rows, -1, '')}</details>`;
    })
    .join('');
  return `<h2>Settings</h2><pre>${textOf(settings)}</pre>${trials}`;
}

function environmentPart({ outcomes, environment }: HtmlReport): string {
  const facts = [...environment, `seeds ${outcomes[0]?.context.seeds.join(', ') ?? ''}`];
  return `<h2>Environment</h2><pre>${textOf(facts.join('\n'))}</pre>`;
}

/** Returns one HTML page with the figures of a task. */
export function htmlReport(report: HtmlReport): string {
  const [line] = report.lines;
  const about = ['protocol', 'order', 'holdout', 'users', 'ratings', 'items']
    .filter(key => line !== undefined && key in line)
    .map(key => `${key} ${String(line[key])}`)
    .join(' · ');
  return htmlPage(`affinity evaluate: ${report.task}`, about, [
    `<h2>Figures</h2>${figureTable(report)}${otherProtocols(report)}`,
    `<h2>Plots</h2>${plots(report)}`,
    `<h2>Beyond accuracy, and cost</h2>${costTable(report)}`,
    `${settingsPart(report)}${environmentPart(report)}`,
  ]);
}
