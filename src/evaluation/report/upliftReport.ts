import type { AverageEffect } from '../uplift/averageEffect';
import { upliftFigureNames } from '../uplift/figures';
import type { Summary } from '../uplift/trial';
import { type Cost, roundedCost } from './cost';
import { rounded, roundedOrNull } from './rounded';
import { textTable } from './textTable';

/** The report of one targeting: figures by name. */
export type UpliftLine = Readonly<Record<string, unknown>>;

const byName = (summaries: readonly Summary[], figure: (summary: Summary) => unknown) =>
  Object.fromEntries(upliftFigureNames.map((name, place) => [name, figure(summaries[place])]));

/**
 * Returns the report of a targeting: means over the draws, their deviations, and intervals.
 *
 * @param shared - what all targetings have in common: task, protocol, seed, sizes, average effect
 */
export const upliftLine = (
  model: string,
  summaries: readonly Summary[],
  cost: Cost,
  shared: UpliftLine,
): UpliftLine => ({
  model,
  ...shared,
  ...byName(summaries, ({ mean }) => roundedOrNull(mean)),
  deviations: byName(summaries, ({ deviation }) => roundedOrNull(deviation)),
  intervals: byName(summaries, ({ interval }) => [rounded(interval.low), rounded(interval.high)]),
  ...roundedCost(cost),
});

/** Returns the average effect as a line holds it. */
export const averageEffectLine = (average: AverageEffect): UpliftLine => ({
  effect: rounded(average.effect),
  interval: [rounded(average.low), rounded(average.high)],
  treatedRate: rounded(average.treatedRate),
  controlRate: rounded(average.controlRate),
  lift: roundedOrNull(average.lift),
  liftInterval: [rounded(average.liftInterval.low), rounded(average.liftInterval.high)],
  detectable: rounded(average.detectable),
});

const columns = [
  'qini',
  'auuc',
  'uplift@10%',
  'uplift@20%',
  'uplift@30%',
  'robustUplift@30%',
  'robustQini',
] as const;

/** Formats mean ± deviation of the main figures of all targetings, and the interval of the Qini coefficient, as a table. */
export function upliftTable(targetings: readonly (readonly [string, readonly Summary[]])[]): string {
  const cellOf = ({ mean, deviation }: Summary) =>
    Number.isNaN(deviation) ? mean.toFixed(4) : `${mean.toFixed(4)} ± ${deviation.toFixed(4)}`;
  return textTable([
    ['model', ...columns, 'interval of qini'],
    ...targetings.map(([name, summaries]) => [
      name,
      ...columns.map(column => cellOf(summaries[upliftFigureNames.indexOf(column)])),
      `${summaries[0].interval.low.toFixed(4)} to ${summaries[0].interval.high.toFixed(4)}`,
    ]),
  ]);
}

const percent = (share: number): string => `${(100 * share).toFixed(2)} %`;

/** Says the average effect in words. */
export const averageEffectText = (average: AverageEffect): string =>
  `Average effect: ${percent(average.effect)} (${percent(average.low)} to ${percent(average.high)}), from ` +
  `${percent(average.controlRate)} to ${percent(average.treatedRate)}: a lift of ${percent(average.lift)} ` +
  `(${percent(average.liftInterval.low)} to ${percent(average.liftInterval.high)}). An experiment of this size finds effects ` +
  `from ${percent(average.detectable)} with a power of 80 %.`;
