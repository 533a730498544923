import type { Numbers } from './numbers';

/** Arrays of a loss over rows that share their negatives. */
export interface LossProblem<N extends Numbers = Numbers> {
  /** [rows × count]: scores of the negatives ← their gradient. */
  readonly logits: N;
  /** [rows]: scores of the targets ← their gradient. */
  readonly positives: N;
  /** [rows]: item of each target. */
  readonly targets: Uint32Array;
  /** [count]: items of the negatives; count is a multiple of 8. */
  readonly negatives: Uint32Array;
  /** [count]: log of the expected number of draws of each negative. */
  readonly corrections: N;
  /** [rows], out. */
  readonly losses: N;
}

/**
 * Sampled softmax with logQ correction (Bengio & Senécal 2008; Yi et al. 2019, eq. 3): loss = -log(e^s⁺ / (e^s⁺ +
 * Σ e^(s - log Q))). A negative equal to the target is skipped. With all items as negatives and corrections of 0 this is
 * the full softmax.
 *
 * @param scale - factor of the gradient
 */
export function sampledSoftmax(problem: LossProblem, rows: number, scale: number): void {
  const { logits, positives, targets, negatives, corrections, losses } = problem;
  const count = negatives.length;
  for (let row = 0; row < rows; row++) {
    const own = logits.subarray(row * count, (row + 1) * count);
    const positive = positives[row];
    let high = positive;
    for (let k = 0; k < count; k++) {
      own[k] = negatives[k] === targets[row] ? Number.NEGATIVE_INFINITY : own[k] - corrections[k];
      high = Math.max(high, own[k]);
    }
    let rest = 0;
    for (let k = 0; k < count; k++) {
      own[k] = Math.exp(own[k] - high);
      rest += own[k];
    }
    const total = rest + Math.exp(positive - high);
    losses[row] = Math.log(total) + high - positive;
    positives[row] = (-scale * rest) / total;
    for (let k = 0; k < count; k++) own[k] *= scale / total;
  }
}

/**
 * Generalized binary cross-entropy (Petrov & Macdonald 2023, eq. 10): loss = -β·log σ(s⁺) - Σ log(1 - σ(s)). A negative
 * equal to the target is skipped; the corrections are not used.
 *
 * @param scale - factor of the gradient
 */
export function binaryCrossEntropy(problem: LossProblem, rows: number, scale: number, beta: number): void {
  const { logits, positives, targets, negatives, losses } = problem;
  const count = negatives.length;
  for (let row = 0; row < rows; row++) {
    const own = logits.subarray(row * count, (row + 1) * count);
    let loss = 0;
    for (let k = 0; k < count; k++) {
      const isTarget = negatives[k] === targets[row];
      if (!isTarget) loss += Math.log1p(Math.exp(Math.min(own[k], 20)));
      own[k] = isTarget ? 0 : scale / (1 + Math.exp(-own[k]));
    }
    const odds = Math.exp(-positives[row]);
    losses[row] = loss + beta * Math.log1p(odds);
    positives[row] = (-scale * beta * odds) / (1 + odds);
  }
}
