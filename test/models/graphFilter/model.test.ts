import fc from 'fast-check';
import { encodeArtifact } from '../../../src/artifact/encode';
import { graphFilter } from '../../../src/models/graphFilter/model';
import type { Scorer } from '../../../src/models/model';
import { threadTasks } from '../../../src/models/threadTasks';
import { eigenSymmetric } from '../../../src/numeric/eigenSymmetric';
import { serialThreadPool } from '../../../src/numeric/threadPool';
import { itBehavesLikeAModel } from '../../conformance/model';
import { drawRows, snapshotOfRows } from '../../support/matrixSnapshots';
import { snapshotOf, type TestEvent } from '../../support/snapshots';

const context = {
  seed: 1,
  threads: serialThreadPool(threadTasks),
  onProgress: () => undefined,
  signal: new AbortController().signal,
};

itBehavesLikeAModel(graphFilter, threadTasks);

describe('with the low-pass filter', () => {
  const withFilter: typeof graphFilter = overrides =>
    graphFilter({ lowPassShare: 0.3, lowPassVectors: 6, sharpeningOrder: 4, ...overrides });
  itBehavesLikeAModel(withFilter, threadTasks);
});

type Matrix = readonly (readonly number[])[];

const times = (a: Matrix, b: Matrix): number[][] =>
  a.map(row => b[0].map((_, column) => row.reduce((sum, value, k) => sum + value * b[k][column], 0)));

const transposed = (a: Matrix): number[][] => a[0].map((_, column) => a.map(row => row[column]));

/** Settings of the reference, in the notation of the formula. */
interface Letters {
  readonly delta: number;
  readonly beta: number;
  readonly tau: number;
  readonly n: number;
  readonly order: number;
  readonly p: number;
  readonly q: number;
  /** Share and number of vectors of the low-pass filter. */
  readonly share: number;
  readonly k: number;
}

/** VVᵀ of the k strongest eigenvectors of a symmetric matrix. */
function strongestPatterns(gram: Matrix, k: number): number[][] {
  const size = gram.length;
  const { vectors } = eigenSymmetric(Float64Array.from(gram.flat()), size);
  const strongest = Array.from({ length: k }, (_, at) => [
    ...vectors.subarray((size - 1 - at) * size, (size - at) * size),
  ]);
  return times(transposed(strongest), strongest);
}

/** Σⱼ (−τP)ʲ/j! for j up to the order, term by term. */
function referenceStep(once: Matrix, tau: number, order: number): number[][] {
  let term: number[][] = once.map((row, i) => row.map((_, j) => Number(i === j)));
  let total = term;
  for (let j = 1; j <= order; j++) {
    term = times(term, once).map(row => row.map(value => (-tau / j) * value));
    total = total.map((row, i) => row.map((value, at) => value + term[i][at]));
  }
  return total;
}

/** M computed literally with dense matrices; the highest eigenvalue by many steps of the power method. */
function referenceLinks(rows: Matrix, { delta, beta, tau, n, order, p, q, share, k }: Letters): number[][] {
  const sum = (row: readonly number[]): number => row.reduce((total, value) => total + value, 0);
  const degrees = transposed(rows).map(sum);
  const edges = rows.map(row =>
    row.map((value, product) => value / (sum(row) ** delta * degrees[product] ** beta)),
  );
  const gram = times(transposed(edges), edges);
  let vector = [degrees];
  let highest = 0;
  for (let step = 0; step < 500; step++) {
    const next = times(vector, gram);
    highest = Math.hypot(...next[0]) / Math.hypot(...vector[0]);
    vector = next.map(row => row.map(value => value / Math.hypot(...row)));
  }
  const once = gram.map(row => row.map(value => value / highest));
  const patterns = strongestPatterns(gram, k);
  let found = once.map((row, i) =>
    row.map((value, j) => value + share * patterns[i][j] * (degrees[j] / degrees[i]) ** beta),
  );
  const step = referenceStep(once, tau, order);
  for (let taken = 0; taken < n; taken++) found = times(found, step);
  return found.map((row, i) =>
    row.map((value, j) => (i === j ? 0 : (value * degrees[j] ** q) / degrees[i] ** p)),
  );
}

