import type { DueCalibration } from '../shop/calibration';
import type { Asks } from '../shop/nextChoices';
import { type ColumnSummary, type ShopOutcome, summarizeColumn } from '../shop/shopOutcome';
import { type ShopColumn, shopColumns } from '../shop/shopQuestions';
import type { ShopProtocol } from '../shop/shopTask';
import type { HoldOut } from '../task';
import { rounded, roundedOrNull } from './rounded';
import { textTable } from './textTable';

/** What all lines of a report have in common. */
export interface ShopConditions {
  readonly shop: string;
  readonly holdOut: HoldOut;
  readonly protocol: ShopProtocol;
  readonly asks: Asks;
  /** The instant of the cut, milliseconds since the epoch; of the last event where the protocol is not `time`. */
  readonly cut: number;
  readonly seeds: readonly number[];
  readonly shoppers: number;
  readonly items: number;
  readonly events: number;
  /** Name of the baseline that all rows are compared with. */
  readonly reference: string;
}

/** Figures of one column of a report. */
export interface ShopColumnFigures {
  readonly shoppers: number;
  readonly 'recall@20': number | null;
  readonly 'ndcg@20': number | null;
  readonly coverage: number | null;
  readonly standardErrors: Readonly<Record<string, number | null>>;
  readonly deviation?: number;
  /** Mean paired difference in ndcg@20 from the reference, and p after Holm's correction. */
  readonly againstPopularity?: { readonly difference: number | null; readonly p: number | null };
}

/** The report of one model: one JSON object per line with `--json`. */
export interface ShopLine {
  readonly model: string;
  readonly untrained?: string;
  readonly all?: ShopColumnFigures;
  readonly new?: ShopColumnFigures;
  readonly repeat?: ShopColumnFigures;
  readonly calibration?: readonly CalibrationFigures[];
  readonly [figure: string]: unknown;
}

const metrics = ['recall@20', 'ndcg@20'] as const;

function columnFigures({ measurement, coverage, deviation, comparison }: ColumnSummary): ShopColumnFigures {
  const { means, standardErrors, userRows } = measurement;
  return {
    shoppers: userRows.length,
    'recall@20': roundedOrNull(means['recall@20']),
    'ndcg@20': roundedOrNull(means['ndcg@20']),
    coverage: roundedOrNull(coverage),
    standardErrors: Object.fromEntries(metrics.map(name => [name, roundedOrNull(standardErrors[name])])),
    ...(deviation !== null && { deviation: rounded(deviation) }),
    ...(comparison && {
      againstPopularity: {
        difference: roundedOrNull(comparison.difference),
        p: roundedOrNull(comparison.adjustedP),
      },
    }),
  };
}

/** A calibration as reports print it. */
interface CalibrationFigures extends Pick<DueCalibration, 'days' | 'pairs'> {
  readonly asOf: string;
  readonly boughtShare: number | null;
  readonly meanProbability: number | null;
  readonly ece: number | null;
  readonly auc: number | null;
}

const calibrationFigures = (calibration: DueCalibration): CalibrationFigures => ({
  days: calibration.days,
  asOf: new Date(calibration.asOf).toISOString(),
  pairs: calibration.pairs,
  boughtShare: roundedOrNull(calibration.boughtShare),
  meanProbability: roundedOrNull(calibration.meanProbability),
  ece: roundedOrNull(calibration.ece),
  auc: roundedOrNull(calibration.auc),
});

const meanOf = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/** What a model cost: means over seeds, and the highest memory. */
const costFigures = ({ runs }: ShopOutcome) => ({
  trainSeconds: rounded(meanOf(runs.map(run => run.trainSeconds)), 3),
  msPerList: rounded(meanOf(runs.map(run => run.msPerList)), 3),
  peakMemoryMb: rounded(Math.max(...runs.map(run => run.peakMemoryMb)), 1),
  artifactBytes: runs[0].artifactBytes,
});

