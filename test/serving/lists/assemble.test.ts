import { assemble, itemsOf } from '../../../src/serving/lists/assemble';
import { poolOf } from '../../../src/serving/lists/candidatePool';
import { answerOf, entriesOf, idsOf, sourceOf } from './stages';

const pool = poolOf([answerOf(sourceOf({ a: 3, b: 2 })), answerOf(sourceOf({ c: 9 }, null, 'FALLBACK'))]);

describe('assemble', () => {
  it('cuts the order to the length of the list, and records what it cut', () => {
    const { entries, removals } = assemble(entriesOf(pool), 2);
    expect(idsOf(entries)).toEqual(['a', 'b']);
    expect(removals).toEqual([
      { productId: 'c', scores: [{ source: 1, score: 9 }], reason: 'CUT_BY_LENGTH' },
    ]);
  });

  it('keeps a list that is shorter', () => {
    expect(assemble(entriesOf(pool), 5)).toMatchObject({ removals: [], moves: [] });
  });
});

it('makes items with ranks, scores and the source that proposed them', () => {
  expect(itemsOf(pool, entriesOf(pool))).toEqual([
    { productId: 'a', rank: 1, score: 3, source: 'MODEL' },
    { productId: 'b', rank: 2, score: 2, source: 'MODEL' },
    { productId: 'c', rank: 3, score: 9, source: 'FALLBACK' },
  ]);
});
