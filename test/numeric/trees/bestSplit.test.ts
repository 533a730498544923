import { createRng } from '../../../src/numeric/rng';
import {
  bestSet,
  bestThreshold,
  type CategoryLimits,
  type NodeSums,
  type SplitLimits,
  sidesInto,
} from '../../../src/numeric/trees/bestSplit';

const exact: CategoryLimits = { l2: 0, smoothing: 0, minHessian: 0, oneAgainstRest: 0 };
const limits: SplitLimits = { minHessian: 1e-6, l2: 0, minGain: 0, categories: exact };

/** A node of `bins` bins with labels of two classes: gradient -positives, hessian rows, as in a tree of squared error. */
function nodeOf(bins: number, seed: number): NodeSums {
  const rng = createRng(seed);
  const histogram = new Float64Array(2 * bins);
  for (let bin = 0; bin < bins; bin++) {
    const rows = 1 + rng.int(9);
    histogram[2 * bin + 1] = rows;
    histogram[2 * bin] = -rng.int(rows + 1);
  }
  return sumsOf(histogram);
}

function sumsOf(histogram: Float64Array): NodeSums {
  let [gradient, hessian] = [0, 0];
  for (let cell = 0; cell < histogram.length; cell += 2) {
    gradient += histogram[cell];
    hessian += histogram[cell + 1];
  }
  return { gradient, hessian, histogram };
}

const score = (gradient: number, hessian: number, l2: number): number =>
  (gradient * gradient) / (hessian + l2);

/** Gain of sending the bins left for which `isLeft` holds. */
function gainOf({ gradient, hessian, histogram }: NodeSums, isLeft: (bin: number) => boolean, l2: number) {
  let [leftGradient, leftHessian] = [0, 0];
  for (let bin = 0; bin < histogram.length / 2; bin++) {
    if (!isLeft(bin)) continue;
    leftGradient += histogram[2 * bin];
    leftHessian += histogram[2 * bin + 1];
  }
  if (leftHessian < 1e-6 || hessian - leftHessian < 1e-6) return 0;
  const right = score(gradient - leftGradient, hessian - leftHessian, l2);
  return (score(leftGradient, leftHessian, l2) + right - score(gradient, hessian, l2)) / 2;
}

const placeOf = (bins: number) => ({ column: 0, offset: 0, bins });
const seeds = Array.from({ length: 200 }, (_, seed) => seed);

function bestOfAllSets(node: NodeSums, l2: number): number {
  const bins = node.histogram.length / 2;
  let best = 0;
  for (let set = 1; set < 2 ** bins - 1; set++)
    best = Math.max(
      best,
      gainOf(node, bin => ((set >>> bin) & 1) === 1, l2),
    );
  return best;
}

describe('bestSet', () => {
  it.each([0, 2])('finds the best of all sets of categories, λ = %d', l2 => {
    for (const seed of seeds) {
      const node = nodeOf(2 + (seed % 7), seed);
      const split = bestSet(node, placeOf(node.histogram.length / 2), { ...limits, l2 }, null);
      expect(split?.gain ?? 0).toBeCloseTo(bestOfAllSets(node, l2), 9);
    }
  });

  it('finds the best prefix of the categories sorted by their smoothed gradient, with a higher λ', () => {
    const categories = { ...exact, l2: 3, smoothing: 5 };
    for (const seed of seeds) {
      const node = nodeOf(20, seed);
      const keyOf = (bin: number) => node.histogram[2 * bin] / (node.histogram[2 * bin + 1] + 5);
      const order = Array.from({ length: 20 }, (_, bin) => bin).sort((a, b) => keyOf(a) - keyOf(b) || a - b);
      const gains = order.map((_, end) => gainOf(node, bin => order.indexOf(bin) < end, 3));
      const whole = score(node.gradient, node.hessian, 3) - score(node.gradient, node.hessian, 0);
      const split = bestSet(node, placeOf(20), { ...limits, categories }, null);
      const expected = Math.max(...gains.slice(1)) + whole / 2;
      expect(split?.gain ?? 0).toBeCloseTo(Math.max(0, expected), 9);
    }
  });

  it('tries few categories one against the others', () => {
    const categories = { ...exact, oneAgainstRest: 4 };
    for (const seed of seeds) {
      const node = nodeOf(4, seed);
      const gains = [0, 1, 2, 3].map(single => gainOf(node, bin => bin === single, 0));
      const split = bestSet(node, placeOf(4), { ...limits, categories }, null);
      expect(split?.gain ?? 0).toBeCloseTo(Math.max(...gains), 9);
    }
  });

  it('returns sums and sides that agree with each other', () => {
    const sides = new Uint8Array(256);
    for (const seed of seeds) {
      const node = nodeOf(12, seed);
      const split = bestSet(node, placeOf(12), limits, null);
      if (!split) continue;
      sidesInto(split, sides);
      const left = Array.from({ length: 12 }, (_, bin) => bin).filter(bin => sides[bin] === 1);
      expect(split.hessian).toBeCloseTo(
        left.reduce((sum, bin) => sum + node.histogram[2 * bin + 1], 0),
        9,
      );
      expect(split.unknownLeft).toBe(left.includes(0));
    }
  });

  it('pools categories of few rows, and sends those without rows where the pool goes', () => {
    // Bin 0 (missing) is empty; bins 4 and 5 have 2 rows each, which alone would be the purest.
    const node = sumsOf(Float64Array.of(0, 0, -9, 10, -8, 10, -1, 10, -2, 2, 0, 2));
    const categories = { ...exact, minHessian: 5 };
    const split = bestSet(node, placeOf(6), { ...limits, categories }, null);
    const sides = new Uint8Array(256);
    if (split) sidesInto(split, sides);
    expect(sides[4]).toBe(sides[5]);
    expect(sides[0]).toBe(sides[4]);
    expect(sides[200]).toBe(sides[4]);
    expect(sides[1]).not.toBe(sides[3]);
  });

  it('sends categories without rows to the larger side where there is no pool', () => {
    const node = sumsOf(Float64Array.of(0, 0, -9, 10, 0, 30, 0, 0));
    const split = bestSet(node, placeOf(4), limits, null);
    const sides = new Uint8Array(256);
    if (split) sidesInto(split, sides);
    expect([sides[0], sides[3]]).toEqual([sides[2], sides[2]]);
  });
});

describe('bestThreshold', () => {
  it('finds the best of all thresholds with missing values on either side', () => {
    for (const seed of seeds) {
      const node = nodeOf(15, seed);
      const gains = Array.from({ length: 15 }, (_, last) =>
        [true, false].map(isUnknownLeft => gainOf(node, bin => (bin === 0 ? isUnknownLeft : bin <= last), 1)),
      ).flat();
      const split = bestThreshold(node, placeOf(15), { ...limits, l2: 1 }, null);
      expect(split?.gain ?? 0).toBeCloseTo(Math.max(...gains), 9);
    }
  });

  it('keeps the better split of another column', () => {
    const node = nodeOf(15, 1);
    const found = bestThreshold(node, placeOf(15), limits, null);
    const better = found && { ...found, column: 7, gain: found.gain + 1 };
    expect(bestThreshold(node, placeOf(15), limits, better)).toBe(better);
  });
});
