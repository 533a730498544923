import { GatewayError } from '../../domain/errors';
import type { LabelledRows } from '../../learning/tabular/learner';
import { takeLabelled } from '../../learning/tabular/learner';
import { columnNamed, isMissing, type TableFile, type TextColumn, typedColumn } from '../files/tableFile';
import { createTimeColumn } from '../files/timeColumn';

/** Which columns of a file hold what. */
export interface ResponseColumns {
  /** The column of the outcome. */
  readonly target: string;
  /** Its text where the outcome is positive. */
  readonly positive: string;
  /** Columns that models do not read. */
  readonly drop: readonly string[];
  /** The column of the time, by which rows are sorted; undefined: rows are in order of time. */
  readonly time: string | undefined;
  /** Form of the times, when it is not to be recognized. */
  readonly timeFormat: string | undefined;
}

/** Fewest rows of each outcome. */
const minRowsPerOutcome = 20;

const invalid = (expected: string, got: string, remedy: string): GatewayError =>
  new GatewayError('EVALUATION_INVALID', `Expected ${expected}; got ${got}. ${remedy}`, { expected, got });

/** Most different values that a message lists. */
const maxShownValues = 10;

function labelsOf({ name, texts, codes }: TextColumn, positive: string): Uint8Array {
  const wanted = texts.indexOf(positive);
  const shown = texts.slice(0, maxShownValues).map(text => text || '(empty)');
  const values = `${shown.join(', ')}${texts.length > shown.length ? ', …' : ''}`;
  if (texts.includes(''))
    throw invalid(`an outcome in every row of ${name}`, 'an empty one', 'Leave rows without an outcome out.');
  if (wanted < 0) throw invalid(`--positive among ${values}`, positive, 'Name a value of the target column.');
  if (texts.length === 1)
    throw invalid(`two outcomes in ${name}`, `${positive} in every row`, 'Choose another target.');
  return Uint8Array.from(codes, code => Number(code === wanted));
}

/** Returns the order of the rows by their time; rows of the same time keep their order. */
function orderOfTime({ name, texts, codes }: TextColumn, format: string | undefined): Uint32Array {
  const timeOf = createTimeColumn({ format, isOrderEnough: true });
  const times = texts.map(text => timeOf(text, name));
  return Uint32Array.from(codes, (_, row) => row).sort((a, b) => times[codes[a]] - times[codes[b]] || a - b);
}

/**
 * Returns the columns that models read, with the outcome of every row; in order of time where a column of the time is named.
 *
 * @throws {GatewayError} EVALUATION_INVALID on unknown columns, on outcomes that cannot be learned, and on columns without values
 */
export function responseRows(
  file: TableFile,
  { target, positive, drop, time, timeFormat }: ResponseColumns,
): LabelledRows {
  const outcome = columnNamed(file, target, '--target');
  for (const name of drop) columnNamed(file, name, '--drop');
  if (drop.includes(target)) throw invalid('--drop without the target', target, 'Correct --drop.');
  const labels = labelsOf(outcome, positive);
  const left = new Set([target, ...drop, ...(time === undefined ? [] : [time])]);
  const read = file.columns.filter(({ name }) => !left.has(name));
  if (read.length === 0) throw invalid('columns to learn from', 'none', 'Drop fewer columns.');
  const empty = read.filter(isMissing).map(({ name }) => name);
  if (empty.length > 0)
    throw invalid('columns with values', `none in ${empty.join(', ')}`, `Add --drop ${empty.join(',')}.`);
  const found = labels.reduce((sum, label) => sum + label, 0);
  const rare = Math.min(found, labels.length - found);
  if (rare < minRowsPerOutcome)
    throw invalid(`${minRowsPerOutcome} rows of each outcome`, `${rare} of one`, 'Give more rows.');
  const rows = { table: { rows: labels.length, columns: read.map(typedColumn) }, labels };
  if (time === undefined) return rows;
  return takeLabelled(rows, orderOfTime(columnNamed(file, time, '--columns time'), timeFormat));
}
