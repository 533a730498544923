import type { Rehearsed } from '../../learning/tabular/overTime';
import { meanAndDeviation, responseMetricNames } from '../response/metrics';
import type { DriftReport, PartOutcome, ResponseTrial } from '../response/trial';
import { type Cost, roundedCost } from './cost';
import { rounded, roundedOrNull } from './rounded';
import { textTable } from './textTable';

/** The report of one model: figures by name. */
export type ResponseLine = Readonly<Record<string, unknown>>;

/** Name of the line of the model that validation chose. */
const servedName = 'served';

/** Means over the parts, and standard deviations where there are several. */
function figuresOf(parts: readonly PartOutcome[]): ResponseLine {
  const means = responseMetricNames.map(name => {
    const { mean, sd } = meanAndDeviation(parts.map(({ metrics }) => metrics[name]));
    return { name, mean: roundedOrNull(mean), sd: roundedOrNull(sd) };
  });
  return {
    ...Object.fromEntries(means.map(({ name, mean }) => [name, mean])),
    ...(parts.length > 1 && { deviations: Object.fromEntries(means.map(({ name, sd }) => [name, sd])) }),
  };
}

function validationOf(parts: readonly PartOutcome[]): ResponseLine {
  const meanOf = (figure: (part: PartOutcome) => number) =>
    roundedOrNull(meanAndDeviation(parts.map(figure)).mean);
  return {
    validationAuc: meanOf(({ validation }) => validation.auc),
    validationLogLoss: meanOf(({ validation }) => validation.logLoss),
    calibrations: parts.map(({ calibration }) => calibration),
  };
}

const wayOf = ({ name, weights, calibrationRows, auc, logLoss }: Rehearsed): ResponseLine => ({
  model: name,
  weights,
  calibrationRows,
  auc: rounded(auc),
  logLoss: rounded(logLoss),
});

const driftLine = ({ baseRates, rehearsed, chosen }: DriftReport): ResponseLine => ({
  baseRates: Object.fromEntries(Object.entries(baseRates).map(([part, rate]) => [part, rounded(rate)])),
  rehearsed: rehearsed.map(wayOf),
  chosen: chosen.map(wayOf),
});

/**
 * Returns the report of every model, and a last one of the model that validation chose, part by part. That one says what was
 * tried about rows that change in time.
 *
 * @param costs - what each model cost, by its name
 * @param shared - what all models have in common: task, protocol, seed, sizes
 */
export function responseLines(
  { outcomes, served, servedParts, drift }: ResponseTrial,
  costs: ReadonlyMap<string, Cost>,
  shared: ResponseLine,
): readonly ResponseLine[] {
  const lines = outcomes.map(({ model, parts }): ResponseLine => {
    const cost = costs.get(model);
    const timesServed = served.filter(name => name === model).length;
    return {
      model,
      ...shared,
      ...figuresOf(parts),
      ...validationOf(parts),
      timesServed,
      ...(cost && roundedCost(cost)),
    };
  });
  return [
    ...lines,
    {
      model: servedName,
      ...shared,
      ...figuresOf(servedParts),
      served,
      ...(drift && { drift: driftLine(drift) }),
    },
  ];
}

const columns = [...responseMetricNames, 'validationAuc', 'validationLogLoss'] as const;

function cellOf(line: ResponseLine, column: string): string {
  const value = line[column];
  if (typeof value !== 'number') return '–';
  const deviations = line['deviations'];
  const sd =
    typeof deviations === 'object' && deviations !== null
      ? new Map(Object.entries(deviations)).get(column)
      : null;
  return typeof sd === 'number' ? `${value.toFixed(4)} ± ${sd.toFixed(4)}` : value.toFixed(4);
}

/** Formats the figures of all models as a table. */
export const responseTable = (lines: readonly ResponseLine[]): string =>
  textTable([
    ['model', ...columns, 'timesServed', 'seconds', 'peakMemoryMb'],
    ...lines.map(line => [
      String(line['model']),
      ...columns.map(column => cellOf(line, column)),
      ...['timesServed', 'seconds', 'peakMemoryMb'].map(name => String(line[name] ?? '–')),
    ]),
  ]);

/** Says in words which model was chosen and what was tried. */
export function responseSummary({ served, drift }: ResponseTrial): string {
  const counts = [...new Set(served)].map(
    name => [name, served.filter(other => other === name).length] as const,
  );
  const chosen = counts.map(([name, times]) =>
    served.length > 1 ? `${name} (${times} of ${served.length})` : name,
  );
  const lines = [`Served, the best on validation: ${chosen.join(', ')}.`];
  if (drift) {
    const { train, earlier, last, test } = drift.baseRates;
    const [all, before, after, held] = [train, earlier, last, test].map(rate => rate.toFixed(4));
    lines.push(
      `Base rate: ${all} in training (${before} in its first 90 %, ${after} in its last 10 %), ${held} in the test part.`,
      'Tried by learning from the first 90 % of the training part and predicting its last 10 %:',
      textTable([
        ['model', 'weights', 'calibrationRows', 'auc', 'logLoss', 'chosen'],
        ...drift.rehearsed.map(way => [
          way.name,
          way.weights,
          way.calibrationRows,
          way.auc.toFixed(4),
          way.logLoss.toFixed(4),
          drift.chosen.includes(way) ? 'yes' : '',
        ]),
      ]),
    );
  }
  return lines.join('\n');
}
