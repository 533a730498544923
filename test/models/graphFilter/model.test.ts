import fc from 'fast-check';
import { encodeArtifact } from '../../../src/artifact/encode';
import { graphFilter } from '../../../src/models/graphFilter/model';
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

itBehavesLikeAModel(graphFilter, threadTasks);

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

type Matrix = readonly (readonly number[])[];

const times = (a: Matrix, b: Matrix): number[][] =>
  a.map(row => b[0].map((_, column) => row.reduce((sum, value, k) => sum + value * b[k][column], 0)));

const turned = (a: Matrix): number[][] => a[0].map((_, column) => a.map(row => row[column]));

/** Settings of the reference, by the letters of the formula. */
interface Letters {
  readonly delta: number;
  readonly beta: number;
  readonly tau: number;
  readonly n: number;
  readonly p: number;
  readonly q: number;
}

/** D^-p·P·(I − τP)ⁿ·D^q with dense matrices, word for word; the highest eigenvalue by many steps of the power method. */
function referenceLinks(rows: Matrix, { delta, beta, tau, n, p, q }: Letters): number[][] {
  const sum = (row: readonly number[]): number => row.reduce((total, value) => total + value, 0);
  const degrees = turned(rows).map(sum);
  const edges = rows.map(row =>
    row.map((value, product) => value / (sum(row) ** delta * degrees[product] ** beta)),
  );
  const gram = times(turned(edges), edges);
  let vector = [degrees];
  let highest = 0;
  for (let step = 0; step < 500; step++) {
    const next = times(vector, gram);
    highest = Math.hypot(...next[0]) / Math.hypot(...vector[0]);
    vector = next.map(row => row.map(value => value / Math.hypot(...row)));
  }
  const once = gram.map(row => row.map(value => value / highest));
  let found: number[][] = once;
  for (let step = 0; step < n; step++) {
    const further = times(found, once);
    found = found.map((row, i) => row.map((value, j) => value - tau * further[i][j]));
  }
  return found.map((row, i) =>
    row.map((value, j) => (i === j ? 0 : (value * degrees[j] ** q) / degrees[i] ** p)),
  );
}

describe('the links of graph-filter', () => {
  it('are those of the formula, whatever the exponents', async () => {
    const exponent = fc.double({ min: 0, max: 0.7, noNaN: true });
    const letters = fc.record({
      delta: exponent,
      beta: exponent,
      tau: fc.double({ min: 0, max: 1.5, noNaN: true }),
      n: fc.nat(3),
      p: exponent,
      q: exponent,
    });
    const property = fc.asyncProperty(
      letters,
      fc.nat(1000),
      fc.integer({ min: 3, max: 40 }),
      async (by, seed, products) => {
        const rows = drawRows(30, products, seed);
        const model = graphFilter({
          userDamping: by.delta,
          productDamping: by.beta,
          sharpening: by.tau,
          sharpeningSteps: by.n,
          sourceExponent: by.p,
          popularityExponent: by.q,
        });
        const scorer = model.load(await model.train(await snapshotOfRows(rows), context));
        const expected = referenceLinks(rows, by);
        const out = new Float32Array(products);
        let difference = 0;
        for (let row = 0; row < products; row++) {
          scorer.similarInto?.(row, out);
          for (const [other, link] of out.entries()) {
            if (other !== row) difference = Math.max(difference, Math.abs(link - expected[row][other]));
          }
        }
        const largest = Math.max(...expected.flat().map(Math.abs));
        expect(difference / largest).toBeLessThan(2e-3);
      },
    );
    await fc.assert(property, { seed: 2026, numRuns: 40 });
  });

  it('are the same bytes on one thread and on three', async () => {
    const snapshot = await snapshotOfRows(drawRows(80, 100, 9));
    const bytesOf = async (size: number) => {
      const threads = { ...serialThreadPool(threadTasks), size };
      return encodeArtifact(await graphFilter().train(snapshot, { ...context, threads }));
    };
    expect(Buffer.from(await bytesOf(3)).equals(Buffer.from(await bytesOf(1)))).toBe(true);
  });

  it('are few when few are asked for', async () => {
    const artifact = await graphFilter({ links: 3 }).train(
      await snapshotOfRows(drawRows(40, 30, 5)),
      context,
    );
    expect(artifact.arrays.get('linkRows')).toHaveLength(90);
  });

  it('are negative where those who liked the one disliked the other', async () => {
    const events = Array.from({ length: 10 }, (_, user): TestEvent[] => [
      { user: `u${user}`, product: 'a' },
      { user: `u${user}`, product: user % 2 ? 'b' : 'c' },
      { user: `u${user}`, product: 'd', type: 'DISLIKE' },
    ]).flat();
    const model = graphFilter({ sharpeningSteps: 0 });
    const scorer = model.load(await model.train(await snapshotOf(events), context));
    const out = new Float32Array(scorer.products.size);
    scorer.similarInto?.(scorer.products.rowOf('a'), out);
    expect(out[scorer.products.rowOf('d')]).toBeLessThan(0);
    expect(out[scorer.products.rowOf('b')]).toBeGreaterThan(0);
  });
});
