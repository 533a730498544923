import { historiesOf } from '../../models/histories';
import type { ShopperHistory } from '../../models/model';
import type { Snapshot } from '../../snapshot/snapshot';
import { coverageOf, type Evaluation, type Measurement, measurementOf } from '../evaluation';
import { longestCutoff, metricNames } from '../metrics';
import type { Questions } from '../questions';
import type { Asks, NextChoices } from './nextChoices';

/**
 * How the next choices of a shopper are asked for. `all`: every choice, among the whole catalogue. `new`: products without an
 * earlier event of the shopper, among all such products. `repeat`: products that the shopper had bought (where liked products
 * are asked: met), among those.
 */
export const shopColumns = ['all', 'new', 'repeat'] as const;
/** One of {@link shopColumns}. */
export type ShopColumn = (typeof shopColumns)[number];

/** Questions about shoppers' next choices; those of one shopper follow each other and share one history. */
export interface ShopQuestions extends Questions {
  /** User row of each question. */
  readonly shoppers: Uint32Array;
  /** Column of each question. */
  readonly columns: readonly ShopColumn[];
}

interface Entry {
  readonly user: number;
  readonly column: ShopColumn;
  readonly relevant: Uint32Array;
  readonly excluded: Uint32Array;
  readonly candidates?: Uint32Array;
}

const nothing = new Uint32Array(0);
const rowsOf = (rows: Iterable<number>): Uint32Array => Uint32Array.from(rows).sort();

/** Questions of one shopper; a column in which nothing is to be found is left out. */
function entriesOf({ user, met, bought, buys, likes }: NextChoices, asks: Asks): readonly Entry[] {
  const chosen = asks === 'purchases' ? buys : likes;
  const known = asks === 'purchases' ? bought : met;
  const relevantOf = (isAsked: (row: number) => boolean): Uint32Array => rowsOf([...chosen].filter(isAsked));
  const entries: readonly Entry[] = [
    { user, column: 'all', relevant: rowsOf(chosen), excluded: nothing },
    { user, column: 'new', relevant: relevantOf(row => !met.has(row)), excluded: rowsOf(met) },
    {
      user,
      column: 'repeat',
      relevant: relevantOf(row => known.has(row)),
      excluded: nothing,
      candidates: rowsOf(known),
    },
  ];
  return entries.filter(({ relevant }) => relevant.length > 0);
}

/**
 * Returns questions about the next choices of shoppers.
 *
 * @param train - the part before the cut; its products are the catalogue
 * @param columns - the columns to ask
 */
export function shopQuestionsOf(
  train: Snapshot,
  choices: readonly NextChoices[],
  asks: Asks,
  columns: readonly ShopColumn[] = shopColumns,
): ShopQuestions {
  const histories = historiesOf(train);
  const entries = choices
    .flatMap(choice => entriesOf(choice, asks))
    .filter(({ column }) => columns.includes(column));
  let last: { readonly user: number; readonly rows: Int32Array; readonly history: ShopperHistory } | null =
    null;
  const historyOf = (user: number, rows: Int32Array): ShopperHistory => {
    if (last?.user !== user || last.rows !== rows) last = { user, rows, history: histories.of(user, rows) };
    return last.history;
  };
  return {
    train,
    userRows: Uint32Array.from(entries.keys()),
    shoppers: Uint32Array.from(entries, ({ user }) => user),
    columns: entries.map(({ column }) => column),
    of(index, scorerRows) {
      const { user, relevant, excluded, candidates } = entries[index];
      const history = historyOf(user, scorerRows);
      return { history, relevant, excluded, ...(candidates && { candidates }) };
    },
  };
}

/** The figures of one column. */
export interface ColumnFigures {
  /** `userRows` are user rows of the snapshot. */
  readonly measurement: Measurement;
  /** Share of the catalogue in the lists of the column. */
  readonly coverage: number;
}

/** Returns one column of an evaluation of {@link ShopQuestions}. */
export function columnFiguresOf(
  { shoppers, columns }: Pick<ShopQuestions, 'shoppers' | 'columns'>,
  { full, topRows, items }: Evaluation,
  column: ShopColumn,
): ColumnFigures {
  const picked = Uint32Array.from(columns.keys()).filter(index => columns[index] === column);
  const metrics = new Float64Array(picked.length * metricNames.length);
  const rows = new Int32Array(picked.length * longestCutoff);
  for (const [place, index] of picked.entries()) {
    for (const [at, name] of metricNames.entries())
      metrics[place * metricNames.length + at] = full.perUser.get(name)?.[index] ?? Number.NaN;
    rows.set(topRows.subarray(index * longestCutoff, (index + 1) * longestCutoff), place * longestCutoff);
  }
  return {
    measurement: measurementOf(
      picked.map(index => shoppers[index]),
      metrics,
    ),
    coverage: coverageOf(rows, items),
  };
}
