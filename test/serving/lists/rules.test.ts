import { poolOf } from '../../../src/serving/lists/candidatePool';
import { applyRules, type Rule } from '../../../src/serving/lists/rules';
import { answerOf, entriesOf, idsOf, sourceOf } from './stages';

const pool = poolOf([answerOf(sourceOf({ a: 3, b: 2, c: 1 }))]);
const entries = entriesOf(pool);

/** Removes the first candidate. */
const withoutFirst: Rule = ([{ candidate }, ...others]) => ({
  entries: others,
  removals: [{ productId: candidate.productId, scores: candidate.scores, reason: 'CUT_BY_LENGTH' }],
  moves: [],
});

describe('applyRules', () => {
  it('leaves the order as it is where there are no rules', () => {
    expect(applyRules(pool, entries, [])).toEqual({ stage: 'rules', entries, removals: [], moves: [] });
  });

  it('applies each rule to what the one before it left, and records what all of them did', () => {
    const outcome = applyRules(pool, entries, [withoutFirst, withoutFirst]);
    expect(idsOf(outcome.entries)).toEqual(['c']);
    expect(outcome.removals.map(({ productId }) => productId)).toEqual(['a', 'b']);
  });
});
