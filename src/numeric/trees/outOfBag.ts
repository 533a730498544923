import type { NumberTable } from './bins';
import { addTreesInto, type Forest } from './forest';

/** Means of the predictions of trees for the rows that they did not draw ("out of bag"; Breiman 2001). */
export interface OutOfBag {
  /** Adds a tree. @param draws - how often it drew each row */
  add(tree: Forest, draws: Uint16Array): void;
  /** Returns the mean per row; NaN where every tree drew it. */
  means(): Float64Array;
}

/** Creates empty means for the rows of a table. */
export function outOfBagOf({ rows, columns, values }: NumberTable): OutOfBag {
  const sums = new Float64Array(rows);
  const trees = new Uint32Array(rows);
  return {
    add(tree, draws) {
      for (let row = 0; row < rows; row++) {
        if (draws[row] > 0) continue;
        addTreesInto(tree, values, row * columns, sums, row);
        trees[row]++;
      }
    },
    means: () => sums.map((sum, row) => sum / trees[row]),
  };
}
