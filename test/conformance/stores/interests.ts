import { type ShopId, toProductId, toUserId, type UserId } from '../../../src/domain/ids';
import type { InterestTagRecord, LearnedInterestTag, WeightedInterest } from '../../../src/domain/interest';
import type { TagChange } from '../../../src/store/ports/interest';
import type { Stores } from '../../../src/store/ports/stores';
import { tagEdit } from '../../support/tagEdit';
import { event, idsOf, type StorePromise, start } from './promise';

const [ann, bob, cy] = ['ann', 'bob', 'cy'].map(toUserId);
const [mug, cup, ball] = ['mug', 'cup', 'ball'].map(toProductId);

const learned = (id: string, given: Partial<LearnedInterestTag> = {}): LearnedInterestTag => ({
  id,
  parentId: null,
  names: { en: id, zh: `${id}的名字` },
  terms: [id, 'word'],
  products: 2,
  ...given,
});

const into = (tagId: string, weight: number, confidence = 0.5): WeightedInterest => ({
  tagId,
  weight,
  confidence,
});

/** Creates the shoppers by an event each. */
const meet = (stores: Stores, shop: ShopId, users: readonly UserId[]) =>
  stores.interactions.insertMany(users.map(userId => event(shop, `e-${userId}`, { userId })));

/** Merges a tag into another, unless that makes a chain. */
const mergeWithoutChain =
  (from: string, target: string) =>
  (all: readonly InterestTagRecord[]): TagChange | null =>
    all.some(({ id, mergedIntoId }) => mergedIntoId === from || (id === target && mergedIntoId !== null))
      ? null
      : { tagId: from, edit: { mergedIntoId: target } };

const tags: readonly StorePromise[] = [
  {
    name: 'decides on edits of tags one after another',
    async hold({ stores: { interests }, shop, other }) {
      const names = Array.from({ length: 8 }, (_, index) => `tag${index}`);
      for (const owner of [shop, other])
        await interests.saveTags(
          owner,
          names.map(name => learned(name)),
          'v1',
          start,
        );
      const merges = names.flatMap(from =>
        names.filter(name => name !== from).map(name => [from, name] as const),
      );
      await Promise.all(
        merges.map(([from, target]) => interests.editTag(shop, mergeWithoutChain(from, target), start)),
      );
      const merged = new Map(
        (await interests.tagsOf(shop)).map(({ id, mergedIntoId }) => [id, mergedIntoId]),
      );
      const targets = [...merged.values()].filter(target => target !== null);
      expect(targets.length).toBeGreaterThan(0);
      expect(targets.map(target => merged.get(target))).toEqual(targets.map(() => null));
      expect((await interests.tagsOf(other)).every(({ mergedIntoId }) => mergedIntoId === null)).toBe(true);
    },
  },
  {
    name: 'restores tags of an export, and only their edits where a training found them',
    async hold({ stores: { interests }, shop, other }) {
      const edits = { names: { en: 'Tea!' }, isHidden: true, isPinned: true, mergedIntoId: 'balls' };
      await interests.saveTags(shop, [learned('tea'), learned('balls', { parentId: 'sport' })], 'v1', start);
      await interests.editTag(shop, tagEdit('tea', edits), start + 1);
      const exported = await interests.tagsOf(shop);
      await interests.restoreTags(other, exported);
      expect(await interests.tagsOf(other)).toEqual(exported.map(tag => ({ ...tag, shopId: other })));

      await interests.saveTags(other, [learned('tea', { terms: ['green'] })], 'v2', start + 9);
      await interests.editTag(other, tagEdit('tea', { names: { zh: '茶' }, isPinned: false }), start + 9);
      await interests.restoreTags(other, exported);
      const [balls, tea] = await interests.tagsOf(other);
      expect(balls.isActive).toBe(false);
      expect(tea).toMatchObject({ terms: ['green'], modelVersion: 'v2', nameEdits: { en: 'Tea!' } });
      expect(tea).toMatchObject({ isPinned: true, mergedIntoId: 'balls', updatedAt: start + 1 });
    },
  },
  {
    name: 'restores no circle of merges',
    async hold({ stores: { interests }, shop, other }) {
      const names = ['a', 'b', 'c'];
      for (const owner of [shop, other])
        await interests.saveTags(
          owner,
          names.map(name => learned(name)),
          'v1',
          start,
        );
      await interests.editTag(shop, tagEdit('a', { mergedIntoId: 'b' }), start);
      await interests.editTag(other, tagEdit('b', { mergedIntoId: 'c' }), start);
      await interests.editTag(other, tagEdit('c', { mergedIntoId: 'a' }), start);
      const [, b, c] = await interests.tagsOf(other);
      await interests.restoreTags(shop, [b, c]);
      const merges = (await interests.tagsOf(shop)).map(({ mergedIntoId }) => mergedIntoId);
      expect(merges).toEqual(['b', 'c', null]);
    },
  },
  {
    name: 'keeps edits of tags over trainings, and deactivates tags that a training did not find',
    async hold({ stores: { interests }, shop }) {
      await interests.saveTags(shop, [learned('tea'), learned('balls')], 'v1', start);
      const edit = { names: { zh: '茶', en: null }, isHidden: true, mergedIntoId: 'balls' };
      await interests.editTag(shop, tagEdit('tea', edit), start + 1);
      await interests.editTag(shop, tagEdit('tea', { names: { en: 'Tea!' }, isPinned: true }), start + 2);
      await interests.editTag(shop, tagEdit('nothing', { isHidden: true }), start);
      const anew = learned('tea', {
        parentId: 'drinks',
        terms: ['green'],
        products: 7,
        names: { en: 'teas' },
      });
      await interests.saveTags(shop, [anew, learned('drinks')], 'v2', start + 3);
      const found = await interests.tagsOf(shop);
      expect(idsOf(found)).toEqual(['balls', 'drinks', 'tea']);
      expect(found[2]).toEqual({
        ...anew,
        shopId: shop,
        nameEdits: { zh: '茶', en: 'Tea!' },
        isHidden: true,
        isPinned: true,
        mergedIntoId: 'balls',
        isActive: true,
        modelVersion: 'v2',
        createdAt: start,
        updatedAt: start + 3,
      });
      expect(found.map(({ isActive }) => isActive)).toEqual([false, true, true]);
      await interests.editTag(
        shop,
        tagEdit('tea', { names: { zh: null }, isHidden: false, mergedIntoId: null }),
        start,
      );
      expect((await interests.tagsOf(shop))[2]).toMatchObject({
        nameEdits: { en: 'Tea!' },
        isHidden: false,
        isPinned: true,
        mergedIntoId: null,
      });
    },
  },
];

