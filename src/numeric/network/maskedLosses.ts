import type { Numbers } from './numbers';

/** Marks a missing target: loss and gradient are 0 there. */
export const noTarget = 0xffffffff;

/** Arrays of the loss of one head of a multi-head network. */
export interface MaskedProblem<N extends Numbers = Numbers> {
  /** The columns of row r start at r·stride ← their gradient. */
  readonly logits: N;
  /** Floats per row of all heads together. */
  readonly stride: number;
  /** Columns of this head. The padding up to the next multiple of 4 belongs to the head too and becomes 0. */
  readonly count: number;
  /** Softmax: [rows], a column. Sigmoid: [rows × count rounded up to a multiple of 4], 0 or 1. Or {@link noTarget}. */
  readonly targets: Uint32Array;
  /** [count rounded up to a multiple of 4]: factor of the gradient, by target (softmax) or column (sigmoid). */
  readonly weights: N;
  /** Out, unweighted. Softmax: [rows]. Sigmoid: shape of targets. */
  readonly losses: N;
}

const paddedToFour = (count: number): number => 4 * Math.ceil(count / 4);

/** Cross-entropy of a softmax, row by row: loss = log Σ e^s - s[target], gradient = scale·weight·(p - [target]). */
export function maskedSoftmax(problem: MaskedProblem, rows: number, scale: number): void {
  const { logits, stride, count, targets, weights, losses } = problem;
  for (let row = 0; row < rows; row++) {
    const own = logits.subarray(row * stride, row * stride + paddedToFour(count));
    const target = targets[row];
    losses[row] = 0;
    if (target === noTarget) {
      own.fill(0);
      continue;
    }
    let high = Number.NEGATIVE_INFINITY;
    for (let k = 0; k < count; k++) high = Math.max(high, own[k]);
    let sum = 0;
    for (let k = 0; k < count; k++) sum += Math.exp(own[k] - high);
    losses[row] = Math.log(sum) + high - own[target];
    const factor = scale * weights[target];
    for (let k = 0; k < count; k++) own[k] = (factor * Math.exp(own[k] - high)) / sum;
    own.fill(0, count);
    own[target] -= factor;
  }
}

/** Binary cross-entropy, column by column: loss = log(1 + e^s) - target·s, gradient = scale·weight·(σ(s) - target). */
export function maskedSigmoid(problem: MaskedProblem, rows: number, scale: number): void {
  const { logits, stride, count, targets, weights, losses } = problem;
  const columns = paddedToFour(count);
  for (let row = 0; row < rows; row++) {
    for (let k = 0; k < columns; k++) {
      const target = targets[row * columns + k];
      const score = logits[row * stride + k];
      const isMasked = target === noTarget;
      losses[row * columns + k] = isMasked
        ? 0
        : Math.log1p(Math.exp(-Math.abs(score))) + Math.max(score, 0) - target * score;
      logits[row * stride + k] = isMasked ? 0 : scale * weights[k] * (1 / (1 + Math.exp(-score)) - target);
    }
  }
}
