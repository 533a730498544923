import fc from 'fast-check';
import { ensembleScorer } from '../../../src/models/ensemble/score';
import { createStandardizer } from '../../../src/models/ensemble/standardize';
import { createRng } from '../../../src/numeric/rng';
import { vocabularyOf } from '../../../src/snapshot/vocabulary';

const standardize = (scores: Float32Array, met: readonly number[] = []): boolean =>
  createStandardizer(scores.length).standardize(scores, met);

const meanOf = (values: Float32Array): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

describe('standardize', () => {
  it('gives mean 0 and deviation 1 to the 200 best, and keeps the order', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: 2, maxLength: 400 }),
        values => {
          const scores = Float32Array.from(values);
          fc.pre(new Set(Float32Array.from(scores).sort().subarray(-200)).size > 1);
          expect(standardize(scores)).toBe(true);
          const best = Float32Array.from(scores).sort().subarray(-200);
          expect(meanOf(best)).toBeCloseTo(0, 4);
          expect(meanOf(best.map(score => score ** 2))).toBeCloseTo(1, 3);
          for (let i = 1; i < values.length; i++)
            expect(Math.sign(scores[i] - scores[i - 1])).toBe(Math.sign(values[i] - values[i - 1]));
        },
      ),
      { seed: 1 },
    );
  });

  it('excludes products of the history from the measure, but scores them', () => {
    const scores = Float32Array.of(1, 1000, 3);
    expect(standardize(scores, [1])).toBe(true);
    expect([...scores]).toEqual([-1, 998, 1]);
  });

  it('gives products without a score the mean of all', () => {
    const scores = Float32Array.of(1, Number.NaN, 3);
    expect(standardize(scores)).toBe(true);
    expect([...scores]).toEqual([-1, 0, 1]);
  });

  it('refuses a row in which only products of the history have scores', () => {
    const scores = Float32Array.of(Number.NaN, 2);
    expect(standardize(scores, [1])).toBe(false);
    expect([...scores]).toEqual([Number.NaN, 2]);
  });

  it('keeps no state from one shopper to the next', () => {
    const { standardize: again } = createStandardizer(3);
    expect(again(Float32Array.of(1, 2, 3), [0, 2])).toBe(true);
    const scores = Float32Array.of(1, 2, 3);
    expect(again(scores, [])).toBe(true);
    expect(meanOf(scores)).toBeCloseTo(0, 6);
  });
});

it('sums a part with the same scores for every shopper as it sums any other part', () => {
  const rng = createRng(2);
  const products = vocabularyOf(Array.from({ length: 300 }, (_, row) => `p${row}`));
  const scores = Float32Array.from({ length: 300 }, (_, row) =>
    row % 50 === 7 ? Number.NaN : rng.gaussian(),
  );
  const same = {
    products,
    scoreInto(histories: readonly unknown[], out: Float32Array) {
      for (const index of histories.keys()) out.set(scores, index * products.size);
    },
  };
  const rising = {
    products,
    scoreInto(histories: readonly unknown[], out: Float32Array) {
      for (let at = 0; at < histories.length * products.size; at++) out[at] = at % products.size;
    },
  };
  const rowsOf = (count: number): Uint32Array =>
    Uint32Array.from(scores.keys())
      .sort((a, b) => scores[b] - scores[a])
      .subarray(0, count);
  const histories = [1, 60, 250].map(count => ({
    productRows: rowsOf(count),
    weights: new Float32Array(count).fill(1),
    occurredAt: new Float64Array(count),
    now: 0,
  }));
  const [popular, personal] = [true, false].map(isPopular => {
    const parts = [
      { scorer: same, weight: 0.5, isPopular },
      { scorer: rising, weight: 2 },
    ];
    const out = new Float32Array(histories.length * products.size);
    ensembleScorer(products, parts, null).scoreInto(histories, out);
    return out;
  });
  expect(popular).toEqual(personal);
  expect(popular.every(Number.isFinite)).toBe(true);
});
