import { createPoolBuilder, leadOf, scoresOf } from '../../../src/serving/lists/candidatePool';
import type { Source } from '../../../src/serving/lists/sources';
import { modelNamed, poolOf, sourceOf } from './stages';

/** Whether an object and all that it holds are frozen; models are left out. */
function isDeeplyFrozen(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || 'card' in value) return true;
  return Object.isFrozen(value) && Object.values(value).every(isDeeplyFrozen);
}

describe('a candidate pool', () => {
  const pool = poolOf(sourceOf({ a: 3, b: 2 }), sourceOf({ a: 9, c: 1 }, modelNamed('second')));

  it('holds each product once, with the scores of all sources, the proposing one first', () => {
    expect(pool.productIds).toEqual(['a', 'b', 'c']);
    expect(pool.proposedBy).toEqual([0, 0, 1]);
    expect(scoresOf(pool, 0)).toEqual([
      { source: 0, score: 3 },
      { source: 1, score: 9 },
    ]);
    expect(scoresOf(pool, 1)).toEqual([{ source: 0, score: 2 }]);
    expect(scoresOf(pool, 2)).toEqual([{ source: 1, score: 1 }]);
  });

  it('holds no score of a source that did not score the products of earlier ones', () => {
    const builder = createPoolBuilder();
    const exclusions = new Map();
    for (const source of [sourceOf({ a: 1 }), sourceOf({ a: 2, b: 2 })]) {
      const proposals = source.propose(5, { exclusions, taken: builder.productIds });
      builder.add(source, { ...proposals, takenScores: [] });
    }
    const built = builder.build();
    expect([scoresOf(built, 0), scoresOf(built, 1)]).toEqual([
      [{ source: 0, score: 1 }],
      [{ source: 1, score: 2 }],
    ]);
  });

  it('is frozen', () => {
    expect(isDeeplyFrozen(pool)).toBe(true);
    expect(() => {
      (pool.productIds as unknown[]).push(null);
    }).toThrow(TypeError);
    expect(isDeeplyFrozen(Object.freeze({ productIds: [] }))).toBe(false);
  });
});

describe('leadOf', () => {
  const [first, second] = [modelNamed('first'), modelNamed('second')];
  const leadAmong = (...sources: readonly Source[]) => leadOf(poolOf(...sources).sources)?.model;

  it('is the source that proposed most, the earlier of equals', () => {
    const two = sourceOf({ a: 1, b: 1 }, first);
    expect(leadAmong(sourceOf({ c: 1 }, second), two)).toBe(first);
    expect(leadAmong(sourceOf({ c: 1, d: 1 }, second), two)).toBe(second);
  });

  it('is never the source of newcomers, nor one that proposed nothing', () => {
    const newcomers = sourceOf({ a: 1, b: 1 }, first, 'NEWCOMER');
    expect(leadAmong(sourceOf({ c: 1 }, second), newcomers)).toBe(second);
    expect(leadAmong(sourceOf({}), newcomers)).toBeUndefined();
  });
});
