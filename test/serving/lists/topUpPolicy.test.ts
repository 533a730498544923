import { rank } from '../../../src/serving/lists/rank';
import { topUpPolicy } from '../../../src/serving/lists/topUpPolicy';
import { fill, idsOf, modelNamed, poolOf, sourceOf } from './stages';

describe('the policy of topping up', () => {
  it('moves scores of a later source down to the last before it, and keeps their differences', () => {
    const [a, b] = [modelNamed('a'), modelNamed('b')];
    const sources = [
      sourceOf({ a0: 3, a1: 2 }, a),
      sourceOf({}, modelNamed('none')),
      sourceOf({ b0: 1_000, b1: 990, b2: 980 }, b),
    ];
    const { items, servedBy, record } = fill({ sources, first: 4 });
    expect(items.map(({ score }) => score)).toEqual([3, 2, 2, -8]);
    expect(items.map(item => item.rank)).toEqual([1, 2, 3, 4]);
    expect(servedBy).toBe(a);
    expect(record.pool.sources.map(({ hasScores }) => hasScores)).toEqual([true, false, true]);
  });

  it('orders the whole pool, and removes and moves nothing', () => {
    const pool = poolOf(sourceOf({ a: 1 }), sourceOf({ b: 5, c: 4 }));
    const { entries, removals, moves, stage } = rank(pool, topUpPolicy);
    expect(idsOf(pool, entries)).toEqual(['a', 'b', 'c']);
    expect([stage, removals, moves()]).toEqual(['rank', [], []]);
  });
});
