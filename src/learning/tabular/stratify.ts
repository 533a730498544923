import { createRng } from '../../numeric/rng';

/**
 * Deals rows to folds of about equal size, each with about the same share of positive labels. Equal seeds give equal folds.
 *
 * @param folds - ≥ 2
 * @returns the fold of each row, 0 … folds - 1
 */
export function stratifiedFolds(labels: Uint8Array, folds: number, seed: number): Uint8Array {
  const order = Uint32Array.from(labels.keys());
  createRng(seed).shuffle(order);
  const foldOf = new Uint8Array(labels.length);
  let dealt = 0;
  // One label after the other, so that no fold gets more than one row of a label above its share.
  for (const label of [0, 1])
    for (const row of order) if (labels[row] === label) foldOf[row] = dealt++ % folds;
  return foldOf;
}

/** Rows of a fold, and all others; both ascending. */
export function splitAt(
  foldOf: Uint8Array,
  fold: number,
): { readonly inside: Uint32Array; readonly outside: Uint32Array } {
  const rows = Uint32Array.from(foldOf.keys());
  return {
    inside: rows.filter(row => foldOf[row] === fold),
    outside: rows.filter(row => foldOf[row] !== fold),
  };
}
