import fc from 'fast-check';
import { settingValuesOf } from '../../../src/learning/settings';
import { ease } from '../../../src/models/ease/model';
import { easeSettings } from '../../../src/models/ease/settings';
import { cheaperWay, trainLinks } from '../../../src/models/ease/train';
import type { Scorer } from '../../../src/models/model';
import { type ProductLinks, strengthsOf } from '../../../src/models/productLinks';
import { threadTasks } from '../../../src/models/threadTasks';
import { serialThreadPool } from '../../../src/numeric/threadPool';
import { preferencesOf } from '../../../src/snapshot/preferences';
import { itBehavesLikeAModel } from '../../conformance/model';
import { drawRows, snapshotOfRows } from '../../support/matrixSnapshots';
import { snapshotOf, type TestEvent } from '../../support/snapshots';

const context = {
  seed: 1,
  threads: serialThreadPool(threadTasks),
  onProgress: () => undefined,
  signal: new AbortController().signal,
};

itBehavesLikeAModel(() => ease({ regularization: 5 }), threadTasks);

/** Inverse by Gauss–Jordan elimination in float64, without using symmetry: independent of the tested code. */
function inverseOf(matrix: readonly (readonly number[])[]): number[][] {
  const n = matrix.length;
  const work = matrix.map((row, at) => [...row, ...row.map((_, column) => Number(at === column))]);
  for (let k = 0; k < n; k++) {
    const pivot = work[k][k];
    work[k] = work[k].map(value => value / pivot);
    for (let row = 0; row < n; row++) {
      if (row === k) continue;
      const factor = work[row][k];
      work[row] = work[row].map((value, column) => value - factor * work[k][column]);
    }
  }
  return work.map(row => row.slice(n));
}

/** Steck's eq. 8, implemented literally. */
function referenceLinks(rows: readonly (readonly number[])[], regularization: number): number[][] {
  const products = rows[0].length;
  const gram = Array.from({ length: products }, (_, i) =>
    Array.from({ length: products }, (_, j) =>
      rows.reduce((sum, row) => sum + row[i] * row[j], i === j ? regularization : 0),
    ),
  );
  const inverse = inverseOf(gram);
  return inverse.map((row, i) => row.map((value, j) => (i === j ? 0 : -value / inverse[j][j])));
}

function linksOf(scorer: Scorer<'similar'>, row: number): Float32Array {
  const out = new Float32Array(scorer.products.size);
  scorer.similarInto(row, out);
  return out;
}

/** Largest difference between the links and the expected ones. */
function differenceOf(
  { offsets, rows, weights }: ProductLinks,
  expected: readonly (readonly number[])[],
): number {
  let difference = 0;
  for (const [product, row] of expected.entries()) {
    const found = new Float32Array(row.length);
    for (let at = offsets[product]; at < offsets[product + 1]; at++) found[rows[at]] = weights[at];
    for (const [other, link] of row.entries())
      difference = Math.max(difference, Math.abs(link - found[other]));
  }
  return difference;
}

