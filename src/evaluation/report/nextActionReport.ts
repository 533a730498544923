import { meanLossOf, type Trial } from '../../insights/nextAction/trial';
import { type Cost, roundedCost } from './cost';
import { roundedOrNull } from './rounded';
import { textTable } from './textTable';

/** The report of one next-action candidate: figures by name. */
export type NextActionLine = Readonly<Record<string, unknown>>;

/**
 * Returns the report of a candidate: its figures on the test part, calibrated, and what it cost.
 *
 * @param shared - what all candidates have in common: task, protocol, seed, numbers of steps
 */
export function nextActionLine(trial: Trial, cost: Cost, shared: NextActionLine): NextActionLine {
  const { after, before, temperatures, validation, effort } = trial;
  const figures = Object.entries(after).map(([figure, value]) => [figure, roundedOrNull(value)] as const);
  return {
    model: trial.name,
    ...shared,
    ...Object.fromEntries(figures),
    eceBefore: roundedOrNull(before['ece']),
    logLossBefore: roundedOrNull(before['logLoss']),
    temperature: roundedOrNull(temperatures.actions),
    validationLogLoss: roundedOrNull(meanLossOf(validation)),
    effort,
    ...roundedCost(cost),
  };
}

const columns = ['accuracy', 'macroF1', 'logLoss', 'ece', 'eceBefore', 'auc/purchase', 'seconds'] as const;

/** Formats the main figures of all candidates as a table. */
export function nextActionTable(lines: readonly NextActionLine[]): string {
  return textTable([
    ['model', ...columns],
    ...lines.map(line => [
      String(line['model']),
      ...columns.map(column => (line[column] === null ? '–' : Number(line[column]).toFixed(4))),
    ]),
  ]);
}
