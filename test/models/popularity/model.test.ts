import { popularity } from '../../../src/models/popularity/model';
import { serialThreadPool } from '../../../src/numeric/threadPool';
import { itBehavesLikeAModel } from '../../conformance/model';
import { snapshotOf, type TestEvent } from '../../support/snapshots';

const context = {
  seed: 1,
  threads: serialThreadPool({}),
  onProgress: () => undefined,
  signal: new AbortController().signal,
};

async function scoresOf(events: readonly TestEvent[]): Promise<Record<string, number>> {
  const scorer = popularity().load(await popularity().train(await snapshotOf(events), context));
  const out = new Float32Array(scorer.products.size);
  const none = {
    productRows: new Uint32Array(),
    weights: new Float32Array(),
    occurredAt: new Float64Array(),
    now: 0,
  };
  scorer.scoreInto([none], out);
  return Object.fromEntries(Array.from(out, (score, row) => [scorer.products.idOf(row), score]));
}

itBehavesLikeAModel(popularity);

describe('popularity', () => {
  it('counts distinct users where every preference is 1', async () => {
    const scores = await scoresOf([
      { user: 'u', product: 'a' },
      { user: 'v', product: 'a' },
      { user: 'w', product: 'b' },
    ]);
    expect(scores).toEqual({ a: 2, b: 1 });
  });

  it('limits the effect of a single user: seven views add log₂ 8, not 7', async () => {
    const views = Array.from({ length: 7 }, (_, at) => ({ user: 'u', product: 'a', at }));
    expect(await scoresOf(views)).toEqual({ a: 3 });
  });

  it('counts dislikes against a product', async () => {
    const scores = await scoresOf([
      { user: 'u', product: 'a' },
      { user: 'v', product: 'a', type: 'RATING', value: 0 },
    ]);
    expect(Object.values(scores)[0]).toBeCloseTo(1 - Math.log2(5), 6);
  });

  it('has no settings, and refuses any', () => {
    expect(() => popularity({ rank: 3 })).toThrow('Expected a setting among (none); got rank.');
  });
});
