import type { NumberTable } from '../../numeric/trees/bins';
import type { LabelledTable } from '../../numeric/trees/boostTrees';
import type { LabelledRows } from './learner';
import { checkColumns, type Table } from './table';

/** Turns rows into the numbers that trees split on: numbers as they are, categories as their codes, NaN where missing. */
export type TreeEncoding = (table: Table) => NumberTable;

/** Bound of the codes that trees read; later ones are read as missing. */
const maxCodes = 65_536;

/** Returns the encoding of tables with the columns of training. O(rows × columns) per table. */
export function treeEncodingOf({ columns }: Table): TreeEncoding {
  const categorical = new Set([...columns.keys()].filter(place => columns[place].kind === 'categorical'));
  const width = columns.length;
  return table => {
    checkColumns(table, width);
    const values = new Float32Array(table.rows * width);
    for (const [place, { values: read }] of table.columns.entries()) {
      const bound = categorical.has(place) ? maxCodes : Number.POSITIVE_INFINITY;
      for (let row = 0; row < table.rows; row++)
        values[row * width + place] = read[row] < bound ? read[row] : Number.NaN;
    }
    return { rows: table.rows, columns: width, values, categorical };
  };
}

/** Returns rows with their labels and weights as trees are grown on them. */
export const labelledNumbers = (
  encoding: TreeEncoding,
  { table, labels, weights }: LabelledRows,
): LabelledTable => ({
  ...encoding(table),
  labels,
  ...(weights && { weights }),
});
