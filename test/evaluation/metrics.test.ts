import fc from 'fast-check';
import {
  hitAt,
  metricNames,
  ndcgAt,
  recallAt,
  reciprocalRank,
  type TieGroup,
  userMetrics,
} from '../../src/evaluation/metrics';
import { tieGroupsOf, topListOf } from '../../src/evaluation/standing';

/** A product with a score of its own at a rank (1 = first). */
const at = (rank: number): TieGroup => ({ above: rank - 1, tied: 1, relevant: 1 });

/** Metrics by name, from scores. */
function metricsOf(scores: Float32Array, relevant: readonly number[]): Record<string, number> {
  const rows = Uint32Array.from(relevant);
  const values = userMetrics(tieGroupsOf(scores, rows, topListOf(scores)), rows.length);
  return Object.fromEntries(metricNames.map((name, index) => [name, values[index]]));
}

/** The same from the definition: the mean over many orders of the tied products. */
function metricsByOrder(order: readonly number[], relevant: ReadonlySet<number>): number[] {
  const ranks = order.flatMap((row, index) => (relevant.has(row) ? [index + 1] : []));
  const recall = (k: number): number => ranks.filter(rank => rank <= k).length / relevant.size;
  const dcg = (list: readonly number[], k: number): number =>
    list.reduce((sum, rank) => sum + (rank <= k ? 1 / Math.log2(rank + 1) : 0), 0);
  const ideal = ranks.map((_, index) => index + 1);
  const ndcg = (k: number): number => dcg(ranks, k) / dcg(ideal, k);
  const first = ranks[0];
  return [
    recall(10),
    recall(20),
    ndcg(10),
    ndcg(20),
    Number(first <= 10),
    1 / first,
    Number(first <= 20),
    first <= 20 ? 1 / first : 0,
  ];
}

/** All orders of a list. */
function permutations<T>(list: readonly T[]): T[][] {
  if (list.length === 0) return [[]];
  return list.flatMap((first, index) =>
    permutations(list.filter((_, other) => other !== index)).map(rest => [first, ...rest]),
  );
}

describe('metrics by hand', () => {
  it('recall counts hits over all relevant, also when these are more than k', () => {
    const groups = [at(1), at(5), at(11), at(21)];
    expect(recallAt(groups, 4, 10)).toBe(0.5);
    expect(recallAt(groups, 4, 20)).toBe(0.75);
    expect(recallAt(groups, 40, 20)).toBe(3 / 40);
  });

  it('NDCG is the gain over the best gain with min(k, relevant) hits', () => {
    // Ranks 2 and 4 of two relevant: (1/log₂3 + 1/log₂5) / (1/log₂2 + 1/log₂3) = (0.63093 + 0.43068) / 1.63093.
    expect(ndcgAt([at(2), at(4)], 2, 10)).toBeCloseTo(0.6509, 4);
    // One hit at rank 1 of 30 relevant, k = 10: 1 / 4.54356, the sum of ten discounts.
    expect(ndcgAt([at(1)], 30, 10)).toBeCloseTo(1 / 4.54356, 5);
  });

  it('a hit is any relevant product within k; the reciprocal rank is of the first', () => {
    expect(hitAt([at(10), at(30)], 10)).toBe(1);
    expect(hitAt([at(11)], 10)).toBe(0);
    expect(reciprocalRank(at(8))).toBe(0.125);
    expect(reciprocalRank(at(20), 20)).toBe(0.05);
    expect(reciprocalRank(at(21), 20)).toBe(0);
  });

  it('one relevant product among 100 with equal scores gets the value of a random order', () => {
    const tied: TieGroup = { above: 0, tied: 100, relevant: 1 };
    expect(recallAt([tied], 1, 10)).toBeCloseTo(0.1, 12);
    expect(hitAt([tied], 10)).toBeCloseTo(0.1, 12);
    expect(ndcgAt([tied], 1, 10)).toBeCloseTo(0.0454356, 6);
    // The hundredth harmonic number over 100.
    expect(reciprocalRank(tied)).toBeCloseTo(5.187377517639621 / 100, 12);
  });

  it('two relevant among four tied products after nine others: one of the four is within ten', () => {
    const tied: TieGroup = { above: 9, tied: 4, relevant: 2 };
    expect(recallAt([tied], 2, 10)).toBeCloseTo(0.25, 12);
    expect(hitAt([tied], 10)).toBeCloseTo(0.5, 12);
    // The first of the two is at rank 10, 11 or 12 with probability 3/6, 2/6 and 1/6.
    expect(reciprocalRank(tied)).toBeCloseTo(3 / 60 + 2 / 66 + 1 / 72, 12);
  });
});

