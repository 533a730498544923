import type { TreatedRows } from '../../insights/uplift/learner';
import { takeLabelled } from '../../learning/tabular/learner';
import { invalidFile } from '../files/invalidFile';
import { columnNamed, isMissing, type TableFile, type TextColumn, typedColumn } from '../files/tableFile';

/** Which columns of a file hold what. */
export interface ExperimentColumns {
  /** The column of the arm. */
  readonly treatment: string;
  /** Its text where the row was treated, and where it is a control; other rows are left out. */
  readonly arm: string | undefined;
  readonly control: string | undefined;
  /** The column of the outcome. */
  readonly target: string;
  /** Its text where the outcome is positive. */
  readonly positive: string | undefined;
  /** Columns that models do not read. */
  readonly drop: readonly string[];
}

/** Rows of two arms of an experiment, and the texts that named the arms. */
export interface Experiment {
  readonly rows: TreatedRows;
  readonly arm: string;
  readonly control: string;
}

/** Fewest rows of each outcome in each arm: halves of them are learned from. */
const minRowsPerCell = 20;
/** Most values that a message lists. */
const maxShownValues = 10;

const listOf = (texts: readonly string[]): string =>
  `${texts.slice(0, maxShownValues).join(', ')}${texts.length > maxShownValues ? ', …' : ''}`;

/** Returns the place of a text; `usual` where none is named and the column has `usual` and one other text. */
function placeOf(
  column: TextColumn,
  named: string | undefined,
  usual: string,
  option: string,
  file: string,
): number {
  const { texts, name } = column;
  const isBinary = texts.length === 2 && texts.includes('0') && texts.includes('1');
  if (named === undefined && !isBinary)
    throw invalidFile(file, `${option} VALUE, or 0 and 1 in ${name}`, listOf(texts), `Add ${option}.`);
  const place = texts.indexOf(named ?? usual);
  if (place >= 0) return place;
  throw invalidFile(file, `${option} among ${listOf(texts)}`, String(named), `Name a value of ${name}.`);
}

/** @throws {GatewayError} EVALUATION_INVALID unless both outcomes are in both arms often enough */
function checkCells({ labels, treated }: Omit<TreatedRows, 'table'>, file: string): void {
  const counts = [0, 0, 0, 0];
  for (const [row, label] of labels.entries()) counts[2 * treated[row] + label]++;
  const least = Math.min(...counts);
  if (least >= minRowsPerCell) return;
  throw invalidFile(
    file,
    `${minRowsPerCell} rows of each outcome in each arm`,
    `${least} of one`,
    'Give more rows, or choose another target.',
  );
}

/** The columns that models read. */
function featuresOf(file: TableFile, { treatment, target, drop }: ExperimentColumns): readonly TextColumn[] {
  for (const name of drop) columnNamed(file, name, '--drop');
  const left = new Set([treatment, target, ...drop]);
  const read = file.columns.filter(({ name }) => !left.has(name));
  if (read.length === 0) throw invalidFile(file.name, 'columns to learn from', 'none', 'Drop fewer columns.');
  const empty = read.filter(isMissing).map(({ name }) => name);
  if (empty.length === 0) return read;
  const remedy = `Add --drop ${empty.join(',')}.`;
  throw invalidFile(file.name, 'columns with values', `none in ${empty.join(', ')}`, remedy);
}

/**
 * Returns the rows of the two arms, with the columns that models read.
 *
 * @throws {GatewayError} EVALUATION_INVALID on unknown columns and values, and on too few rows of an outcome in an arm
 */
export function experimentRows(file: TableFile, columns: ExperimentColumns): Experiment {
  const arms = columnNamed(file, columns.treatment, '--treatment');
  const outcome = columnNamed(file, columns.target, '--target');
  const arm = placeOf(arms, columns.arm, '1', '--arm', file.name);
  const control = placeOf(arms, columns.control, '0', '--control', file.name);
  const positive = placeOf(outcome, columns.positive, '1', '--positive', file.name);
  if (arm === control)
    throw invalidFile(
      file.name,
      'an arm other than the control',
      arms.texts[arm],
      'Correct --arm or --control.',
    );
  const all = Uint32Array.from(arms.codes, (_, row) => row);
  const kept = all.filter(row => arms.codes[row] === arm || arms.codes[row] === control);
  const table = { rows: all.length, columns: featuresOf(file, columns).map(typedColumn) };
  const labels = Uint8Array.from(outcome.codes, code => Number(code === positive));
  const treated = Uint8Array.from(kept, row => Number(arms.codes[row] === arm));
  const rows = { ...takeLabelled({ table, labels }, kept), treated };
  checkCells(rows, file.name);
  return { rows, arm: arms.texts[arm], control: arms.texts[control] };
}
