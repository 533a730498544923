import { toUserId } from '../../../src/domain/ids';
import { collect, event, type StorePromise, start } from './promise';

const ann = toUserId('ann');
const bob = toUserId('bob');
const count = 5_001;

/** Promises about texts of shoppers. */
export const textPromises: readonly StorePromise[] = [
  {
    name: 'scans search texts with the events, and null where there is none',
    async hold({ stores, shop }) {
      const queryText = 'red mug 红杯子';
      await stores.interactions.insertMany([
        event(shop, 'a'),
        event(shop, 'b', { type: 'SEARCH', productId: null, queryText, occurredAt: start + 1 }),
      ]);
      const batches = await collect(stores.interactions.scan(shop, start + 1));
      expect(batches.flatMap(batch => batch.queryTexts)).toEqual([null, queryText]);
    },
  },
  {
    name: 'scans all posts, reactions and follows by their keys, over several batches, of one shop only',
    async hold({ stores: { social }, shop, other }) {
      const key = (at: number) => `${at}`.padStart(5, '0');
      const users = Array.from({ length: count }, (_, at) => toUserId(key(at)));
      const follows = users.map(followeeId => ({ followerId: ann, followeeId, occurredAt: start }));
      const later = { followerId: bob, followeeId: ann, occurredAt: start + 1 };
      const posts = ['a', 'b'].map(id => ({
        ...{ id, authorId: bob, body: '', locale: null, productIds: [], occurredAt: start },
      }));
      const reactions = (['LIKE', 'COMMENT'] as const).map((type, at) => ({
        ...{ id: `r${at}`, postId: 'a', userId: ann, type, body: at === 0 ? null : '' },
        occurredAt: start + at,
      }));
      await social.upsertFollows(shop, [later, ...follows]);
      await social.upsertPosts(shop, posts.toReversed());
      await social.upsertReactions(shop, reactions.toReversed());
      expect((await collect(social.scanFollows(shop))).flat()).toEqual([...follows, later]);
      expect((await collect(social.scanPosts(shop))).flat()).toEqual(posts);
      expect((await collect(social.scanReactions(shop))).flat()).toEqual(reactions);
      for (const scan of [social.scanFollows(other), social.scanPosts(other), social.scanReactions(other)])
        expect(await collect<readonly object[]>(scan)).toEqual([]);
    },
  },
  {
    name: 'scans posts and comments with text up to an instant, over several batches',
    async hold({ stores, shop }) {
      const about = { authorId: ann, locale: null, productIds: [] };
      const posts = Array.from({ length: count }, (_, at) => ({
        ...{ ...about, id: `p${at}`, body: `post ${at}`, occurredAt: start },
      }));
      await stores.social.upsertPosts(shop, [
        ...posts,
        { ...about, id: 'empty', body: '', occurredAt: start },
        { ...about, id: 'later', body: 'later', occurredAt: start + 2 },
      ]);
      const answer = { postId: 'p0', userId: bob, occurredAt: start + 1 };
      await stores.social.upsertReactions(shop, [
        { ...answer, id: 'said', type: 'COMMENT', body: '好看' },
        { ...answer, id: 'silent', type: 'COMMENT', body: null },
        { ...answer, id: 'liked', type: 'LIKE', body: 'no words of theirs' },
      ]);
      const texts = (await collect(stores.social.scanTexts(shop, start + 1))).flat();
      expect(texts).toHaveLength(count + 1);
      expect(texts).toContainEqual({ kind: 'POST', userId: ann, body: 'post 7', occurredAt: start });
      expect(texts).toContainEqual({ kind: 'COMMENT', userId: bob, body: '好看', occurredAt: start + 1 });
    },
  },
];
