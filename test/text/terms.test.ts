import { countTerms, termTableOf } from '../../src/text/termTable';
import { inverseDocumentFrequencies, saturated } from '../../src/text/weighting';

const documents = [['mug', 'blue', 'mug'], ['mug', 'red'], ['tea']];

it('counts documents, not repeats, and sorts terms independently of the order of documents', () => {
  const options = { minDocuments: 1, maxTerms: 10 };
  const table = countTerms(documents, options);
  expect(table.terms).toEqual(['blue', 'mug', 'red', 'tea']);
  expect([...table.documentFrequency]).toEqual([1, 2, 1, 1]);
  expect(countTerms(documents.toReversed(), options).terms).toEqual(table.terms);
  expect([table.rowOf('mug'), table.rowOf('cup')]).toEqual([1, -1]);
});

it('keeps the most common terms, and drops those of too few documents', () => {
  expect(countTerms(documents, { minDocuments: 2, maxTerms: 10 }).terms).toEqual(['mug']);
  expect(countTerms(documents, { minDocuments: 1, maxTerms: 2 }).terms).toEqual(['blue', 'mug']);
});

it('rejects terms and frequencies of different lengths', () => {
  expect(() => termTableOf(['a'], Uint32Array.of(1, 2), 3)).toThrow(RangeError);
});

// Computed by hand: N = 3; n = 1 gives ln(1 + 2.5 / 1.5), n = 2 gives ln(1 + 1.5 / 2.5).
it('gives rare terms higher weights', () => {
  const idf = inverseDocumentFrequencies(countTerms(documents, { minDocuments: 1, maxTerms: 10 }));
  expect(idf[0]).toBeCloseTo(0.980829, 6);
  expect(idf[1]).toBeCloseTo(0.470004, 6);
});

// Computed by hand: f = 2, k₁ = 1.2, b = 0.75, length twice the average: 4.4 / (2 + 1.2·1.75) = 4.4 / 4.1.
it('saturates with repeats, and discounts long texts', () => {
  const options = { saturation: 1.2, lengthShare: 0.75 };
  expect(saturated(2, 2, options)).toBeCloseTo(4.4 / 4.1, 12);
  expect(saturated(1, 1, options)).toBeCloseTo(1, 12);
  expect(saturated(1000, 1, options)).toBeLessThan(2.2);
  expect(saturated(5, 3, { saturation: 0, lengthShare: 1 })).toBe(1);
});
