import type { SocialStore } from '../ports';
import { insertRows, insertStatement } from './bulk';
import type { Database } from './database';
import { guard } from './failures';

const postInsert = insertStatement(
  {
    name: 'SocialPost',
    key: ['shopId', 'id'],
    columns: {
      shopId: 'text',
      id: 'text',
      authorId: 'text',
      body: 'text',
      locale: 'text',
      productIds: 'text[]',
      occurredAt: 'instant',
    },
  },
  'replace',
);

const reactionInsert = insertStatement(
  {
    name: 'SocialReaction',
    key: ['shopId', 'id'],
    columns: {
      shopId: 'text',
      id: 'text',
      postId: 'text',
      userId: 'text',
      type: { enum: 'ReactionType' },
      body: 'text',
      occurredAt: 'instant',
    },
  },
  'replace',
);

const followInsert = insertStatement(
  {
    name: 'Follow',
    key: ['shopId', 'followerId', 'followeeId'],
    columns: { shopId: 'text', followerId: 'text', followeeId: 'text', occurredAt: 'instant' },
  },
  'replace',
);

/** Makes the store of posts, reactions and ties over PostgreSQL. */
export function createPrismaSocial(database: Database): SocialStore {
  const { prisma } = database;
  return {
    async upsertPosts(shopId, posts) {
      await insertRows(
        database,
        postInsert,
        posts.map(post => ({ ...post, shopId })),
        post => post.id,
      );
    },
    async upsertReactions(shopId, reactions) {
      const rows = reactions.map(reaction => ({ ...reaction, shopId }));
      await insertRows(database, reactionInsert, rows, reaction => reaction.id);
    },
    async upsertFollows(shopId, follows) {
      const rows = follows.map(follow => ({ ...follow, shopId }));
      await insertRows(database, followInsert, rows, row => JSON.stringify([row.followerId, row.followeeId]));
    },
    async counts(shopId) {
      const where = { shopId };
      const counting = [prisma.socialPost.count({ where }), prisma.socialReaction.count({ where })] as const;
      const [posts, reactions, follows] = await guard(
        Promise.all([...counting, prisma.follow.count({ where })]),
      );
      return { posts, reactions, follows };
    },
  };
}
