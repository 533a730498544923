import { leadOf, poolOf } from '../../../src/serving/lists/candidatePool';
import { answerOf, modelNamed, sourceOf } from './stages';

const taken = new Map([['a', 'TAKEN_BY_SOURCE' as const]]);

/** Whether an object and all that it holds are frozen; models are left out. */
function isDeeplyFrozen(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || 'card' in value) return true;
  return Object.isFrozen(value) && Object.values(value).every(isDeeplyFrozen);
}

describe('a candidate pool', () => {
  const pool = poolOf([
    answerOf(sourceOf({ a: 3, b: 2 })),
    answerOf(sourceOf({ a: 9, c: 1 }, modelNamed('second')), 5, taken),
  ]);

  it('holds each product once, with the scores of all sources, the proposing one first', () => {
    expect(pool.candidates.map(({ productId }) => productId)).toEqual(['a', 'b', 'c']);
    expect(pool.candidates[0].scores).toEqual([
      { source: 0, score: 3 },
      { source: 1, score: 9 },
    ]);
    expect(pool.candidates[2].scores).toEqual([{ source: 1, score: 1 }]);
  });

  it('is frozen', () => {
    expect(isDeeplyFrozen(pool)).toBe(true);
    expect(() => {
      (pool.candidates as unknown[]).push(null);
    }).toThrow(TypeError);
    expect(isDeeplyFrozen({ candidates: [] })).toBe(false);
  });
});

describe('leadOf', () => {
  const [first, second] = [modelNamed('first'), modelNamed('second')];

  it('is the source that proposed most, the earlier of equals', () => {
    const two = answerOf(sourceOf({ a: 1, b: 1 }, first));
    expect(leadOf([answerOf(sourceOf({ c: 1 }, second)), two])?.model).toBe(first);
    expect(leadOf([answerOf(sourceOf({ c: 1, d: 1 }, second)), two])?.model).toBe(second);
  });

  it('is never the source of newcomers, nor one that proposed nothing', () => {
    const newcomers = answerOf(sourceOf({ a: 1, b: 1 }, first, 'NEWCOMER'));
    expect(leadOf([answerOf(sourceOf({ c: 1 }, second)), newcomers])?.model).toBe(second);
    expect(leadOf([answerOf(sourceOf({})), newcomers])).toBeNull();
  });
});
