import fc from 'fast-check';
import { encodeArtifact } from '../../../src/artifact/encode';
import { ease } from '../../../src/models/ease/model';
import type { Scorer } from '../../../src/models/model';
import { threadTasks } from '../../../src/models/threadTasks';
import { createRng } from '../../../src/numeric/rng';
import { serialThreadPool } from '../../../src/numeric/threadPool';
import { snapshotFromPairs } from '../../../src/snapshot/fromPairs';
import type { Snapshot } from '../../../src/snapshot/snapshot';
import { itBehavesLikeAModel } from '../../conformance/model';
import { snapshotOf, type TestEvent } from '../../support/snapshots';

const context = {
  seed: 1,
  threads: serialThreadPool(threadTasks),
  onProgress: () => undefined,
  signal: new AbortController().signal,
};

itBehavesLikeAModel(() => ease({ regularization: 5 }), threadTasks);

/** Users × products of zeros and ones; every user has two products at least. */
function drawRows(users: number, products: number, seed: number): number[][] {
  const rng = createRng(seed);
  return Array.from({ length: users }, (_, user) => {
    const row = Array.from({ length: products }, () => Number(rng.uniform() < 0.2));
    row[user % products] = 1;
    row[(user + 1) % products] = 1;
    return row;
  });
}

/** Ids in the order of the rows, as a vocabulary sorts them. */
const idOf = (letter: string, row: number): string => `${letter}${`${row}`.padStart(3, '0')}`;

function snapshotOfRows(rows: readonly (readonly number[])[]): Promise<Snapshot> {
  const pairs = rows.flatMap((row, user) =>
    row.flatMap((value, product) => (value ? [[user, product]] : [])),
  );
  return snapshotFromPairs({
    userIds: rows.map((_, user) => idOf('u', user)),
    productIds: rows[0].map((_, product) => idOf('p', product)),
    user: Uint32Array.from(pairs, ([user]) => user),
    product: Uint32Array.from(pairs, ([, product]) => product),
  });
}

/** Inverse by Gauss and Jordan, in float64, with no regard for symmetry: nothing in common with what is tested. */
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

/** Steck's eq. 8, word for word. */
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

function linksOf(scorer: Scorer, row: number): Float32Array {
  const out = new Float32Array(scorer.products.size);
  scorer.similarInto?.(row, out);
  return out;
}

describe('the links of ease', () => {
  it('are those of the formula, whatever the number of products', async () => {
    const property = fc.asyncProperty(
      fc.constantFrom(3, 40, 127, 128, 129, 260),
      fc.nat(1000),
      async (products, seed) => {
        const rows = drawRows(60, products, seed);
        const model = ease({ regularization: 3, links: 5000 });
        const scorer = model.load(await model.train(await snapshotOfRows(rows), context));
        const expected = referenceLinks(rows, 3);
        let difference = 0;
        for (let row = 0; row < products; row++) {
          for (const [other, link] of linksOf(scorer, row).entries()) {
            if (other !== row) difference = Math.max(difference, Math.abs(link - expected[row][other]));
          }
        }
        expect(difference).toBeLessThan(1e-5);
      },
    );
    await fc.assert(property, { seed: 2026, numRuns: 8 });
  });

  it('are the strongest when few are kept, for and against', async () => {
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
    const bytesOf = async (size: number) => {
      const threads = { ...serialThreadPool(threadTasks), size };
      return encodeArtifact(await ease().train(snapshot, { ...context, threads }));
    };
    expect(Buffer.from(await bytesOf(3)).equals(Buffer.from(await bytesOf(1)))).toBe(true);
  });
});

describe('the scores of ease', () => {
  /** Who buys a buys b; c and d go together. */
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

  it('are lower beside a disliked product', async () => {
    const scores = await scoresFor([
      ['a', 1, 1],
      ['c', -6, 1],
    ]);
    expect(Number(scores.get('b'))).toBeGreaterThan(0);
    expect(Number(scores.get('d'))).toBeLessThan(0);
  });

  it('fade with each later instant of the history', async () => {
    const scores = await scoresFor([
      ['a', 1, 1],
      ['c', 1, 2],
    ]);
    expect(Number(scores.get('d')) / Number(scores.get('b'))).toBeCloseTo(2, 3);
  });

  it('speak against what those who liked the same disliked', async () => {
    const dislikes = Array.from(
      { length: 6 },
      (_, user): TestEvent => ({ user: `u${2 * user + 1}`, product: 'e', type: 'DISLIKE' }),
    );
    const scores = await scoresFor([['a', 1, 1]], dislikes);
    expect(Number(scores.get('e'))).toBeLessThan(0);
  });
});
