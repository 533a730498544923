import fc from 'fast-check';
import { type CandidatePool, poolOf } from '../../../src/serving/lists/candidatePool';
import { diversify, type NewcomerPlaces, placeNewcomers } from '../../../src/serving/lists/diversify';
import { rank } from '../../../src/serving/lists/rank';
import { topUpPolicy } from '../../../src/serving/lists/topUpPolicy';
import { answerOf, entriesOf, idsOf, modelNamed, type Scores, sourceOf } from './stages';

/** A pool of listed products and of newcomers, with the reader's scores of both. */
function poolWith(listed: Scores, readerScores: Scores): CandidatePool {
  const taken = new Map(Object.keys(listed).map(id => [id, 'TAKEN_BY_SOURCE' as const]));
  const reader = sourceOf(readerScores, modelNamed('reader'), 'NEWCOMER');
  return poolOf([answerOf(sourceOf(listed)), answerOf(reader, 10, taken)]);
}

const nothingMet = new Set<string>();

function diversified(pool: CandidatePool, places: Partial<NewcomerPlaces> | null) {
  const { entries } = rank(pool, topUpPolicy);
  return diversify(pool, entries, places && { every: 2, met: nothingMet, ...places });
}

describe('diversify', () => {
  const listed = { a: 4, b: 3, c: 2, d: 1 };
  const readerScores = { a: 10, b: 20, c: 30, d: 40 };

  it('places newcomers that their source prefers to the median product of the list', () => {
    const { entries, removals } = diversified(poolWith(listed, { ...readerScores, new: 26, worse: 24 }), {});
    expect(idsOf(entries)).toEqual(['a', 'new', 'b', 'c', 'd']);
    expect(entries.map(({ score }) => score)).toEqual([4, 4, 3, 2, 1]);
    expect(removals).toEqual([
      { productId: 'worse', scores: [{ source: 1, score: 24 }], reason: 'BELOW_NEWCOMER_BAR' },
    ]);
  });

  it('compares newcomers with products that the shopper has not met, where there are any', () => {
    const pool = poolWith(listed, { ...readerScores, new: 26 });
    expect(idsOf(diversified(pool, { met: new Set(['a', 'b']) }).entries)).not.toContain('new');
    expect(idsOf(diversified(pool, { met: new Set(Object.keys(listed)) }).entries)).toContain('new');
  });

  it('places none where their source scores no product of the list', () => {
    const { entries, removals } = diversified(poolWith(listed, { new: 26 }), {});
    expect(idsOf(entries)).toEqual(['a', 'b', 'c', 'd']);
    expect(removals.map(({ reason }) => reason)).toEqual(['BELOW_NEWCOMER_BAR']);
  });

  it('records who was placed and who moved down, with both ranks', () => {
    const { moves } = diversified(poolWith(listed, { ...readerScores, new: 26 }), { every: 3 });
    expect(moves).toEqual([
      { productId: 'new', from: 5, to: 3, reason: 'NEWCOMER_PLACED' },
      { productId: 'c', from: 3, to: 4, reason: 'MOVED_DOWN_BY_NEWCOMER' },
      { productId: 'd', from: 4, to: 5, reason: 'MOVED_DOWN_BY_NEWCOMER' },
    ]);
  });

  it('leaves a list without newcomers, or without places for them, as it is', () => {
    for (const pool of [poolOf([answerOf(sourceOf(listed))]), poolWith(listed, readerScores)]) {
      const { entries } = rank(pool, topUpPolicy);
      const outcome = diversify(pool, entries, null);
      expect(outcome).toEqual({ stage: 'diversify', entries, removals: [], moves: [] });
      expect(outcome.entries).toBe(entries);
    }
  });
});

describe('placeNewcomers', () => {
  const scores = fc
    .array(fc.double({ noNaN: true, min: -5, max: 5 }), { maxLength: 40 })
    .map(list => Object.fromEntries(list.map((score, at) => [`p${at}`, score])));
  const newcomerScores = fc
    .nat(6)
    .map(count => Object.fromEntries(Array.from({ length: count }, (_, at) => [`new${at}`, -at])));

  it('keeps order and falling scores, and lists everything once, newcomers at every so many ranks', () => {
    fc.assert(
      fc.property(scores, newcomerScores, fc.integer({ min: 1, max: 12 }), (listed, arrived, every) => {
        const old = entriesOf(poolOf([answerOf(sourceOf(listed))]));
        const { candidates: newcomers } = poolOf([answerOf(sourceOf(arrived))]);
        const placed = placeNewcomers(old, newcomers, every);
        const count = Math.min(newcomers.length, Math.floor(old.length / every));
        expect(placed).toHaveLength(old.length + count);
        for (const [at, { score }] of placed.entries())
          expect(score).toBeLessThanOrEqual(placed[Math.max(0, at - 1)].score);
        const isNew = (id: string): boolean => id.startsWith('new');
        const ids = idsOf(placed);
        expect(ids.filter(id => !isNew(id))).toEqual(idsOf(old));
        expect(ids.filter(isNew)).toEqual(newcomers.slice(0, count).map(({ productId }) => productId));
        const ranks = ids.flatMap((id, at) => (isNew(id) ? [at + 1] : []));
        expect(ranks).toEqual(ranks.map((_, at) => (at + 1) * every));
      }),
    );
  });
});
