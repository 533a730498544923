import { distinctTexts, mergedTargets } from '../../../src/models/content/distinct';
import { solveTextRidge } from '../../../src/models/content/ridge';
import { textsOf } from '../../../src/models/content/texts';
import { createRng } from '../../../src/numeric/rng';

const rng = createRng(8);
const [terms, rank, products] = [9, 2, 60];

/** Five texts, each of many products; the last two terms are in none. */
const texts = (() => {
  const readings = Array.from({ length: 5 }, () => ({
    terms: Uint32Array.of(rng.int(3), 3 + rng.int(4)),
    weights: Float32Array.of(rng.uniform(), rng.uniform()),
    dense: Float32Array.of(rng.gaussian(), rng.gaussian()),
  }));
  return textsOf(
    Array.from({ length: products }, () => readings[rng.int(5)]),
    terms,
    rank,
  );
})();

it('finds each text once, and says which a product has', () => {
  const { texts: found, textOf } = distinctTexts(texts);
  expect(found.rows).toBe(5);
  for (const [row, text] of textOf.entries()) {
    for (const name of ['indices', 'values'] as const) {
      const own = texts[name].subarray(texts.indptr[row], texts.indptr[row + 1]);
      expect(own).toEqual(found[name].subarray(found.indptr[text], found.indptr[text + 1]));
    }
    const dense = found.dense.subarray(text * rank, (text + 1) * rank);
    expect(texts.dense.subarray(row * rank, (row + 1) * rank)).toEqual(dense);
  }
});

it('solves the regression of all products with one row per text', async () => {
  const columns = 3;
  const targets = Float32Array.from({ length: products * columns }, () => rng.gaussian());
  const weights = Float32Array.from({ length: products }, (_, row) => (row % 4 === 0 ? 0 : rng.uniform()));
  const problem = { weights, targets, columns };
  const quietly = async (): Promise<void> => undefined;
  const whole = await solveTextRidge({ texts, ...problem, regularization: 0.2 }, quietly);
  const merged = mergedTargets(distinctTexts(texts), problem);
  expect(merged.texts.rows).toBeLessThanOrEqual(5);
  const found = await solveTextRidge({ ...merged, regularization: 0.2 }, quietly);
  expect(found).toHaveLength((terms + rank) * columns);
  for (const [at, value] of whole.entries()) expect(found[at]).toBeCloseTo(value, 3);
});
