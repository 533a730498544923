import { applyRules, type Rule } from '../../../src/serving/lists/rules';
import { entriesOf, idsOf, poolOf, sourceOf } from './stages';

const pool = poolOf(sourceOf({ a: 3, b: 2, c: 1 }));
const entries = entriesOf(pool);

/** Removes the first candidate, so that the second moves up. */
const withoutFirst: Rule = ([{ candidate }, ...others]) => ({
  entries: others,
  removals: [{ candidate, reason: 'CUT_BY_LENGTH' }],
  moves: () => [{ candidate: others[0].candidate, from: 2, to: 1, reason: 'NEWCOMER_PLACED' }],
});

describe('applyRules', () => {
  it('keeps the order when there are no rules', () => {
    const outcome = applyRules(pool, entries, []);
    expect(outcome).toMatchObject({ stage: 'rules', entries, removals: [] });
    expect(outcome.moves()).toEqual([]);
  });

  it('applies each rule to the result of the previous one, and records the effects of all', () => {
    const outcome = applyRules(pool, entries, [withoutFirst, withoutFirst]);
    expect(idsOf(pool, outcome.entries)).toEqual(['c']);
    expect(idsOf(pool, outcome.removals)).toEqual(['a', 'b']);
    expect(idsOf(pool, outcome.moves())).toEqual(['b', 'c']);
  });
});