describe('the links of graph-filter', () => {
  it('equal the formula for all exponents', async () => {
    const exponent = fc.double({ min: 0, max: 0.7, noNaN: true });
    const letters: fc.Arbitrary<Letters> = fc.record({
      delta: exponent,
      beta: exponent,
      tau: fc.double({ min: 0, max: 1.5, noNaN: true }),
      n: fc.nat(3),
      order: fc.integer({ min: 1, max: 4 }),
      p: exponent,
      q: exponent,
      share: fc.constant(0),
      k: fc.constant(1),
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
          sharpeningOrder: by.order,
          sourceExponent: by.p,
          popularityExponent: by.q,
        });
        const scorer = model.load(await model.train(await snapshotOfRows(rows), context));
        const expected = referenceLinks(rows, by);
        const out = new Float32Array(products);
        let difference = 0;
        for (let row = 0; row < products; row++) {
          scorer.similarInto(row, out);
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
    for (const settings of [{}, { lowPassShare: 0.3, lowPassVectors: 40 }]) {
      const bytesOf = async (size: number) => {
        const threads = { ...serialThreadPool(threadTasks), size };
        return encodeArtifact(await graphFilter(settings).train(snapshot, { ...context, threads }));
      };
      expect(Buffer.from(await bytesOf(3)).equals(Buffer.from(await bytesOf(1)))).toBe(true);
    }
  });

  it('are limited to the given number', async () => {
    const artifact = await graphFilter({ links: 3 }).train(
      await snapshotOfRows(drawRows(40, 30, 5)),
      context,
    );
    expect(artifact.arrays.get('linkRows')).toHaveLength(90);
  });

  it('are negative when users who liked one product disliked the other', async () => {
    const events = Array.from({ length: 10 }, (_, user): TestEvent[] => [
      { user: `u${user}`, product: 'a' },
      { user: `u${user}`, product: user % 2 ? 'b' : 'c' },
      { user: `u${user}`, product: 'd', type: 'DISLIKE' },
    ]).flat();
    const model = graphFilter({ sharpeningSteps: 0 });
    const scorer = model.load(await model.train(await snapshotOf(events), context));
    const out = new Float32Array(scorer.products.size);
    scorer.similarInto(scorer.products.rowOf('a'), out);
    expect(out[scorer.products.rowOf('d')]).toBeLessThan(0);
    expect(out[scorer.products.rowOf('b')]).toBeGreaterThan(0);
  });
});

/** The settings of both papers, at a small scale. */
const published = {
  delta: 0.5,
  beta: 0.5,
  tau: 2.5,
  n: 1,
  order: 4,
  p: 0,
  q: 0,
  share: 0.2,
  k: 3,
} as const satisfies Letters;

async function scorerOf(rows: Matrix, by: Letters): Promise<Scorer<'similar'>> {
  const model = graphFilter({
    userDamping: by.delta,
    productDamping: by.beta,
    sharpening: by.tau,
    sharpeningSteps: by.n,
    sharpeningOrder: by.order,
    sourceExponent: by.p,
    popularityExponent: by.q,
    lowPassShare: by.share,
    lowPassVectors: by.k,
  });
  return model.load(await model.train(await snapshotOfRows(rows), context));
}

describe('the low-pass filter of graph-filter', () => {
  it.each([
    ['of BSPM', published],
    ['of GF-CF', { ...published, n: 0, share: 0.3 }],
    ['with exponents of our own', { ...published, delta: 0.2, beta: 0.35, p: 0.1, q: 0.15, n: 2, order: 1 }],
    ['with all the vectors there are', { ...published, k: 12 }],
  ])('equals the formula, %s', async (_, by) => {
    for (const seed of [1, 2, 3]) {
      const rows = drawRows(30, 12, seed);
      const scorer = await scorerOf(rows, by);
      const expected = referenceLinks(rows, by);
      const out = new Float32Array(12);
      const history = {
        productRows: Uint32Array.of(2, 7),
        weights: Float32Array.of(1, 1),
        occurredAt: Float64Array.of(5, 5),
        now: 9,
      };
      scorer.scoreInto([history], out);
      const largest = Math.max(...expected.flat().map(Math.abs));
      for (const [product, score] of out.entries()) {
        expect(Math.abs(score - expected[2][product] - expected[7][product]) / largest).toBeLessThan(2e-3);
      }
      scorer.similarInto(4, out);
      expect(out[4]).toBeNaN();
      for (const [product, score] of out.entries()) {
        if (product !== 4) expect(Math.abs(score - expected[4][product]) / largest).toBeLessThan(2e-3);
      }
    }
  });

  it('adds nothing to an artifact when it is disabled', async () => {
    const artifact = await graphFilter().train(await snapshotOfRows(drawRows(40, 30, 5)), context);
    expect([...artifact.arrays.keys()].filter(name => name.startsWith('lowPass'))).toEqual([]);
  });

  it('refuses an artifact whose factors have another size, and names the error', async () => {
    const model = graphFilter({ lowPassShare: 0.3, lowPassVectors: 4 });
    const artifact = await model.train(await snapshotOfRows(drawRows(40, 30, 5)), context);
    const arrays = new Map(artifact.arrays).set('lowPassTargets', new Float32Array(5));
    expect(() => model.load({ ...artifact, arrays })).toThrow(/lowPassTargets/);
  });
});
