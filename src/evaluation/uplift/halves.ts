import type { TreatedRows } from '../../insights/uplift/learner';
import { stratifiedFolds } from '../../learning/tabular/stratify';

/** Rows to learn from, and rows to measure on; ascending. */
export interface Halves {
  readonly train: Uint32Array;
  readonly test: Uint32Array;
}

/** Deals rows to two halves that have equal shares of both arms and of both outcomes. Equal seeds give equal halves. */
export function drawHalves({ labels, treated }: Omit<TreatedRows, 'table'>, seed: number): Halves {
  const isTest = new Uint8Array(labels.length);
  const all = Uint32Array.from(labels.keys());
  for (const arm of [0, 1]) {
    const rows = all.filter(row => treated[row] === arm);
    const halfOf = stratifiedFolds(
      Uint8Array.from(rows, row => labels[row]),
      2,
      seed,
    );
    for (const [place, row] of rows.entries()) isTest[row] = halfOf[place];
  }
  return { train: all.filter(row => isTest[row] === 0), test: all.filter(row => isTest[row] === 1) };
}
