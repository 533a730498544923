import { assemble, itemsOf } from '../../../src/serving/lists/assemble';
import { entriesOf, idsOf, poolOf, sourceOf } from './stages';

const pool = poolOf(sourceOf({ a: 3, b: 2 }), sourceOf({ c: 9 }, null, 'FALLBACK'));

describe('assemble', () => {
  it('cuts the order to the length of the list, and records what it cut', () => {
    const { entries, removals } = assemble(entriesOf(pool), 2);
    expect(idsOf(pool, entries)).toEqual(['a', 'b']);
    expect(removals).toEqual([{ candidate: 2, reason: 'CUT_BY_LENGTH' }]);
  });

  it('keeps a list that is shorter', () => {
    expect(assemble(entriesOf(pool), 5)).toMatchObject({ entries: entriesOf(pool), removals: [] });
  });
});

it('makes items with ranks, scores and the source that proposed them', () => {
  expect(itemsOf(pool, entriesOf(pool))).toEqual([
    { productId: 'a', rank: 1, score: 3, source: 'MODEL' },
    { productId: 'b', rank: 2, score: 2, source: 'MODEL' },
    { productId: 'c', rank: 3, score: 9, source: 'FALLBACK' },
  ]);
});
