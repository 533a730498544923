import fc from 'fast-check';
import {
  type CoefficientPrior,
  fitLogistic,
  type LogisticExamples,
  probabilityOf,
} from '../../src/numeric/logisticRidge';
import { createRng } from '../../src/numeric/rng';

/** The loss, term by term from its definition. */
function lossOf(
  examples: LogisticExamples,
  prior: CoefficientPrior,
  coefficients: ArrayLike<number>,
): number {
  let loss = 0;
  for (let example = 0; example < examples.labels.length; example++) {
    let margin = 0;
    for (let column = 0; column < examples.columns; column++)
      margin += examples.rows[example * examples.columns + column] * coefficients[column];
    const chance = examples.labels[example] === 1 ? margin : -margin;
    loss += examples.weights[example] * Math.log(1 + Math.exp(-chance));
  }
  for (let column = 0; column < examples.columns; column++)
    loss += (prior.strengths[column] * (coefficients[column] - prior.means[column]) ** 2) / 2;
  return loss;
}

function randomProblem(seed: number, count: number, columns: number) {
  const rng = createRng(seed);
  const examples: LogisticExamples = {
    columns,
    rows: Float64Array.from({ length: count * columns }, (_, at) =>
      at % columns === 0 ? 1 : 4 * rng.uniform() - 2,
    ),
    labels: Uint8Array.from({ length: count }, () => Number(rng.uniform() < 0.2)),
    weights: Float64Array.from({ length: count }, () => 3 * rng.uniform()),
  };
  const prior = {
    means: Float64Array.from({ length: columns }, () => rng.uniform() - 0.5),
    strengths: Float64Array.from({ length: columns }, () => 0.1 + rng.uniform()),
  };
  return { examples, prior };
}

const near = (coefficients: Float64Array, column: number, step: number): Float64Array =>
  coefficients.map((value, index) => (index === column ? value + step : value));

describe('logistic regression with a prior', () => {
  it('ends where the gradient of the loss, by differences, is zero', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10_000 }), fc.integer({ min: 1, max: 6 }), (seed, columns) => {
        const { examples, prior } = randomProblem(seed, 80, columns);
        const { coefficients } = fitLogistic(examples, prior);
        for (let column = 0; column < columns; column++) {
          const above = lossOf(examples, prior, near(coefficients, column, 1e-4));
          const below = lossOf(examples, prior, near(coefficients, column, -1e-4));
          expect(Math.abs(above - below) / 2e-4).toBeLessThan(1e-5);
        }
      }),
      { seed: 1, numRuns: 40 },
    );
  });

  it('equals log-odds counted by hand: an intercept with a prior too weak to matter', () => {
    const examples = {
      columns: 1,
      rows: Float64Array.of(1, 1, 1, 1),
      labels: Uint8Array.of(1, 0, 0, 0),
      weights: Float64Array.of(1, 1, 1, 5),
    };
    const prior = { means: Float64Array.of(0), strengths: Float64Array.of(1e-9) };
    expect(fitLogistic(examples, prior).coefficients[0]).toBeCloseTo(Math.log(1 / 7), 6);
  });

  it('returns the means of the prior without examples', () => {
    const prior = { means: Float64Array.of(-4, 1), strengths: Float64Array.of(1, 10) };
    const examples = {
      columns: 2,
      rows: new Float64Array(),
      labels: new Uint8Array(),
      weights: new Float64Array(),
    };
    expect([...fitLogistic(examples, prior).coefficients]).toEqual([-4, 1]);
  });

  it('converges where a full Newton step diverges: separable labels, far from the start', () => {
    const rows = Float64Array.of(1, -60, 1, -59, 1, 59, 1, 60);
    const examples = {
      columns: 2,
      rows,
      labels: Uint8Array.of(0, 0, 1, 1),
      weights: Float64Array.of(1, 1, 1, 1),
    };
    const prior = { means: Float64Array.of(4, -3), strengths: Float64Array.of(1e-4, 1e-4) };
    const { coefficients, iterations } = fitLogistic(examples, prior);
    expect(iterations).toBeLessThan(60);
    expect(probabilityOf(coefficients[0] + 60 * coefficients[1])).toBeGreaterThan(0.99);
    expect(probabilityOf(coefficients[0] - 60 * coefficients[1])).toBeLessThan(0.01);
    for (const column of [0, 1])
      for (const step of [-0.01, 0.01])
        expect(lossOf(examples, prior, near(coefficients, column, step))).toBeGreaterThan(
          lossOf(examples, prior, coefficients),
        );
  });

  it('refuses rows that are not examples × columns', () => {
    const { examples, prior } = randomProblem(1, 4, 2);
    expect(() => fitLogistic({ ...examples, rows: new Float64Array(7) }, prior)).toThrow(RangeError);
  });
});
