import fc from 'fast-check';
import type { ExclusionReason } from '../../../src/serving/lists/exclusions';
import { countsOf, fateOf, type ListRecord } from '../../../src/serving/lists/listRecord';
import { fill, modelNamed, sourceOf } from './stages';

const reader = sourceOf({ a: 1, b: 2, new: 5, dull: 0 }, modelNamed('reader'), 'NEWCOMER');

/** A list of four: `seen` was bought, `d` is cut at its end, and a newcomer has the second place. */
const { items, record } = fill({
  first: 4,
  sources: [sourceOf({ seen: 9, a: 8, b: 7 }), sourceOf({ seen: 6, b: 5, c: 4, d: 3, e: 2 })],
  exclusions: new Map<string, ExclusionReason>([
    ['seen', 'ALREADY_SEEN'],
    ['unknown', 'EXCLUDED_BY_REQUEST'],
  ]),
  reserve: { every: 2, sourceFor: () => reader },
  newcomers: { every: 2, met: new Set() },
  filterReasonOf: id => (id === 'costly' ? 'PRICE' : null),
});

describe('fateOf', () => {
  it('returns the rank of a listed product, with its scores and what moved it', () => {
    expect(items.map(({ productId }) => productId)).toEqual(['a', 'new', 'b', 'c']);
    expect(fateOf(record, 'b')).toEqual({
      kind: 'LISTED',
      rank: 3,
      scores: [
        { source: 0, score: 7 },
        { source: 1, score: 5 },
        { source: 2, score: 2 },
      ],
      moves: [{ candidate: 1, from: 2, to: 3, reason: 'MOVED_DOWN_BY_NEWCOMER' }],
    });
    expect(fateOf(record, 'new')).toMatchObject({ kind: 'LISTED', rank: 2 });
  });

  it.each([
    ['seen', 'retrieve', 'ALREADY_SEEN'],
    ['dull', 'diversify', 'BELOW_NEWCOMER_BAR'],
    ['d', 'assemble', 'CUT_BY_LENGTH'],
    ['unknown', 'retrieve', 'EXCLUDED_BY_REQUEST'],
    ['costly', 'retrieve', 'PRICE'],
  ])('returns which stage removed %s, and why', (id, stage, reason) => {
    expect(fateOf(record, id)).toMatchObject({ kind: 'REMOVED', stage, reason });
  });

  it('returns the scores of a removed product', () => {
    expect(fateOf(record, 'seen')).toMatchObject({
      scores: [
        { source: 0, score: 9 },
        { source: 1, score: 6 },
      ],
    });
    expect(fateOf(record, 'costly')).toMatchObject({ scores: [] });
  });

  it('reports any other product as proposed by no source', () => {
    expect(fateOf(record, 'e')).toEqual({ kind: 'NOT_PROPOSED' });
  });
});

/** Whether the counts of a record agree with each other. */
function doAgree(own: ListRecord): boolean {
  const counts = countsOf(own);
  const removedIn = (removed: object): number =>
    Object.values(removed).reduce((sum: number, count: number) => sum + count, 0);
  return counts.every(
    ({ taken, removed, kept }, at) =>
      taken - removedIn(removed) === kept && (at === 0 || taken === counts[at - 1].kept),
  );
}

describe('countsOf', () => {
  it('counts what every stage took, removed and kept', () => {
    expect(countsOf(record)).toEqual([
      {
        stage: 'retrieve',
        taken: 11,
        removed: { ALREADY_SEEN: 2, TAKEN_BY_SOURCE: 3 },
        kept: 6,
        moved: 0,
      },
      { stage: 'rank', taken: 6, removed: {}, kept: 6, moved: 0 },
      { stage: 'rules', taken: 6, removed: {}, kept: 6, moved: 0 },
      { stage: 'discover', taken: 6, removed: {}, kept: 6, moved: 0 },
      { stage: 'diversify', taken: 6, removed: { BELOW_NEWCOMER_BAR: 1 }, kept: 5, moved: 4 },
      { stage: 'assemble', taken: 5, removed: { CUT_BY_LENGTH: 1 }, kept: 4, moved: 0 },
    ]);
  });

  const scores = fc.dictionary(fc.constantFrom(...'abcdefgh'), fc.integer({ min: -9, max: 9 }), {
    maxKeys: 8,
  });
  const excluded = fc.uniqueArray(fc.constantFrom(...'abcdefgh'), { maxLength: 4 });

  it('agree, and every candidate is listed or removed by a stage', () => {
    fc.assert(
      fc.property(
        fc.array(scores, { maxLength: 3 }),
        scores,
        excluded,
        fc.nat(6),
        (all, late, ids, first) => {
          const newcomers = sourceOf(late, modelNamed('reader'), 'NEWCOMER');
          const filled = fill({
            first,
            sources: all.map(own => sourceOf(own)),
            exclusions: new Map(ids.map(id => [id, 'IN_CONTEXT' as const])),
            reserve: { every: 2, sourceFor: () => newcomers },
            newcomers: { every: 2, met: new Set() },
          });
          expect(doAgree(filled.record)).toBe(true);
          expect(countsOf(filled.record).at(-1)?.kept).toBe(filled.items.length);
          const fates = filled.record.pool.productIds.map(id => fateOf(filled.record, id));
          expect(fates.filter(({ kind }) => kind === 'LISTED')).toHaveLength(filled.items.length);
          expect(fates.map(({ kind }) => kind)).not.toContain('NOT_PROPOSED');
        },
      ),
    );
  });

  it('do not agree in a record that lost a removal', () => {
    const outcomes = record.outcomes.map(outcome => ({ ...outcome, removals: [] }));
    expect(doAgree({ ...record, outcomes })).toBe(false);
  });
});
