import type { Artifact } from '../../../src/artifact/artifact';
import { encodeArtifact } from '../../../src/artifact/encode';
import { collaborative } from '../../../src/models/collaborative/model';
import { threadTasks } from '../../../src/models/threadTasks';
import { createRng } from '../../../src/numeric/rng';
import { serialThreadPool } from '../../../src/numeric/threadPool';
import type { Snapshot } from '../../../src/snapshot/snapshot';
import { snapshotOf, type TestEvent } from '../../support/snapshots';

const settings = {
  rank: 4,
  unobservedWeight: 0.1,
  regularization: 0.02,
  flatRegularization: 0,
  backoffWeight: 0,
};

/** Shoppers of four tastes and some noise; with `extra` more shoppers, who also add a new product. */
function shopOf(extra: number): Promise<Snapshot> {
  const rng = createRng(3);
  const events: TestEvent[] = [];
  for (let user = 0; user < 120 + extra; user++) {
    for (let step = 0; step < 9; step++) {
      const shelf = rng.uniform() < 0.8 ? user % 4 : rng.int(4);
      events.push({ user: `u${user}`, product: `p${10 * shelf + rng.int(10)}` });
    }
    if (user >= 120 && user % 4 === 0) events.push({ user: `u${user}`, product: 'new' });
  }
  return snapshotOf(events);
}

const train = (
  snapshot: Snapshot,
  overrides: Readonly<Record<string, number>>,
  previous?: Artifact,
): Promise<Artifact> =>
  collaborative({ ...settings, ...overrides }).train(snapshot, {
    seed: 5,
    threads: serialThreadPool(threadTasks),
    onProgress: () => undefined,
    signal: new AbortController().signal,
    ...(previous && { previous }),
  });

/** Scores of every product, by id, for a shopper with two products of the first taste. */
function scoresOf(artifact: Artifact): ReadonlyMap<string, number> {
  const { products, scoreInto } = collaborative().load(artifact);
  const out = new Float32Array(products.size);
  const productRows = Uint32Array.of(products.rowOf('p1'), products.rowOf('p4'));
  scoreInto([{ productRows, weights: Float32Array.of(1, 1), occurredAt: new Float64Array(2), now: 0 }], out);
  return new Map(Array.from(out, (score, row) => [products.idOf(row), score]));
}

const bestOf = (scores: ReadonlyMap<string, number>, count: number): ReadonlySet<string> =>
  new Set(
    [...scores]
      .toSorted((a, b) => b[1] - a[1])
      .slice(0, count)
      .map(([id]) => id),
  );

/** Mean distance of scores from others. */
function distance(from: ReadonlyMap<string, number>, to: ReadonlyMap<string, number>): number {
  const distances = Array.from(from, ([id, score]) => Math.abs(score - (to.get(id) ?? Number.NaN)));
  return distances.reduce((sum, value) => sum + value, 0) / distances.length;
}

describe('a warm start', () => {
  it('reaches in few epochs the ranking for which a cold start needs many, including new products', async () => {
    const previous = await train(await shopOf(0), { epochs: 60 });
    const snapshot = await shopOf(12);
    const converged = scoresOf(await train(snapshot, { epochs: 60 }));
    const warm = scoresOf(await train(snapshot, { warmEpochs: 3 }, previous));
    const cold = scoresOf(await train(snapshot, { epochs: 3 }));
    expect(bestOf(warm, 10)).toEqual(bestOf(converged, 10));
    expect(distance(warm, converged)).toBeLessThan(distance(cold, converged) / 3);
    expect(warm.get('new')).toBeGreaterThan(0);
  });

  it('has no effect without a previous artifact, or with one of other settings', async () => {
    const snapshot = await shopOf(0);
    const cold = Buffer.from(await encodeArtifact(await train(snapshot, { epochs: 2 })));
    const others = [
      { rank: 9 },
      { regularization: 0.5 },
      { regularizationExponent: 0.5 },
      { flatRegularization: 3 },
    ];
    for (const other of others) {
      const previous = await train(snapshot, { epochs: 2, ...other });
      const again = await encodeArtifact(await train(snapshot, { epochs: 2 }, previous));
      expect(cold.equals(Buffer.from(again))).toBe(true);
    }
  });

  it('gives the same bytes from the same artifact', async () => {
    const previous = await train(await shopOf(0), { epochs: 2 });
    const snapshot = await shopOf(4);
    const [first, second] = await Promise.all([0, 1].map(() => train(snapshot, {}, previous)));
    expect(first.arrays).toEqual(second.arrays);
  });
});
