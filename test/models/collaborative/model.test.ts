import type { Artifact } from '../../../src/artifact/artifact';
import { settingValuesOf } from '../../../src/learning/settings';
import { collaborative } from '../../../src/models/collaborative/model';
import { collaborativeSettings } from '../../../src/models/collaborative/settings';
import type { Scorer, ShopperHistory } from '../../../src/models/model';
import { threadTasks } from '../../../src/models/threadTasks';
import { csrFromTriplets } from '../../../src/numeric/csr';
import { createRng } from '../../../src/numeric/rng';
import { serialThreadPool } from '../../../src/numeric/threadPool';
import { topK } from '../../../src/numeric/topK';
import { preferencesOf } from '../../../src/snapshot/preferences';
import type { Snapshot } from '../../../src/snapshot/snapshot';
import { itBehavesLikeAModel } from '../../conformance/model';
import { snapshotOf, type TestEvent } from '../../support/snapshots';
import { solveAll } from './referenceAls';

itBehavesLikeAModel(() => collaborative({ rank: 12, epochs: 3 }), threadTasks);

const contextOf = () => ({
  seed: 5,
  threads: serialThreadPool(threadTasks),
  onProgress: () => undefined,
  signal: new AbortController().signal,
});

const withoutTrial = { flatRegularization: 0, backoffWeight: 0 };

const historyOf = (productRows: readonly number[], weights?: readonly number[]): ShopperHistory => ({
  productRows: Uint32Array.from(productRows),
  weights: Float32Array.from(weights ?? productRows.map(() => 1)),
  occurredAt: new Float64Array(productRows.length),
  now: 0,
});

function scoresFor(scorer: Scorer, histories: readonly ShopperHistory[]): Float32Array {
  const out = new Float32Array(histories.length * scorer.products.size);
  scorer.scoreInto(histories, out);
  return out;
}

/** Even users view even products, odd users odd ones: a checkerboard, of which each user saw a part. */
function checkerboard(users: number, products: number, seen: number): Promise<Snapshot> {
  const rng = createRng(11);
  const events: TestEvent[] = [];
  for (let user = 0; user < users; user++) {
    const own = Array.from({ length: products / 2 }, (_, half) => 2 * half + (user % 2));
    for (const product of rng.shuffle(own).slice(0, seen))
      events.push({ user: `u${user}`, product: `p${product}` });
  }
  return snapshotOf(events);
}

const parityOf = (scorer: Scorer, row: number): number => Number(scorer.products.idOf(row).slice(1)) % 2;

describe('collaborative on a checkerboard', () => {
  let scorer: Scorer<'similar'>;

  beforeAll(async () => {
    const model = collaborative({
      rank: 4,
      epochs: 8,
      unobservedWeight: 0.1,
      regularization: 0.05,
      ...withoutTrial,
    });
    scorer = model.load(await model.train(await checkerboard(120, 40, 10), contextOf()));
  });

  it('ranks every unseen product of the same parity above every other, from two views', () => {
    for (const parity of [0, 1]) {
      const own = [4, 6].map(product => scorer.products.rowOf(`p${product + parity}`));
      const best = topK(scoresFor(scorer, [historyOf(own)]), 20);
      expect([...best.rows].map(row => parityOf(scorer, row))).toEqual(new Array(20).fill(parity));
    }
  });

  it('finds products of the same parity similar', () => {
    const out = new Float32Array(scorer.products.size);
    scorer.similarInto(scorer.products.rowOf('p6'), out);
    const best = topK(out, 19);
    expect([...best.rows].map(row => parityOf(scorer, row))).toEqual(new Array(19).fill(0));
    expect(Math.max(...out.filter(value => !Number.isNaN(value)))).toBeLessThanOrEqual(1.000001);
  });

  it('lowers a disliked product and those similar to it', () => {
    const [liked, disliked] = [scorer.products.rowOf('p4'), scorer.products.rowOf('p6')];
    const before = scoresFor(scorer, [historyOf([liked])]);
    const after = scoresFor(scorer, [historyOf([liked, disliked], [1, -5])]);
    const even = [...before.keys()].filter(row => parityOf(scorer, row) === 0);
    for (const row of even) expect(after[row]).toBeLessThan(before[row]);
    expect(after[disliked] / before[disliked]).toBeLessThan(after[liked] / before[liked]);
  });

  it('returns NaN for a shopper who liked nothing', () => {
    const scores = scoresFor(scorer, [historyOf([3], [-1]), historyOf([3], [0]), historyOf([])]);
    expect(scores.every(Number.isNaN)).toBe(true);
  });

  it('refuses histories with products that it does not know', () => {
    expect(() => scoresFor(scorer, [historyOf([scorer.products.size])])).toThrow(RangeError);
    expect(() => scoresFor(scorer, [historyOf([1], [1, 1])])).toThrow(RangeError);
    expect(() => scoresFor(scorer, [historyOf(new Array(41).fill(1))])).toThrow(RangeError);
  });
});

