import { discover, placeDiscoveries } from '../../../src/serving/lists/discover';
import { fateOf } from '../../../src/serving/lists/listRecord';
import { entriesOf, fill, idsOf, poolOf, sourceOf } from './stages';

/** Products of which those with a capital letter were bought. */
const bought = new Map(['A', 'B', 'C', 'D', 'E', 'F'].map(id => [id, true]));
const scoresOf = (ids: string) => Object.fromEntries([...ids].map((id, at) => [id, 100 - at]));

/** The order of products after the stage. */
function ordered(ids: string, every: number): string {
  const pool = poolOf(sourceOf(scoresOf(ids)));
  return idsOf(pool, discover(pool, entriesOf(pool), { every, bought }).entries).join('');
}

it.each([
  ['ABCDxy', 3, 'ABxCDy'],
  ['AxBCDy', 3, 'AxBCDy'],
  ['ABCDEFxy', 4, 'ABCxDEFy'],
  ['ABx', 1, 'xAB'],
  ['ABC', 2, 'ABC'],
  ['xyz', 2, 'xyz'],
])('gives one place in %s of every %i to a product that was never bought: %s', (ids, every, expected) => {
  expect(ordered(ids, every)).toBe(expected);
});

it('keeps all products, the order of each kind, and scores that never rise', () => {
  const isBought = (candidate: number): boolean => candidate % 5 !== 4;
  const entries = Array.from({ length: 40 }, (_, candidate) => ({ candidate, score: -candidate }));
  for (const every of [1, 2, 3, 6, 40, 100]) {
    const placed = placeDiscoveries(entries, isBought, every);
    const candidates = placed.map(({ candidate }) => candidate);
    expect(candidates.toSorted((a, b) => a - b)).toEqual([...entries.keys()]);
    for (const kind of [true, false]) {
      const own = candidates.filter(candidate => isBought(candidate) === kind);
      expect(own).toEqual(own.toSorted((a, b) => a - b));
    }
    const scores = placed.map(({ score }) => score);
    expect(scores.slice(1).every((score, at) => score <= scores[at])).toBe(true);
  }
});

it('asks the leading source for what the list lacks, and records the move', () => {
  const source = sourceOf(scoresOf('ABCDEFxyz'));
  const list = fill({ sources: [source], first: 6, discovery: { every: 3, bought } });
  expect(list.items.map(({ productId }) => productId)).toEqual(['A', 'B', 'x', 'C', 'D', 'y']);
  expect(source.asked).toEqual([6, 2]);
  expect(fateOf(list.record, 'x')).toMatchObject({ kind: 'LISTED', rank: 3, moves: [{ from: 7, to: 3 }] });
  expect(fateOf(list.record, 'E')).toMatchObject({ kind: 'REMOVED', reason: 'CUT_BY_LENGTH' });
});

it('leaves a list alone that has enough such products, or has no such places', () => {
  const [enough, none] = [sourceOf(scoresOf('AxBCyD')), sourceOf(scoresOf('ABCDEFx'))];
  fill({ sources: [enough], first: 6, discovery: { every: 3, bought } });
  expect(enough.asked).toEqual([6]);
  const list = fill({ sources: [none], first: 6 });
  expect(list.items.map(({ productId }) => productId)).toEqual(['A', 'B', 'C', 'D', 'E', 'F']);
});
