import type { Artifact } from '../../../src/artifact/artifact';
import { can } from '../../../src/models/capability';
import { withFallback } from '../../../src/models/collaborative/fallback';
import { collaborative } from '../../../src/models/collaborative/model';
import type { Scorer, ShopperHistory } from '../../../src/models/model';
import { threadTasks } from '../../../src/models/threadTasks';
import { trainBackoff } from '../../../src/models/trainBackoff';
import { createRng } from '../../../src/numeric/rng';
import { serialThreadPool } from '../../../src/numeric/threadPool';
import { topK } from '../../../src/numeric/topK';
import { createSnapshotBuilder } from '../../../src/snapshot/builder';
import { preferencesOf } from '../../../src/snapshot/preferences';
import type { Snapshot } from '../../../src/snapshot/snapshot';
import { vocabularyOf } from '../../../src/snapshot/vocabulary';
import { itBehavesLikeAModel } from '../../conformance/model';
import { batchOf, type TestEvent } from '../../support/snapshots';

itBehavesLikeAModel(
  () => collaborative({ rank: 8, epochs: 2, flatRegularization: 2, backoffWeight: 3 }),
  threadTasks,
);

const hour = 3_600_000;
const start = Date.UTC(2026, 0, 1);
const [shelves, perShelf] = [30, 40];

/**
 * Shoppers stay at the same three shelves and meet each product of them about once: products have too few events for factors,
 * shelves have many.
 */
async function sparseShop(): Promise<Snapshot> {
  const rng = createRng(9);
  const events: TestEvent[] = [];
  for (let user = 0; user < 120; user++) {
    const own = [rng.int(shelves), rng.int(shelves), rng.int(shelves)];
    for (let step = 0; step < 12; step++) {
      const product = `p${own[step % 3]}-${rng.int(perShelf)}`;
      events.push({ user: `u${user}`, product, at: start + (120 * step + user) * hour });
    }
  }
  const builder = createSnapshotBuilder({ asOf: start + 10_000 * hour });
  builder.add(batchOf(events));
  for (let shelf = 0; shelf < shelves; shelf++) {
    for (let index = 0; index < perShelf; index++)
      builder.describe(`p${shelf}-${index}`, {
        titles: [],
        descriptions: [],
        categoryPath: [`shelf ${shelf}`],
        features: [],
        priceMinor: Number.NaN,
      });
  }
  return builder.build();
}

const contextOf = (measured?: Artifact) => ({
  seed: 5,
  threads: serialThreadPool(threadTasks),
  onProgress: () => undefined,
  signal: new AbortController().signal,
  ...(measured && { measured }),
});

const historyOf = (rows: readonly number[], weights?: readonly number[]): ShopperHistory => ({
  productRows: Uint32Array.from(rows),
  weights: Float32Array.from(weights ?? rows.map(() => 1)),
  occurredAt: Float64Array.from(rows.keys()),
  now: 100,
});

function scoresFor(scorer: Scorer, history: ShopperHistory): Float32Array {
  const out = new Float32Array(scorer.products.size);
  scorer.scoreInto([history], out);
  return out;
}

const shelfOf = (scorer: Scorer, row: number): string => scorer.products.idOf(row).split('-')[0];

describe('collaborative in a sparse shop', () => {
  let snapshot: Snapshot;
  let artifact: Artifact;
  let scorer: Scorer;

  beforeAll(async () => {
    const model = collaborative({ rank: 8 });
    snapshot = await sparseShop();
    artifact = await model.train(snapshot, contextOf());
    scorer = model.load(artifact);
  });

  it('falls back to categories, by the trial, and stores what it chose', () => {
    const { backoffWeight, flatRegularization, backoffSpread } = artifact.header.config;
    expect(backoffWeight).toBeGreaterThan(0);
    expect(flatRegularization).toBeGreaterThanOrEqual(0);
    expect(['popularity', 'even']).toContain(backoffSpread);
  });

  it('ranks other products of the shelf first, also those that nobody met', () => {
    const liked = new Set(preferencesOf(snapshot).indices);
    const own = Math.max(0, scorer.products.rowOf('p4-0'));
    const scores = scoresFor(scorer, historyOf([own]));
    expect(scores.every(Number.isFinite)).toBe(true);
    scores[own] = Number.NaN;
    const best = [...topK(scores, 30).rows];
    const inShelf = best.filter(row => shelfOf(scorer, row) === shelfOf(scorer, own));
    expect(inShelf.length).toBeGreaterThan(25);
    expect(inShelf.some(row => !liked.has(row))).toBe(true);
  });

  it('has no vectors then, and has them without a fallback', async () => {
    expect(can(scorer, 'retrieve')).toBe(false);
    const plain = collaborative({ rank: 8, backoffWeight: 0, flatRegularization: 0 });
    expect(can(plain.load(await plain.train(snapshot, contextOf())), 'retrieve')).toBe(true);
  });

  it('keeps what a training on a part of the data chose', async () => {
    const config = {
      ...artifact.header.config,
      backoffWeight: 7,
      backoffSpread: 'even',
      flatRegularization: 1.5,
    };
    const measured = { ...artifact, header: { ...artifact.header, config } };
    const again = await collaborative({ rank: 8 }).train(snapshot, contextOf(measured));
    expect(again.header.config).toMatchObject({
      backoffWeight: 7,
      backoffSpread: 'even',
      flatRegularization: 1.5,
    });
  });
});

describe('an artifact of a version without flat regularisation', () => {
  it('scores as one with a flat regularisation of 0 and without a fallback', async () => {
    const model = collaborative({ rank: 8, backoffWeight: 0, flatRegularization: 0 });
    const artifact = await model.train(await sparseShop(), contextOf());
    const arrays = new Map(artifact.arrays);
    arrays.delete('backoffWeight');
    arrays.set('foldIn', new Float64Array(artifact.arrays.get('foldIn') ?? []).subarray(0, 5));
    const former = model.load({ ...artifact, arrays });
    const history = historyOf([3, 8]);
    expect(scoresFor(former, history)).toEqual(scoresFor(model.load(artifact), history));
  });
});

describe('withFallback', () => {
  const silent = (size: number): Scorer<'similar'> => ({
    products: vocabularyOf(Array.from({ length: size }, (_, row) => `${row}`)),
    scoreInto: (_, out) => out.fill(Number.NaN),
    similarInto: (_, out) => out.fill(Number.NaN),
  });

  it('adds probabilities: they sum to the weight, whatever the history', async () => {
    const snapshot = await sparseShop();
    const backoff = await trainBackoff(snapshot, preferencesOf(snapshot), contextOf());
    const recency = { recencyExponent: 0.8, recencyScale: 1 };
    const scorer = withFallback(silent(snapshot.products.size), { backoff, weight: 4 }, recency);
    for (const history of [historyOf([1]), historyOf([1, 50, 90]), historyOf([7, 8], [5, -3])]) {
      const sum = scoresFor(scorer, history).reduce((total, score) => total + score, 0);
      expect(sum).toBeCloseTo(4, 4);
    }
    expect(scoresFor(scorer, historyOf([7], [-1])).every(Number.isNaN)).toBe(true);
  });
});