describe('folding in', () => {
  const overrides = { rank: 10, epochs: 4, unobservedWeight: 0.05, regularization: 0.01, ...withoutTrial };

  async function trained(): Promise<{ snapshot: Snapshot; artifact: Artifact; scorer: Scorer }> {
    const model = collaborative(overrides);
    const snapshot = await checkerboard(60, 30, 6);
    const artifact = await model.train(snapshot, contextOf());
    return { snapshot, artifact, scorer: model.load(artifact) };
  }

  it('solves a shopper like the reference, with few or many products, liked or disliked', async () => {
    const { artifact, scorer } = await trained();
    const config = settingValuesOf(collaborativeSettings, overrides);
    const factors = Float64Array.from(artifact.arrays.get('productFactors') ?? []);
    const rng = createRng(8);
    for (const count of [1, 2, 9, 10, 11, 30]) {
      const column = [...rng.shuffle(Uint32Array.from({ length: 30 }, (_, at) => at)).subarray(0, count)];
      const value = column.map((_, at) => (at % 3 === 1 ? -2 : 1 + (at % 4)));
      const matrix = csrFromTriplets({ row: column.map(() => 0), column, value }, 1, 30);
      const { values: x } = solveAll(matrix, { rows: 30, values: factors }, config);
      const scores = scoresFor(scorer, [historyOf(column, value)]);
      for (const [row, score] of scores.entries()) {
        const expected = x.reduce((sum, element, k) => sum + element * factors[row * 10 + k], 0);
        expect(Math.abs(score - expected)).toBeLessThan(1e-5);
      }
    }
  });

  it('ranks the chosen products of a training user first', async () => {
    const { snapshot, scorer } = await trained();
    const { indptr, indices } = preferencesOf(snapshot);
    for (let user = 0; user < 10; user++) {
      const own = [...indices.subarray(indptr[user], indptr[user + 1])];
      const best = topK(scoresFor(scorer, [historyOf(own)]), 6);
      expect([...best.rows].sort((left, right) => left - right)).toEqual(own);
    }
  });

  it('returns NaN for a product that no user liked', async () => {
    const events = Array.from({ length: 60 }, (_, at) => ({
      user: `u${at % 10}`,
      product: `p${(at * 7) % 12}`,
    }));
    const snapshot = await snapshotOf([...events, { user: 'u1', product: 'bad', type: 'DISLIKE' }]);
    const model = collaborative(overrides);
    const scorer = model.load(await model.train(snapshot, contextOf()));
    const [bad, other] = [scorer.products.rowOf('bad'), scorer.products.rowOf('p3')];
    const scores = scoresFor(scorer, [historyOf([other])]);
    expect([...scores.keys()].filter(row => Number.isNaN(scores[row]))).toEqual([bad]);
    const out = new Float32Array(scorer.products.size);
    scorer.similarInto(other, out);
    expect([...out.keys()].filter(row => Number.isNaN(out[row])).sort()).toEqual([bad, other].sort());
  });
});

describe('the weight of unobserved pairs', () => {
  const configAfter = async (overrides: Readonly<Record<string, number>>) => {
    const model = collaborative({ rank: 4, epochs: 1, ...overrides });
    return (await model.train(await checkerboard(20, 10, 3), contextOf())).header.config;
  };

  it('is computed from the data when it is auto, and stored in the header', async () => {
    // 20 users viewed 3 of 10 products each: 24 · 60 / 200.
    expect(await configAfter({})).toMatchObject({ unobservedWeight: 7.2 });
  });

  it('is the given value otherwise', async () => {
    expect(await configAfter({ unobservedWeight: 0.005 })).toMatchObject({ unobservedWeight: 0.005 });
  });
});
