import { toShopId } from '../../../src/domain/ids';
import type { InterestTagRecord } from '../../../src/domain/interest';
import { createInterestTree } from '../../../src/serving/interestTags/interestTree';

const tag = (id: string, given: Partial<InterestTagRecord> = {}): InterestTagRecord => ({
  shopId: toShopId('shop'),
  id,
  parentId: null,
  names: { en: id },
  nameEdits: {},
  terms: [],
  products: 1,
  isHidden: false,
  isPinned: false,
  mergedIntoId: null,
  isActive: true,
  modelVersion: 'v1',
  createdAt: 0,
  updatedAt: 0,
  ...given,
});

it('follows chains of merges to their end', () => {
  const tree = createInterestTree([
    tag('a', { mergedIntoId: 'b' }),
    tag('b', { mergedIntoId: 'c' }),
    tag('c', { products: 5 }),
  ]);
  expect(tree.find('a')?.id).toBe('c');
  expect(tree.exactly('a')?.id).toBe('a');
  expect([...tree.membersOf('c')].sort()).toEqual(['a', 'b', 'c']);
  expect(tree.membersOf('a')).toEqual(['a']);
  expect(tree.mergedIn('c').map(({ id }) => id)).toEqual(['b']);
  expect(tree.productsOf('c')).toBe(7);
});

it('stops at a cycle made by the merges of two merchandisers', () => {
  const tree = createInterestTree([tag('a', { mergedIntoId: 'b' }), tag('b', { mergedIntoId: 'a' })]);
  expect(['a', 'b']).toContain(tree.find('a')?.id);
  expect([...tree.membersOf('a')].sort()).toEqual(['a', 'b']);
});

it('counts a merged tag with its target, not with its wider tag', () => {
  const tree = createInterestTree([
    tag('wide', { products: 2 }),
    tag('other', { products: 1 }),
    tag('near', { parentId: 'wide' }),
    tag('gone', { parentId: 'wide', mergedIntoId: 'far' }),
    tag('far', { parentId: 'other' }),
  ]);
  expect([...tree.membersOf('wide')].sort()).toEqual(['near', 'wide']);
  expect([...tree.membersOf('other')].sort()).toEqual(['far', 'gone', 'other']);
  expect([tree.productsOf('wide'), tree.productsOf('other')]).toEqual([1, 2]);
});

it('lists tags that are active or pinned, and not hidden, merged or inactive ones', () => {
  const tags = [
    tag('found'),
    tag('hidden', { isHidden: true }),
    tag('merged', { mergedIntoId: 'found' }),
    tag('resting', { isActive: false }),
    tag('pinned', { isActive: false, isPinned: true }),
    tag('heir', { isActive: false }),
    tag('left', { mergedIntoId: 'heir' }),
    tag('astray', { mergedIntoId: 'nobody' }),
  ];
  const tree = createInterestTree(tags);
  expect(tags.filter(tree.isListed).map(({ id }) => id)).toEqual(['found', 'pinned', 'heir', 'astray']);
  expect(tree.find('nobody')).toBeUndefined();
});
