import type { Numbers } from './numbers';
import { sigmoidOf } from './sigmoid';

/** Arrays of an LSTM step. */
export interface LstmStep<N extends Numbers = Numbers> {
  /**
   * [rows × 4·columns]: pre-activations of input, forget, candidate and output ← i, f, g, o ← (backward) the gradient of
   * the pre-activations.
   */
  readonly gates: N;
  /** [rows × columns]: the previous cell state. */
  readonly previous: N;
  /** [rows × columns], out: the cell state. */
  readonly cell: N;
  readonly columns: number;
}

/**
 * One LSTM step (Hochreiter & Schmidhuber 1997, with the forget gate of Gers et al. 2000, no peepholes):
 * i, f, o = σ(pre-activations), g = tanh(pre-activation), cell = f·previous + i·g, out = o·tanh(cell).
 */
export function lstmStep({ gates, previous, cell, columns }: LstmStep, out: Numbers): void {
  for (let place = 0; place < out.length; place++) {
    const at = 4 * Math.floor(place / columns) * columns + (place % columns);
    const i = sigmoidOf(gates[at]);
    const f = sigmoidOf(gates[at + columns]);
    const g = Math.tanh(gates[at + 2 * columns]);
    const o = sigmoidOf(gates[at + 3 * columns]);
    for (const [block, value] of [i, f, g, o].entries()) gates[at + block * columns] = value;
    cell[place] = f * previous[place] + i * g;
    out[place] = o * Math.tanh(cell[place]);
  }
}

/**
 * Gradients of a step, after {@link lstmStep}: `gates` ← gradient of the pre-activations.
 *
 * @param gradient - of out; read only
 * @param cellGradient - gradient of the cell from later steps ← gradient of the previous cell, in place
 */
export function lstmStepBackward(
  { gates, previous, cell, columns }: LstmStep,
  gradient: Numbers,
  cellGradient: Numbers,
): void {
  for (let place = 0; place < gradient.length; place++) {
    const at = 4 * Math.floor(place / columns) * columns + (place % columns);
    const [i, f, g, o] = [0, 1, 2, 3].map(block => gates[at + block * columns]);
    const t = Math.tanh(cell[place]);
    const slope = cellGradient[place] + gradient[place] * o * (1 - t * t);
    const di = slope * g * i * (1 - i);
    const df = slope * previous[place] * f * (1 - f);
    const dg = slope * i * (1 - g * g);
    const dO = gradient[place] * t * o * (1 - o);
    for (const [block, value] of [di, df, dg, dO].entries()) gates[at + block * columns] = value;
    cellGradient[place] = slope * f;
  }
}