describe('the links of ease', () => {
  it('equal the formula, inverted or solved, for any number of products', async () => {
    const property = fc.asyncProperty(
      fc.constantFrom(3, 40, 127, 128, 129, 260),
      fc.nat(1000),
      async (products, seed) => {
        const rows = drawRows(60, products, seed);
        const expected = referenceLinks(rows, 3);
        const config = settingValuesOf(easeSettings, { regularization: 3, links: 5000 });
        const strengths = strengthsOf(preferencesOf(await snapshotOfRows(rows)));
        for (const way of ['invert', 'solve'] as const) {
          const difference = differenceOf(await trainLinks(strengths, config, context, way), expected);
          expect(difference).toBeLessThan(way === 'invert' ? 1e-5 : 1e-3);
        }
      },
    );
    await fc.assert(property, { seed: 2026, numRuns: 8 });
  });

  it('are the strongest ones, positive and negative, when few are kept', async () => {
    const rows = drawRows(40, 30, 5);
    const expected = referenceLinks(rows, 3)[4].map(Math.abs);
    const model = ease({ regularization: 3, links: 6 });
    const scorer = model.load(await model.train(await snapshotOfRows(rows), context));
    const found = Array.from(linksOf(scorer, 4), value => (Math.abs(value) > 1e-4 ? 1 : 0));
    const threshold = expected.toSorted((a, b) => b - a)[5];
    expect(found.filter((_, at) => at !== 4)).toEqual(
      expected.map(value => (value >= threshold ? 1 : 0)).filter((_, at) => at !== 4),
    );
  });

  it('are the same bytes on one thread and on three', async () => {
    const snapshot = await snapshotOfRows(drawRows(80, 300, 9));
    const strengths = strengthsOf(preferencesOf(snapshot));
    const config = settingValuesOf(easeSettings);
    for (const way of ['invert', 'solve'] as const) {
      const weightsOf = async (size: number) => {
        const threads = { ...serialThreadPool(threadTasks), size };
        return (await trainLinks(strengths, config, { ...context, threads }, way)).weights;
      };
      const [one, three] = [await weightsOf(1), await weightsOf(3)];
      expect(Buffer.from(three.buffer).equals(Buffer.from(one.buffer))).toBe(true);
    }
  });
});

describe('the solver of ease', () => {
  const pairs = (rows: number, columns: number, entries: number) => ({
    rows,
    columns,
    indptr: new Uint32Array(rows + 1),
    indices: new Uint32Array(entries),
    values: new Float32Array(entries),
  });

  it('inverts when there are many pairs among few products', () => {
    expect(cheaperWay(pairs(6040, 3416, 999_611))).toBe('invert');
  });

  it('solves one product at a time when there are few pairs or many products', () => {
    expect(cheaperWay(pairs(1892, 17_632, 92_834))).toBe('solve');
    expect(cheaperWay(pairs(10, 30_000, 9_000_000))).toBe('solve');
  });
});

describe('the scores of ease', () => {
  /** Users buy either a and b, or c and d. */
  const events: TestEvent[] = Array.from({ length: 12 }, (_, user) =>
    Array.from(user % 2 ? 'ab' : 'cd', product => ({ user: `u${user}`, product })),
  ).flat();

  async function scoresFor(
    history: readonly (readonly [product: string, weight: number, at: number])[],
    more: readonly TestEvent[] = [],
  ): Promise<ReadonlyMap<string, number>> {
    const model = ease({ regularization: 1, historyDecay: 0.5 });
    const scorer = model.load(await model.train(await snapshotOf([...events, ...more]), context));
    const out = new Float32Array(scorer.products.size);
    const shopper = {
      productRows: Uint32Array.from(history, ([product]) => scorer.products.rowOf(product)),
      weights: Float32Array.from(history, ([, weight]) => weight),
      occurredAt: Float64Array.from(history, ([, , at]) => at),
      now: 100,
    };
    scorer.scoreInto([shopper], out);
    return new Map(Array.from(out, (score, row) => [scorer.products.idOf(row), score]));
  }

  it('are lower for neighbours of a disliked product', async () => {
    const scores = await scoresFor([
      ['a', 1, 1],
      ['c', -6, 1],
    ]);
    expect(Number(scores.get('b'))).toBeGreaterThan(0);
    expect(Number(scores.get('d'))).toBeLessThan(0);
  });

  it('decay with each later instant of the history', async () => {
    const scores = await scoresFor([
      ['a', 1, 1],
      ['c', 1, 2],
    ]);
    expect(Number(scores.get('d')) / Number(scores.get('b'))).toBeCloseTo(2, 3);
  });

  it('are lower for products disliked by users with the same likes', async () => {
    const dislikes = Array.from(
      { length: 6 },
      (_, user): TestEvent => ({ user: `u${2 * user + 1}`, product: 'e', type: 'DISLIKE' }),
    );
    const scores = await scoresFor([['a', 1, 1]], dislikes);
    expect(Number(scores.get('e'))).toBeLessThan(0);
  });
});
