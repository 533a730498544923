import { type ShopColumn, shopColumns } from '../shop/shopQuestions';
import { htmlPage, htmlTable, shown } from './htmlPage';
import { barPlot, textOf } from './plots';
import {
  columnTitles,
  type ShopColumnFigures,
  type ShopConditions,
  type ShopLine,
  shopNotes,
  shopSentence,
} from './shopReport';

/** The contents of the page of a shop. */
export interface ShopPage {
  readonly conditions: ShopConditions;
  readonly lines: readonly ShopLine[];
  /** Facts about the machine and the command, one per line. */
  readonly environment: readonly string[];
}

const z95 = 1.96;
const numberOf = (value: unknown): number => (typeof value === 'number' ? value : Number.NaN);

const withError = (value: number | null, error: number | null | undefined): string =>
  `${shown(numberOf(value))}<br><small>± ${shown(z95 * numberOf(error))}</small>`;

function comparisonCell({ againstPopularity }: ShopColumnFigures): string {
  if (againstPopularity === undefined) return 'reference';
  const difference = numberOf(againstPopularity.difference);
  return `${difference > 0 ? '+' : ''}${shown(difference)}<br><small>p = ${shown(numberOf(againstPopularity.p))}</small>`;
}

function columnPart(column: ShopColumn, { conditions, lines }: ShopPage): string {
  const figures = lines.flatMap(line => {
    const own = line[column];
    return own === undefined ? [] : [{ model: line.model, own }];
  });
  const shoppers = figures[0]?.own.shoppers ?? 0;
  const title = columnTitles[column][conditions.asks];
  if (shoppers === 0) return `<h2>${textOf(`${column}: ${title}`)}</h2><p>No shopper has any.</p>`;
  const values = figures.map(({ own }) => numberOf(own['ndcg@20']));
  const rows = figures.map(({ model, own }) => [
    textOf(model),
    withError(own['ndcg@20'], own.standardErrors['ndcg@20']),
    withError(own['recall@20'], own.standardErrors['recall@20']),
    shown(numberOf(own.coverage)),
    comparisonCell(own),
  ]);
  const bars = figures.map(({ model, own }, index) => {
    const half = z95 * numberOf(own.standardErrors['ndcg@20']);
    return {
      name: model,
      value: values[index],
      interval: { low: Math.max(0, values[index] - half), high: values[index] + half },
    };
  });
  const head = ['model', 'ndcg@20', 'recall@20', 'coverage', 'against popularity'];
  const note =
    'Small: 95 % interval over shoppers. Last column: paired difference in ndcg@20 from the baseline popularity, p of a t-test after Holm’s correction.';
  const best = values.indexOf(Math.max(...values.filter(Number.isFinite)));
  return `<h2>${textOf(`${column}: ${title} (${shoppers} shoppers)`)}</h2>${htmlTable(head, rows, best, note)}${barPlot(`ndcg@20, ${title}`, bars)}`;
}

function costPart({ lines }: ShopPage): string {
  const rows = lines
    .filter(({ untrained }) => untrained === undefined)
    .map(line => [
      textOf(line.model),
      shown(numberOf(line['trainSeconds']), 2),
      shown(numberOf(line['msPerList']), 2),
      shown(numberOf(line['peakMemoryMb']), 0),
      shown(numberOf(line['artifactBytes']), 0),
    ]);
  const head = ['model', 'trainSeconds', 'msPerList', 'peakMemoryMb', 'artifactBytes'];
  return `<h2>Cost</h2>${htmlTable(head, rows, -1, '')}`;
}

/** Returns one HTML page about how models do on a shop. */
export function shopPage(page: ShopPage): string {
  const notes = shopNotes(page.lines);
  const notesPart =
    notes.length === 0
      ? ''
      : `<h2>Notes</h2><ul>${notes.map(note => `<li>${textOf(note)}</li>`).join('')}</ul>`;
  const environment = [...page.environment, `seeds ${page.conditions.seeds.join(', ')}`];
  return htmlPage('affinity evaluate: shop', shopSentence(page.conditions), [
    ...shopColumns.map(column => columnPart(column, page)),
    costPart(page),
    notesPart,
    `<h2>Environment</h2><pre>${textOf(environment.join('\n'))}</pre>`,
  ]);
}
