import fc from 'fast-check';
import type { CandidatePool, RankedCandidate } from '../../../src/serving/lists/candidatePool';
import { diversify, type NewcomerPlaces, placeNewcomers } from '../../../src/serving/lists/diversify';
import { rank } from '../../../src/serving/lists/rank';
import { topUpPolicy } from '../../../src/serving/lists/topUpPolicy';
import { entriesOf, idsOf, modelNamed, poolOf, type Scores, sourceOf } from './stages';

/** A pool of listed products and of newcomers, with the reader's scores of both. */
const poolWith = (listed: Scores, readerScores: Scores): CandidatePool =>
  poolOf(sourceOf(listed), sourceOf(readerScores, modelNamed('reader'), 'NEWCOMER'));

const nothingMet = new Set<string>();

function diversified(pool: CandidatePool, places: Partial<NewcomerPlaces> = {}) {
  const { entries } = rank(pool, topUpPolicy);
  const outcome = diversify(pool, entries, { every: 2, met: nothingMet, ...places });
  return { ...outcome, ids: idsOf(pool, outcome.entries) };
}

describe('diversify', () => {
  const listed = { a: 4, b: 3, c: 2, d: 1 };
  const readerScores = { a: 10, b: 20, c: 30, d: 40 };

  it('places newcomers that their source prefers to the median product of the list', () => {
    const pool = poolWith(listed, { ...readerScores, new: 26, worse: 24 });
    const { ids, entries, removals } = diversified(pool);
    expect(ids).toEqual(['a', 'new', 'b', 'c', 'd']);
    expect(entries.map(({ score }) => score)).toEqual([4, 4, 3, 2, 1]);
    expect(idsOf(pool, removals)).toEqual(['worse']);
    expect(removals.map(({ reason }) => reason)).toEqual(['BELOW_NEWCOMER_BAR']);
  });

  it('compares newcomers with products that are new to the shopper, where there are any', () => {
    const pool = poolWith(listed, { ...readerScores, new: 26 });
    expect(diversified(pool, { met: new Set(['a', 'b']) }).ids).not.toContain('new');
    expect(diversified(pool, { met: new Set(Object.keys(listed)) }).ids).toContain('new');
  });

  it('places none where their source scores no product of the list', () => {
    const { ids, removals } = diversified(poolWith(listed, { new: 26 }));
    expect(ids).toEqual(['a', 'b', 'c', 'd']);
    expect(removals.map(({ reason }) => reason)).toEqual(['BELOW_NEWCOMER_BAR']);
  });

  it('records who was placed and who moved down, with both ranks', () => {
    const { moves } = diversified(poolWith(listed, { ...readerScores, new: 26 }), { every: 3 });
    expect(moves()).toEqual([
      { candidate: 4, from: 5, to: 3, reason: 'NEWCOMER_PLACED' },
      { candidate: 2, from: 3, to: 4, reason: 'MOVED_DOWN_BY_NEWCOMER' },
      { candidate: 3, from: 4, to: 5, reason: 'MOVED_DOWN_BY_NEWCOMER' },
    ]);
  });

  it('keeps a list without newcomers, or without places for them, unchanged', () => {
    for (const pool of [poolOf(sourceOf(listed)), poolWith(listed, readerScores)]) {
      const { entries } = rank(pool, topUpPolicy);
      const outcome = diversify(pool, entries, null);
      expect([outcome.removals, outcome.moves()]).toEqual([[], []]);
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
        const pool = poolOf(sourceOf(listed), sourceOf(arrived, null, 'NEWCOMER'));
        const isNew = ({ candidate }: RankedCandidate): boolean => pool.proposedBy[candidate] === 1;
        const all = entriesOf(pool);
        const [old, newcomers] = [all.filter(entry => !isNew(entry)), all.filter(isNew)];
        const placed = placeNewcomers(old, newcomers, every);
        const count = Math.min(newcomers.length, Math.floor(old.length / every));
        expect(placed).toHaveLength(old.length + count);
        for (const [at, { score }] of placed.entries())
          expect(score).toBeLessThanOrEqual(placed[Math.max(0, at - 1)].score);
        expect(placed.filter(entry => !isNew(entry))).toEqual(old);
        expect(idsOf(pool, placed.filter(isNew))).toEqual(idsOf(pool, newcomers.slice(0, count)));
        const ranks = placed.flatMap((entry, at) => (isNew(entry) ? [at + 1] : []));
        expect(ranks).toEqual(ranks.map((_, at) => (at + 1) * every));
      }),
    );
  });
});
