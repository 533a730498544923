import { scoresOf } from '../../../src/serving/lists/candidatePool';
import { type Retrieval, retrieve } from '../../../src/serving/lists/retrieve';
import { topUpPolicy } from '../../../src/serving/lists/topUpPolicy';
import type { LiveModel } from '../../../src/serving/live/liveModel';
import { modelNamed, sourceOf } from './stages';

const retrieved = (given: Partial<Retrieval> & Pick<Retrieval, 'sources'>, quota = topUpPolicy.quota) =>
  retrieve({ first: 3, exclusions: new Map(), reserve: null, discovery: null, ...given }, { quota });

describe('retrieve', () => {
  it('asks the next source for missing products, and no source once the list is full', () => {
    const [full, later] = [sourceOf({ a: 3, b: 2, c: 1, d: 0 }), sourceOf({ e: 1 })];
    expect(retrieved({ sources: [full, later] }).productIds).toHaveLength(3);
    expect([full.asked, later.asked]).toEqual([[3], []]);
    const short = sourceOf({ a: 3, b: 2 });
    expect(retrieved({ sources: [short, later] }).productIds).toHaveLength(3);
    expect(later.asked).toEqual([1]);
  });

  it('lets another policy ask every source for more', () => {
    const sources = [sourceOf({ a: 3, b: 2, c: 1 }), sourceOf({ b: 9, d: 8, e: 7 })];
    const pool = retrieved({ sources }, () => 2);
    expect(pool.productIds).toEqual(['a', 'b', 'd', 'e']);
    expect(scoresOf(pool, 1)).toHaveLength(2);
  });

  it('records products that a source may not propose with the reason, and does not change the exclusions', () => {
    const exclusions = new Map([['a', 'ALREADY_SEEN' as const]]);
    const pool = retrieved({ sources: [sourceOf({ a: 3, b: 2 }), sourceOf({ b: 1, c: 1 })], exclusions });
    expect(pool.sources.map(({ withheld }) => withheld)).toEqual([
      [{ productId: 'a', score: 3, reason: 'ALREADY_SEEN' }],
      [],
    ]);
    expect([...exclusions]).toEqual([['a', 'ALREADY_SEEN']]);
  });

  it('asks the reserve last, for its share of places and the leading model', () => {
    const lead = modelNamed('lead');
    const newcomers = sourceOf({ new: 5, a: 4 }, modelNamed('reader'), 'NEWCOMER');
    const leads: (LiveModel | null)[] = [];
    const sourceFor = (model: LiveModel | null) => {
      leads.push(model);
      return newcomers;
    };
    const sources = [sourceOf({ a: 3, b: 2, c: 1 }, lead)];
    const pool = retrieved({ sources, reserve: { every: 2, sourceFor } });
    expect([leads, newcomers.asked]).toEqual([[lead], [1]]);
    expect(pool.productIds).toEqual(['a', 'b', 'c', 'new']);
    expect(scoresOf(pool, 0)).toEqual([
      { source: 0, score: 3 },
      { source: 1, score: 4 },
    ]);
  });

  it('has no reserve in a list shorter than one place in so many, or without one', () => {
    const sourceFor = (): never => {
      throw new Error('Expected no source of newcomers to be asked for.');
    };
    for (const every of [0, 4]) {
      const sources = [sourceOf({ a: 3, b: 2, c: 1 })];
      expect(retrieved({ sources, reserve: { every, sourceFor } }).productIds).toHaveLength(3);
    }
  });
});
