import type { Numbers } from './numbers';
import { sigmoidOf } from './sigmoid';

/** Arrays of a GRU step. */
export interface GruStep<N extends Numbers = Numbers> {
  /** [rows × 3·columns]: input terms of update, reset and candidate ← z, r, n ← (backward) the gradient. */
  readonly inputs: N;
  /** [rows × 3·columns]: previous-state terms of update, reset and candidate ← (backward) the gradient. */
  readonly hiddens: N;
  /** [rows × columns]: the previous state. */
  readonly previous: N;
  readonly columns: number;
}

/**
 * One GRU step (Cho et al. 2014, the variant that resets after the matrix product): z = σ(x_z + h_z),
 * r = σ(x_r + h_r), n = tanh(x_n + r·h_n), out = (1 - z)·n + z·previous.
 */
export function gruStep({ inputs, hiddens, previous, columns }: GruStep, out: Numbers): void {
  for (let i = 0; i < out.length; i++) {
    const at = 3 * Math.floor(i / columns) * columns + (i % columns);
    const z = sigmoidOf(inputs[at] + hiddens[at]);
    const r = sigmoidOf(inputs[at + columns] + hiddens[at + columns]);
    const n = Math.tanh(inputs[at + 2 * columns] + r * hiddens[at + 2 * columns]);
    for (const [block, value] of [z, r, n].entries()) inputs[at + block * columns] = value;
    out[i] = (1 - z) * n + z * previous[i];
  }
}

/** Gradients of a step, after {@link gruStep}. `gradient` (of out) ← the direct gradient of previous, in place. */
export function gruStepBackward({ inputs, hiddens, previous, columns }: GruStep, gradient: Numbers): void {
  for (let i = 0; i < gradient.length; i++) {
    const at = 3 * Math.floor(i / columns) * columns + (i % columns);
    const [z, r, n] = [0, 1, 2].map(block => inputs[at + block * columns]);
    const slope = gradient[i];
    const dn = slope * (1 - z) * (1 - n * n);
    const dz = slope * (previous[i] - n) * z * (1 - z);
    const dr = dn * hiddens[at + 2 * columns] * r * (1 - r);
    for (const [block, value] of [dz, dr, dn].entries()) inputs[at + block * columns] = value;
    for (const [block, value] of [dz, dr, dn * r].entries()) hiddens[at + block * columns] = value;
    gradient[i] = slope * z;
  }
}

/** Lower bound of a row's length. */
const minLength = 1e-6;

/**
 * Normalizes every row to unit length, in place.
 *
 * @param lengths - out, one per row
 */
export function unitRows(rows: Numbers, columns: number, lengths: Numbers): void {
  for (let row = 0; row < lengths.length; row++) {
    const own = rows.subarray(row * columns, (row + 1) * columns);
    let sum = 0;
    for (const value of own) sum += value * value;
    lengths[row] = Math.max(Math.sqrt(sum), minLength);
    for (let k = 0; k < columns; k++) own[k] /= lengths[row];
  }
}

/** `gradient` (of the unit rows) ← gradient of the original rows, in place: (g - (g·u)·u) / length. */
export function unitRowsBackward(units: Numbers, lengths: Numbers, columns: number, gradient: Numbers): void {
  for (let row = 0; row < lengths.length; row++) {
    const start = row * columns;
    let along = 0;
    for (let k = start; k < start + columns; k++) along += units[k] * gradient[k];
    for (let k = start; k < start + columns; k++) {
      gradient[k] = (gradient[k] - along * units[k]) / lengths[row];
    }
  }
}
