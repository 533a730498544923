// Weighted logistic regression with a Gaussian prior, by Newton's method with halved steps.
//
// Minimises Σᵢ wᵢ·(log(1 + e^mᵢ) − yᵢ·mᵢ) + ½·Σₖ λₖ·(βₖ − β⁰ₖ)² with mᵢ = xᵢᵀβ. The function is convex, and a full Newton step can
// still overshoot: each step is halved until the loss falls (Boyd & Vandenberghe 2004, "Convex optimization", 9.5.2).
//
// Cost: examples × columns² / 2 additions per iteration; fewer than ten iterations in practice.

import { choleskyFactor, choleskySolve } from './cholesky';

/** Examples as columns. */
export interface LogisticExamples {
  readonly columns: number;
  /** [examples × columns], row-major. A column of ones makes an intercept. */
  readonly rows: Float64Array;
  /** 0 or 1. */
  readonly labels: Uint8Array;
  /** ≥ 0: how often each example counts. */
  readonly weights: Float64Array;
}

/** A Gaussian prior per coefficient. */
export interface CoefficientPrior {
  /** β⁰, [columns]. */
  readonly means: Float64Array;
  /** λ > 0, [columns]. */
  readonly strengths: Float64Array;
}

/** Fitted coefficients. */
export interface LogisticFit {
  /** [columns]. */
  readonly coefficients: Float64Array;
  readonly iterations: number;
}

const maxIterations = 100;
const maxHalvings = 40;
/** The method stops when a step promises to lower the loss by less than this share of it. */
const tolerance = 1e-15;

/** log(1 + e^m) without overflow. */
const softplus = (margin: number): number =>
  margin > 0 ? margin + Math.log1p(Math.exp(-margin)) : Math.log1p(Math.exp(margin));

/** Returns the probability of log-odds. */
export const probabilityOf = (logOdds: number): number => 1 / (1 + Math.exp(-logOdds));

/** Returns the inner product of a row of examples and coefficients. */
function marginOf(rows: Float64Array, start: number, coefficients: Float64Array): number {
  let margin = 0;
  for (let column = 0; column < coefficients.length; column++)
    margin += rows[start + column] * coefficients[column];
  return margin;
}

function lossOf(
  { columns, rows, labels, weights }: LogisticExamples,
  { means, strengths }: CoefficientPrior,
  coefficients: Float64Array,
): number {
  let loss = 0;
  for (let example = 0; example < labels.length; example++) {
    const margin = marginOf(rows, example * columns, coefficients);
    loss += weights[example] * (softplus(margin) - labels[example] * margin);
  }
  for (let column = 0; column < columns; column++)
    loss += (strengths[column] / 2) * (coefficients[column] - means[column]) ** 2;
  return loss;
}

/** Writes the negative gradient and the lower triangle of the Hessian, without the prior's part of its diagonal. */
function derivativesInto(
  { columns, rows, labels, weights }: LogisticExamples,
  { means, strengths }: CoefficientPrior,
  coefficients: Float64Array,
  out: { readonly descent: Float64Array; readonly hessian: Float64Array },
): void {
  const { descent, hessian } = out;
  hessian.fill(0);
  for (let column = 0; column < columns; column++)
    descent[column] = strengths[column] * (means[column] - coefficients[column]);
  for (let example = 0; example < labels.length; example++) {
    const start = example * columns;
    const probability = probabilityOf(marginOf(rows, start, coefficients));
    const residual = weights[example] * (labels[example] - probability);
    const curvature = weights[example] * probability * (1 - probability);
    for (let row = 0; row < columns; row++) {
      const value = rows[start + row];
      // Categories as columns of their own make most values 0.
      if (value === 0) continue;
      descent[row] += residual * value;
      const scaled = curvature * value;
      for (let column = 0; column <= row; column++)
        hessian[row * columns + column] += scaled * rows[start + column];
    }
  }
}

/**
 * Fits the coefficients. Deterministic; starts from the prior's means, which it returns where there are no examples.
 *
 * @throws {RangeError} when lengths do not agree
 */
export function fitLogistic(examples: LogisticExamples, prior: CoefficientPrior): LogisticFit {
  const { columns, rows, labels } = examples;
  if (rows.length !== labels.length * columns || prior.means.length !== columns)
    throw new RangeError(
      `Expected ${labels.length} examples of ${columns} columns; got ${rows.length} values.`,
    );
  const coefficients = prior.means.slice();
  const descent = new Float64Array(columns);
  const hessian = new Float64Array(columns * columns);
  const trial = new Float64Array(columns);
  let loss = lossOf(examples, prior, coefficients);
  for (let iterations = 0; iterations < maxIterations; iterations++) {
    derivativesInto(examples, prior, coefficients, { descent, hessian });
    const step = descent.slice();
    choleskyFactor(hessian, columns, prior.strengths.slice());
    choleskySolve(hessian, columns, step);
    const promised = step.reduce((sum, value, column) => sum + value * descent[column], 0);
    if (!(promised > tolerance * (1 + Math.abs(loss)))) return { coefficients, iterations };
    const before = loss;
    let scale = 1;
    for (let halving = 0; halving < maxHalvings; halving++, scale /= 2) {
      for (let column = 0; column < columns; column++)
        trial[column] = coefficients[column] + scale * step[column];
      const reached = lossOf(examples, prior, trial);
      if (reached > loss) continue;
      coefficients.set(trial);
      loss = reached;
      break;
    }
    // Below the rounding of the loss no step lowers it.
    if (!(loss < before)) return { coefficients, iterations };
  }
  return { coefficients, iterations: maxIterations };
}