/** Returns the report of every model, in the order of the outcomes. */
export function shopLines(
  outcomes: readonly ShopOutcome[],
  { cut, holdOut, reference, ...conditions }: ShopConditions,
): readonly ShopLine[] {
  const trained = outcomes.filter(({ runs }) => runs.length > 0);
  const summaries = new Map(
    shopColumns.map(column => [
      column,
      trained.length > 0 ? summarizeColumn(trained, column, reference) : [],
    ]),
  );
  const shared = { task: 'shop', ...conditions, holdout: holdOut, cut: new Date(cut).toISOString() };
  return outcomes.map(outcome => {
    const { model, config, untrained, runs } = outcome;
    const settings = Object.keys(config).length > 0 ? { settings: config } : {};
    if (runs.length === 0) return { model, ...shared, untrained: untrained ?? '', ...settings };
    const figuresOf = (column: ShopColumn): ShopColumnFigures | undefined => {
      const summary = summaries.get(column)?.[trained.indexOf(outcome)];
      return summary && columnFigures(summary);
    };
    const calibrations = runs[0].calibrations.map(calibrationFigures);
    return {
      model,
      ...shared,
      ...Object.fromEntries(shopColumns.map(column => [column, figuresOf(column)])),
      ...costFigures(outcome),
      ...(calibrations.length > 0 && { calibration: calibrations }),
      ...settings,
    };
  });
}

/** What each column asks, for headings. */
export const columnTitles: Readonly<Record<ShopColumn, Readonly<Record<Asks, string>>>> = {
  all: { purchases: 'everything bought next', liked: 'everything liked next' },
  new: { purchases: 'bought next, new to the shopper', liked: 'liked next, new to the shopper' },
  repeat: { purchases: 'bought again', liked: 'met before and liked next' },
};

const protocolWords: Readonly<Record<Exclude<ShopProtocol, 'time'>, string>> = {
  'leave-last-out': 'in their last order with a new product',
  drawn: 'of a drawn tenth of their products',
};

/** A sentence about what was asked, for people. */
export function shopSentence({ shop, protocol, asks, cut, shoppers, items, events }: ShopConditions): string {
  const chose = asks === 'purchases' ? 'bought' : 'liked';
  const when = protocol === 'time' ? `after ${new Date(cut).toISOString()}` : protocolWords[protocol];
  return `Shop "${shop}": what ${shoppers} shoppers ${chose} ${when}, among ${items} products; models learned from ${events} other events.`;
}

const figureCell = (value: number | null | undefined): string =>
  typeof value === 'number' ? value.toFixed(4) : '–';
const costCell = (value: unknown, digits: number): string =>
  typeof value === 'number' ? value.toFixed(digits) : '–';

/** Formats the figures as a table, one row per trained model. */
export function shopTable(lines: readonly ShopLine[]): string {
  const heads = shopColumns.flatMap(column => [`${column} ndcg@20`, 'recall@20', 'coverage']);
  const rows = lines
    .filter(({ untrained }) => untrained === undefined)
    .map(line => [
      line.model,
      ...shopColumns.flatMap(column => {
        const figures = line[column];
        return [figures?.['ndcg@20'], figures?.['recall@20'], figures?.coverage].map(figureCell);
      }),
      costCell(line['trainSeconds'], 1),
      costCell(line['msPerList'], 2),
      costCell(line['peakMemoryMb'], 0),
    ]);
  return textTable([['model', ...heads, 'train s', 'ms/list', 'MB'], ...rows]);
}

/** One line per horizon of every model that says when products are bought again, and per model that could not be trained. */
export function shopNotes(lines: readonly ShopLine[]): readonly string[] {
  return lines.flatMap(({ model, untrained, calibration = [] }) => {
    if (untrained !== undefined) return [`${model}: not trained. ${untrained}`];
    return calibration.map(
      ({ days, pairs, asOf, boughtShare, meanProbability, ece, auc }) =>
        `${model}: bought again within ${days} days of ${asOf}: mean probability ${figureCell(meanProbability)}, share ${figureCell(boughtShare)}, calibration error ${figureCell(ece)}, AUC ${figureCell(auc)} over ${pairs} pairs.`,
    );
  });
}
