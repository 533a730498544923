import { recentWeights } from '../../../src/models/collaborative/foldIn';
import { collaborative } from '../../../src/models/collaborative/model';
import type { ShopperHistory } from '../../../src/models/model';
import { threadTasks } from '../../../src/models/threadTasks';
import { serialThreadPool } from '../../../src/numeric/threadPool';
import { topK } from '../../../src/numeric/topK';
import { snapshotOf } from '../../support/snapshots';

const settings = {
  regularization: 0.003,
  regularizationExponent: 1,
  flatRegularization: 0,
  unobservedWeight: 0.1,
  recencyExponent: 1,
  recencyScale: 2,
};

const historyAt = (times: readonly number[], weights: readonly number[]): ShopperHistory => ({
  productRows: Uint32Array.from(times.keys()),
  weights: Float32Array.from(weights),
  occurredAt: Float64Array.from(times),
  now: 1e6,
});

describe('recentWeights', () => {
  it('lowers weights by the number of later instants and keeps those of the latest', () => {
    const weights = recentWeights(historyAt([10, 20, 500], [1, -6, 5]), settings);
    expect([...weights]).toEqual([0.5, -4, 5]);
  });

  it('treats products of one instant alike, and all products alike without times', () => {
    expect([...recentWeights(historyAt([10, 10, 20, 20], [1, 1, 1, 1]), settings)]).toEqual([
      expect.closeTo(2 / 3, 6),
      expect.closeTo(2 / 3, 6),
      1,
      1,
    ]);
    expect([...recentWeights(historyAt([0, 0, 0], [1, 3, 1]), settings)]).toEqual([1, 3, 1]);
  });

  it('leaves weights unchanged with an exponent of 0', () => {
    const history = historyAt([10, 20], [1, 3]);
    expect(recentWeights(history, { ...settings, recencyExponent: 0 })).toBe(history.weights);
  });
});

it('follows a shopper whose taste has changed', async () => {
  const events = Array.from({ length: 600 }, (_, at) => {
    const user = at % 40;
    return { user: `u${user}`, product: `p${2 * ((Math.floor(at / 40) * 5 + user) % 12) + (user % 2)}` };
  });
  const snapshot = await snapshotOf(events);
  const firstParityOf = async (recencyExponent: number): Promise<number> => {
    const model = collaborative({ rank: 4, recencyExponent });
    const artifact = await model.train(snapshot, {
      seed: 1,
      threads: serialThreadPool(threadTasks),
      onProgress: () => undefined,
      signal: new AbortController().signal,
    });
    const { products, scoreInto } = model.load(artifact);
    const rows = ['p0', 'p2', 'p4', 'p1', 'p3'].map(id => products.rowOf(id));
    const out = new Float32Array(products.size);
    scoreInto([{ ...historyAt([1, 2, 3, 4, 5], [1, 1, 1, 1, 1]), productRows: Uint32Array.from(rows) }], out);
    for (const row of rows) out[row] = Number.NaN;
    return Number(products.idOf(topK(out, 1).rows[0]).slice(1)) % 2;
  };
  expect(await firstParityOf(0)).toBe(0);
  expect(await firstParityOf(2)).toBe(1);
});
