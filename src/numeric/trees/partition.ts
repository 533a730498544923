import { type SplitRule, sidesInto } from './bestSplit';
import { type BinnedTable, maxBins } from './bins';

/** Divides rows of a table by a split. */
export interface Partition {
  /** Stable: reorders the rows [start, end) so that those that go left come first. @returns where the others begin */
  divide(rows: Uint32Array, range: readonly [number, number], split: SplitRule): number;
}

/** Creates a partition of at most all rows of a table; its scratch is one number per row. */
export function partitionOf({ bins, rows: tableRows }: BinnedTable): Partition {
  const sides = new Uint8Array(maxBins);
  const spare = new Uint32Array(tableRows);
  return {
    divide(rows, [start, end], split) {
      const first = split.column * tableRows;
      sidesInto(split, sides);
      let middle = start;
      let others = 0;
      // Both targets are written, and only one advances: a branch would be mispredicted for every second row.
      for (let place = start; place < end; place++) {
        const row = rows[place];
        const side = sides[bins[first + row]];
        rows[middle] = row;
        spare[others] = row;
        middle += side;
        others += 1 - side;
      }
      for (let place = 0; place < others; place++) rows[middle + place] = spare[place];
      return middle;
    },
  };
}
