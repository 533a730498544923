import fc from 'fast-check';
import { beyondAccuracy, giniOf, miscalibration, noveltyOf } from '../../src/evaluation/beyondAccuracy';
import { snapshotFromPairs } from '../../src/snapshot/fromPairs';

describe('beyond accuracy, by hand', () => {
  it('novelty is the mean of −log₂ of the share of users', () => {
    // Products of 4, 1 and 0 (counts as 1) of 8 users: 1, 3 and 3 bits.
    expect(noveltyOf(Int32Array.of(0, 1, 2, -1), Uint32Array.of(4, 1, 0), 8)).toBeCloseTo(7 / 3, 12);
  });

  it('Gini is 0 when all products are listed equally often, 1 − 1/n when only one is', () => {
    expect(giniOf(Int32Array.of(0, 1, 2, 3), 4)).toBeCloseTo(0, 12);
    expect(giniOf(Int32Array.of(2, 2, 2, -1), 4)).toBeCloseTo(0.75, 12);
    // Counts 0, 1, 3: G = 2·(2·1 + 3·3)/(3·4) − 4/3.
    expect(giniOf(Int32Array.of(1, 2, 2, 2), 3)).toBeCloseTo(22 / 12 - 4 / 3, 12);
  });

  it('miscalibration is KL with a hundredth of the history mixed in', () => {
    const [p, q] = [Float64Array.of(0.7, 0.3), Float64Array.of(1, 0)];
    const wanted = 0.7 * Math.log(0.7 / 0.997) + 0.3 * Math.log(0.3 / 0.003);
    expect(miscalibration(p, q)).toBeCloseTo(wanted, 12);
    expect(miscalibration(p, p)).toBeCloseTo(0, 12);
  });

  it('combines lists, histories and categories', async () => {
    const train = await snapshotFromPairs({
      userIds: ['u', 'v'],
      productIds: ['a', 'b', 'c'],
      user: Uint32Array.of(0, 1, 1),
      product: Uint32Array.of(0, 0, 1),
    });
    const lists = new Int32Array(40).fill(-1);
    lists.set([1, 2], 0);
    lists.set([2], 20);
    const categories = { count: 2, ofProduct: [[0], [0, 1], [1]] };
    const histories = [[0], [0, 1]];
    const result = beyondAccuracy(train, lists, list => histories[list], categories);
    expect(result.novelty).toBeCloseTo(1, 12);
    // First: p = (1, 0), q = (¼, ¾); second: p = (¾, ¼), q = (0, 1).
    const first = Math.log(1 / (0.99 * 0.25 + 0.01));
    const second = 0.75 * Math.log(0.75 / 0.0075) + 0.25 * Math.log(0.25 / (0.99 + 0.0025));
    expect(result.miscalibration).toBeCloseTo((first + second) / 2, 12);
    expect(beyondAccuracy(train, lists, () => [], undefined).miscalibration).toBeNull();
  });

  it('KL is never negative, and Gini within [0, 1)', () => {
    const shares = fc.array(fc.nat(9), { minLength: 4, maxLength: 4 }).map(counts => {
      const total = counts.reduce((sum, count) => sum + count + 1, 0);
      return Float64Array.from(counts, count => (count + 1) / total);
    });
    fc.assert(
      fc.property(shares, shares, fc.array(fc.nat(9), { minLength: 1, maxLength: 50 }), (p, q, rows) => {
        expect(miscalibration(p, q)).toBeGreaterThan(-1e-12);
        const gini = giniOf(Int32Array.from(rows), 10);
        expect(gini).toBeGreaterThan(-1e-12);
        expect(gini).toBeLessThan(1);
      }),
      { seed: 3, numRuns: 200 },
    );
  });
});
