import { encodeArtifact } from '../../../src/artifact/encode';
import type { SettingOverrides } from '../../../src/learning/settings';
import type { TrainContext } from '../../../src/learning/trainContext';
import type { LiveState, Scorer, ShopperHistory } from '../../../src/models/model';
import { transformer } from '../../../src/models/transformer/model';
import { transformerTasks } from '../../../src/models/transformer/step';
import { createRng } from '../../../src/numeric/rng';
import { serialThreadPool, type ThreadPool } from '../../../src/numeric/threadPool';
import { itBehavesLikeAModel } from '../../conformance/model';
import { snapshotOf, type TestEvent } from '../../support/snapshots';

const tiny = { rank: 16, epochs: 2, maxLength: 16 };

const contextOf = (threads: ThreadPool = serialThreadPool(transformerTasks)): TrainContext => ({
  seed: 3,
  threads,
  onProgress: () => undefined,
  signal: new AbortController().signal,
});

/** Users who choose among `products` products at random. */
function walks(users: number, products: number, steps: number): TestEvent[] {
  const rng = createRng(11);
  return Array.from({ length: users * steps }, (_, index) => ({
    user: `u${Math.floor(index / steps)}`,
    product: `p${rng.int(products)}`,
    at: index % steps,
  }));
}

async function trainedScorer(settings: SettingOverrides = tiny): Promise<Scorer<'openState' | 'retrieve'>> {
  const model = transformer(settings);
  return model.load(await model.train(await snapshotOf(walks(40, 60, 30)), contextOf()));
}

const historyOf = (
  rows: readonly number[],
  weights: readonly number[] = rows.map(() => 1),
): ShopperHistory => ({
  productRows: Uint32Array.from(rows),
  weights: Float32Array.from(weights),
  occurredAt: Float64Array.from(rows, (_, index) => index),
  now: 1000,
});

function scoresOf(scorer: Scorer, history: ShopperHistory): Float32Array {
  const out = new Float32Array(scorer.products.size);
  scorer.scoreInto([history], out);
  return out;
}

function stateOf(scorer: Scorer<'openState'>, history: ShopperHistory): LiveState {
  return scorer.openState(history);
}

function liveScores(scorer: Scorer, state: LiveState): Float32Array {
  const out = new Float32Array(scorer.products.size);
  state.scoreInto(out);
  return out;
}

const largestDifference = (a: Float32Array, b: Float32Array): number =>
  a.reduce((worst, value, row) => Math.max(worst, Math.abs(value - b[row])), 0);

itBehavesLikeAModel(() => transformer(tiny), transformerTasks);

describe('training the transformer', () => {
  it('gives the same bytes on any number of threads', async () => {
    const snapshot = await snapshotOf(walks(40, 60, 12));
    // Two threads share one list of shards; the second starts while the first is running.
    const two: ThreadPool = {
      size: 2,
      run: (task, payloads) => serialThreadPool(transformerTasks).run(task, [...payloads].reverse()),
    };
    const [one, other] = [
      await transformer(tiny).train(snapshot, contextOf()),
      await transformer(tiny).train(snapshot, contextOf(two)),
    ];
    expect(Buffer.from(await encodeArtifact(one)).equals(Buffer.from(await encodeArtifact(other)))).toBe(
      true,
    );
  });

  it('starts from the last artifact, matching products by id', async () => {
    const model = transformer({ ...tiny, learningRate: 1e-6, epochs: 1 });
    const first = await transformer({ ...tiny, epochs: 4 }).train(
      await snapshotOf(walks(40, 60, 30)),
      contextOf(),
    );
    const events = [...walks(40, 60, 30), { user: 'new', product: 'a new one', at: 1 }];
    const second = await model.train(await snapshotOf(events), { ...contextOf(), previous: first });
    const [before, after] = [model.load(first), model.load(second)];
    const row = after.products.rowOf('p7');
    const scores = scoresOf(after, historyOf([row]));
    const expected = scoresOf(before, historyOf([before.products.rowOf('p7')]));
    expect(scores[after.products.rowOf('p9')]).toBeCloseTo(expected[before.products.rowOf('p9')], 3);
  });

  it('trains all epochs from scratch when the last artifact has another shape', async () => {
    const snapshot = await snapshotOf(walks(40, 60, 12));
    const other = await transformer({ ...tiny, maxLength: 24 }).train(snapshot, contextOf());
    const again = await transformer(tiny).train(snapshot, { ...contextOf(), previous: other });
    const alone = await transformer(tiny).train(snapshot, contextOf());
    expect(again.arrays.get('embeddings')).toEqual(alone.arrays.get('embeddings'));
  });

  it('trains with gBCE, and with a subset of the products as negatives', async () => {
    const scorer = await trainedScorer({ ...tiny, loss: 'gbce', calibration: 0.75, negatives: 16 });
    expect(scoresOf(scorer, historyOf([1, 2])).every(Number.isFinite)).toBe(true);
  });
});

it('gives the same scores as inner products of product and shopper vectors', async () => {
  const scorer = await trainedScorer();
  const { vectors } = scorer;
  const query = new Float32Array(vectors.columns);
  expect(vectors.queryInto(historyOf([4, 2, 9]), query)).toBe(true);
  const found = scoresOf(scorer, historyOf([4, 2, 9])).map((_, row) =>
    query.reduce((sum, value, k) => sum + value * vectors.rows[row * vectors.columns + k], 0),
  );
  expect(largestDifference(found, scoresOf(scorer, historyOf([4, 2, 9])))).toBeLessThan(1e-4);
  expect(vectors.queryInto(historyOf([]), query)).toBe(false);
});

describe('a live state of the transformer', () => {
  it('scores like the whole history, event by event, beyond maxLength', async () => {
    const scorer = await trainedScorer();
    const rows = Array.from({ length: 40 }, (_, index) => (index * 7) % 60);
    const state = stateOf(scorer, historyOf(rows.slice(0, 3)));
    for (let length = 4; length <= rows.length; length++) {
      state.append(rows[length - 1], 1, length);
      const expected = scoresOf(scorer, historyOf(rows.slice(0, length)));
      expect(largestDifference(liveScores(scorer, state), expected)).toBeLessThan(1e-4);
    }
  });

  it('moves a repeated product to the end, and drops one that is no longer liked', async () => {
    const scorer = await trainedScorer();
    const state = stateOf(scorer, historyOf([1, 2, 3, 4]));
    state.append(2, 1, 9);
    expect(
      largestDifference(liveScores(scorer, state), scoresOf(scorer, historyOf([1, 3, 4, 2]))),
    ).toBeLessThan(1e-4);
    state.append(3, -5, 10);
    expect(largestDifference(liveScores(scorer, state), scoresOf(scorer, historyOf([1, 4, 2])))).toBeLessThan(
      1e-4,
    );
  });

  it('returns NaN until a product is liked', async () => {
    const scorer = await trainedScorer();
    const state = stateOf(scorer, historyOf([]));
    expect(liveScores(scorer, state).every(Number.isNaN)).toBe(true);
    state.append(5, -1, 1);
    expect(liveScores(scorer, state).every(Number.isNaN)).toBe(true);
    state.append(6, 1, 2);
    expect(largestDifference(liveScores(scorer, state), scoresOf(scorer, historyOf([6])))).toBeLessThan(1e-4);
  });
});
