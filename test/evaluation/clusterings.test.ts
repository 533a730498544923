import fc from 'fast-check';
import { normalizedInformation, purityOf, vMeasureOf } from '../../src/evaluation/clusterings';
import { adjustedRand } from '../../src/numeric/adjustedRand';

/**
 * Made with numpy RandomState(7), sixty items; figures of scikit-learn 1.9.1 (normalized_mutual_info_score,
 * adjusted_rand_score, homogeneity_completeness_v_measure(b, a), contingency_matrix), computed on 2026-11-24.
 */
const golden = {
  clusters: [
    4, 1, 3, 3, 4, 1, 0, 1, 2, 2, 0, 4, 0, 4, 0, 3, 2, 3, 4, 4, 0, 0, 0, 3, 0, 2, 0, 1, 4, 1, 3, 3, 0, 3, 0,
    1, 0, 0, 4, 4, 4, 2, 1, 3, 0, 4, 0, 4, 3, 1, 3, 3, 3, 1, 3, 3, 4, 3, 1, 3,
  ],
  categories: [
    4, 3, 3, 0, 4, 1, 0, 1, 2, 2, 0, 2, 0, 3, 3, 2, 2, 3, 4, 4, 3, 1, 0, 3, 3, 2, 0, 1, 0, 1, 3, 3, 0, 3, 0,
    1, 0, 3, 0, 4, 4, 2, 1, 1, 1, 1, 0, 1, 3, 1, 0, 0, 3, 1, 3, 3, 1, 3, 1, 2,
  ],
};

const labelling = fc.array(fc.tuple(fc.nat(4), fc.nat(4)), { minLength: 2, maxLength: 60 });
const renamed = (labels: readonly number[]): number[] => labels.map(label => 100 - 7 * label);

describe('measures of clusterings', () => {
  it('agree with scikit-learn', () => {
    const { clusters, categories } = golden;
    expect(normalizedInformation(clusters, categories)).toBeCloseTo(0.43632370447154417, 12);
    expect(adjustedRand(clusters, categories)).toBeCloseTo(0.297236015039752, 12);
    expect(purityOf(clusters, categories)).toBeCloseTo(0.6666666666666666, 12);
    const { homogeneity, completeness, vMeasure } = vMeasureOf(clusters, categories);
    expect(homogeneity).toBeCloseTo(0.4361245246746344, 12);
    expect(completeness).toBeCloseTo(0.4365230662839845, 12);
    expect(vMeasure).toBeCloseTo(0.43632370447154417, 12);
  });

  it('are 1 for a clustering and itself with other labels', () => {
    fc.assert(
      fc.property(labelling, pairs => {
        const labels = pairs.map(([label]) => label);
        for (const measure of [normalizedInformation, adjustedRand, purityOf]) {
          expect(measure(labels, renamed(labels))).toBeCloseTo(1, 9);
        }
      }),
      { seed: 1 },
    );
  });

  it('are symmetric, and do not depend on the labels', () => {
    fc.assert(
      fc.property(labelling, pairs => {
        const [left, right] = [pairs.map(([x]) => x), pairs.map(([, y]) => y)];
        for (const measure of [normalizedInformation, adjustedRand]) {
          expect(measure(left, right)).toBeCloseTo(measure(right, left), 9);
          expect(measure(renamed(left), right)).toBeCloseTo(measure(left, right), 9);
        }
        expect(vMeasureOf(left, right).homogeneity).toBeCloseTo(vMeasureOf(right, left).completeness, 9);
      }),
      { seed: 2 },
    );
  });

  it('stay within their bounds, with V-measure equal to normalized information', () => {
    fc.assert(
      fc.property(labelling, pairs => {
        const [left, right] = [pairs.map(([x]) => x), pairs.map(([, y]) => y)];
        const information = normalizedInformation(left, right);
        expect(information).toBeGreaterThanOrEqual(0);
        expect(information).toBeLessThanOrEqual(1);
        expect(adjustedRand(left, right)).toBeLessThanOrEqual(1 + 1e-12);
        expect(adjustedRand(left, right)).toBeGreaterThanOrEqual(-1);
        if (new Set(left).size > 1 && new Set(right).size > 1)
          expect(vMeasureOf(left, right).vMeasure).toBeCloseTo(information, 9);
      }),
      { seed: 3 },
    );
  });

  it('are 0 for clusters independent of the categories', () => {
    expect(normalizedInformation([0, 0, 1, 1], [0, 1, 0, 1])).toBeCloseTo(0, 12);
    expect(adjustedRand([0, 0, 1, 1], [0, 1, 0, 1])).toBeLessThan(0);
    expect(purityOf([0, 0, 0, 0], [0, 1, 0, 1])).toBe(0.5);
  });

  it('refuse clusterings of different lengths, and empty ones', () => {
    expect(() => adjustedRand([1], [1, 2])).toThrow(RangeError);
    expect(() => normalizedInformation([], [])).toThrow(RangeError);
    expect(() => purityOf([], [])).toThrow(RangeError);
  });
});