/** Products that are never relevant, before some and after others, so that cutoffs take effect. */
const padding = [1.5, 0.5].flatMap(score => Array.from({ length: 9 }, () => score));

/** Rows by descending score, in every order of the ties (except the padding, whose order does not matter). */
function ordersOf(scores: Float32Array): number[][] {
  const distinct = [...new Set(scores)].sort((a, b) => b - a);
  return distinct.reduce<number[][]>(
    (orders, score) => {
      const block = Array.from(scores.keys()).filter(row => scores[row] === score);
      const blocks = padding.includes(score) ? [block] : permutations(block);
      return orders.flatMap(order => blocks.map(rows => [...order, ...rows]));
    },
    [[]],
  );
}

describe('metrics of scores', () => {
  const few = fc.record({
    scores: fc.array(fc.constantFrom(0, 1, 2), { minLength: 3, maxLength: 6 }),
    relevant: fc.uniqueArray(fc.nat(2), { minLength: 1, maxLength: 3 }),
  });

  it('are the mean over all orders of the tied products', () => {
    fc.assert(
      fc.property(few, ({ scores, relevant }) => {
        const padded = Float32Array.from([...scores, ...padding]);
        const orders = ordersOf(padded).map(order => metricsByOrder(order, new Set(relevant)));
        const actual = Object.values(metricsOf(padded, relevant));
        for (const [index, value] of actual.entries()) {
          const mean = orders.reduce((sum, order) => sum + order[index], 0) / orders.length;
          expect(value).toBeCloseTo(mean, 9);
        }
      }),
      { seed: 5, numRuns: 60 },
    );
  });

  const many = fc.record({
    scores: fc.array(fc.oneof(fc.nat(40), fc.constantFrom(Number.NaN, Number.NEGATIVE_INFINITY)), {
      minLength: 30,
      maxLength: 80,
    }),
    relevant: fc.uniqueArray(fc.nat(29), { minLength: 1, maxLength: 25 }),
    seed: fc.nat(1000),
  });

  it('lie between 0 and 1, grow from 10 to 20, and do not depend on the order of the rows', () => {
    fc.assert(
      fc.property(many, ({ scores, relevant, seed }) => {
        const unscored = (row: number): boolean => relevant.includes(row) && Number.isNaN(scores[row]);
        const candidates = Float32Array.from(scores, (score, row) =>
          unscored(row) ? Number.NEGATIVE_INFINITY : score,
        );
        const metrics = metricsOf(candidates, relevant);
        expect(Math.min(...Object.values(metrics))).toBeGreaterThanOrEqual(0);
        expect(Math.max(...Object.values(metrics))).toBeLessThanOrEqual(1 + 1e-12);
        expect(metrics['recall@20']).toBeGreaterThanOrEqual(metrics['recall@10']);
        const place = (row: number): number => (row + seed) % candidates.length;
        const moved = new Float32Array(candidates.length);
        for (const [row, score] of candidates.entries()) moved[place(row)] = score;
        const again = metricsOf(moved, relevant.map(place));
        for (const name of metricNames) expect(again[name]).toBeCloseTo(metrics[name], 12);
      }),
      { seed: 6, numRuns: 300 },
    );
  });

  it('are 1 for a perfect order, and 0 within 20 for the reverse', () => {
    const scores = Float32Array.from({ length: 100 }, (_, row) => -row);
    const best = metricsOf(scores, [0, 1, 2]);
    expect(best).toEqual(Object.fromEntries(metricNames.map(name => [name, expect.closeTo(1, 12)])));
    const worst = metricsOf(scores, [97, 98, 99]);
    expect(worst).toMatchObject({ 'recall@20': 0, 'ndcg@20': 0, 'hit@10': 0, mrr: 1 / 98 });
  });
});