const weights: readonly StorePromise[] = [
  {
    name: 'replaces the weights of products, and pages the combined products of several tags',
    async hold({ stores: { interests }, shop }) {
      const save = (rows: readonly (readonly [string, readonly WeightedInterest[]])[], at: number) =>
        interests.saveProducts(
          shop,
          new Map(
            rows.map(([id, ofTags]) => [
              toProductId(id),
              ofTags.map(({ tagId, weight }) => ({ tagId, weight })),
            ]),
          ),
          at,
        );
      await save(
        [
          ['mug', [into('balls', 1)]],
          ['ball', [into('balls', 0.9), into('tea', 0.1)]],
        ],
        start,
      );
      await save(
        [
          ['mug', [into('cups', 0.3), into('tea', 0.6)]],
          ['cup', [into('cups', 0.9)]],
        ],
        start + 9,
      );
      expect(await interests.tagsOfProducts(shop, [mug, cup, toProductId('none')])).toEqual(
        new Map([
          [
            mug,
            [
              { tagId: 'tea', weight: 0.6 },
              { tagId: 'cups', weight: 0.3 },
            ],
          ],
          [cup, [{ tagId: 'cups', weight: 0.9 }]],
        ]),
      );
      const groups = [
        { key: 'china', tagIds: ['cups', 'tea'] },
        { key: 'sport', tagIds: ['balls'] },
        { key: 'none', tagIds: [] },
      ];
      const first = await interests.pagesOfProducts(shop, groups, { first: 1, minWeight: 0 });
      expect(first).toEqual(
        new Map([
          // 0.3 + 0.6 is not 0.9 in floating point, but must count as equal and be ordered by id.
          ['china', { rows: [{ productId: cup, weight: 0.9 }], hasNext: true }],
          ['sport', { rows: [{ productId: ball, weight: 0.9 }], hasNext: false }],
          ['none', { rows: [], hasNext: false }],
        ]),
      );
      const after = { at: 900_000_000, id: 'cup' };
      const china = groups.slice(0, 1);
      const next = await interests.pagesOfProducts(shop, china, { first: 5, after, minWeight: 0.2 });
      expect(next.get('china')).toEqual({ rows: [{ productId: mug, weight: 0.9 }], hasNext: false });
      await interests.removeOlder(shop, start + 5);
      expect([...(await interests.tagsOfProducts(shop, [mug, ball])).keys()]).toEqual([mug]);
      await save([['mug', []]], start + 9);
      expect((await interests.tagsOfProducts(shop, [mug])).size).toBe(0);
    },
  },
  {
    name: 'replaces the weights of shoppers, and counts and pages the combined audience of several tags',
    async hold({ stores, shop }) {
      const { interests } = stores;
      await meet(stores, shop, [ann, bob, cy]);
      await interests.saveUsers(shop, new Map([[ann, [into('tea', 0.9)]]]), start);
      const given = new Map([
        [ann, [into('tea', 0.25, 0.75), into('cups', 0.25)]],
        [bob, [into('cups', 0.5, 0.125)]],
        [cy, [into('tea', 0.125)]],
        [toUserId('nobody'), [into('tea', 1)]],
      ]);
      await interests.saveUsers(shop, given, start + 1);
      expect(await interests.tagsOfUsers(shop, [ann, toUserId('nobody')])).toEqual(
        new Map([[ann, [into('cups', 0.25), into('tea', 0.25, 0.75)]]]),
      );
      // Interests of an earlier instant do not replace those of a later one.
      await interests.saveUsers(shop, new Map([ann, cy].map(id => [id, [into('balls', 1)]])), start);
      expect([...(await interests.tagsOfUsers(shop, [ann, cy])).values()].flat()).not.toContainEqual(
        into('balls', 1),
      );
      const groups = [{ key: 'china', tagIds: ['cups', 'tea'] }];
      const page = await interests.pagesOfUsers(shop, groups, { first: 3, minWeight: 0.2 });
      expect(page.get('china')).toEqual({
        rows: [
          { userId: ann, weight: 0.5, confidence: 0.75 },
          { userId: bob, weight: 0.5, confidence: 0.125 },
        ],
        hasNext: false,
      });
      const counts = (minWeight: number) => interests.countUsers(shop, groups, minWeight);
      expect(await counts(0)).toEqual(new Map([['china', 3]]));
      expect(await counts(0.3)).toEqual(new Map([['china', 2]]));
      const consents = [{ purpose: 'ANALYTICS' as const, granted: false, source: null }];
      await stores.users.upsertMany(shop, [{ id: bob, consents }], start + 1);
      expect(await counts(0)).toEqual(new Map([['china', 2]]));
    },
  },
  {
    name: 'deletes the interests of a shopper who withdraws consent or is deactivated, and stores none again',
    async hold({ stores, shop }) {
      const { interests, users } = stores;
      await meet(stores, shop, [ann, bob, cy]);
      const all = new Map([ann, bob, cy].map(id => [id, [into('tea', 0.5)]]));
      await interests.saveUsers(shop, all, start);
      const withdrawn = { purpose: 'PERSONALIZATION' as const, granted: false, source: null };
      await users.upsertMany(
        shop,
        [
          { id: ann, consents: [withdrawn] },
          { id: bob, deactivatedAt: start },
        ],
        start,
      );
      expect([...(await interests.tagsOfUsers(shop, [ann, bob, cy])).keys()]).toEqual([cy]);
      await interests.saveUsers(shop, all, start + 1);
      expect([...(await interests.tagsOfUsers(shop, [ann, bob, cy])).keys()]).toEqual([cy]);
      const granted = { ...withdrawn, granted: true };
      await users.upsertMany(shop, [{ id: ann, consents: [granted] }], start + 2);
      await interests.saveUsers(shop, all, start + 3);
      expect([...(await interests.tagsOfUsers(shop, [ann, bob, cy])).keys()].sort()).toEqual([ann, cy]);
    },
  },
  {
    name: 'returns the latest events including searches',
    async hold({ stores, shop }) {
      const search = { productId: null, type: 'SEARCH' as const, queryText: 'tea', occurredAt: start + 1 };
      await stores.interactions.insertMany([
        event(shop, 'e1'),
        event(shop, 'e2', search),
        event(shop, 'e3', { userId: bob }),
      ]);
      const found = await stores.interactions.recentWithSearchesOf(shop, [ann, bob], 9);
      expect(idsOf(found.get(ann) ?? [])).toEqual(['e2', 'e1']);
      expect(found.get(ann)?.[0]).toMatchObject({ productId: null, queryText: 'tea' });
      expect(idsOf(found.get(bob) ?? [])).toEqual(['e3']);
    },
  },
  {
    name: 'returns the latest posts and comments with text, newest first, per user',
    async hold({ stores: { social }, shop }) {
      const post = (id: string, authorId: UserId, occurredAt: number) => ({
        ...{ id, authorId, body: `post ${id}`, locale: null, productIds: [], occurredAt },
      });
      const comment = { id: 'b', postId: 'a', userId: ann, type: 'COMMENT' as const, body: 'Tea!' };
      await social.upsertPosts(shop, [
        post('a', ann, start),
        post('b', ann, start + 2),
        post('c', bob, start),
      ]);
      await social.upsertReactions(shop, [
        { ...comment, occurredAt: start + 3 },
        { ...comment, id: 'like', type: 'LIKE', body: null, occurredAt: start + 4 },
      ]);
      const found = await social.recentTextsOf(shop, [ann, bob, cy], 2);
      expect(found).toEqual(
        new Map([
          [
            ann,
            [
              { kind: 'COMMENT', id: 'b', userId: ann, body: 'Tea!', occurredAt: start + 3 },
              { kind: 'POST', id: 'b', userId: ann, body: 'post b', occurredAt: start + 2 },
            ],
          ],
          [bob, [{ kind: 'POST', id: 'c', userId: bob, body: 'post c', occurredAt: start }]],
        ]),
      );
    },
  },
];

/** Promises of an InterestStore. */
export const interestPromises: readonly StorePromise[] = [...tags, ...weights];
