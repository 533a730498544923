import type { UserId } from '../../domain/ids';
import type { Follow, SocialPost, SocialReaction, SocialText, WrittenText } from '../../domain/social';
import type { SocialStore } from '../ports/social';
import { insertRows, insertStatement } from './bulk';
import { coalesceBy } from './coalesce';
import type { Database, Statement } from './database';
import { guard } from './failures';
import { tableScanner } from './scanTable';

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

const scanPosts = tableScanner<SocialPost>({
  table: 'SocialPost',
  key: ['id'],
  columns: '"authorId", body, locale, "productIds", "occurredAt"',
});

const scanReactions = tableScanner<SocialReaction>({
  table: 'SocialReaction',
  key: ['id'],
  columns: '"postId", "userId", type::text AS type, body, "occurredAt"',
});

const scanFollows = tableScanner<Follow>({
  table: 'Follow',
  key: ['followerId', 'followeeId'],
  columns: '"occurredAt"',
});

const textBatch = 5_000;

/** Ordered by id, for which the primary key is used. */
const textsStatement = (
  kind: SocialText['kind'],
  table: string,
  author: string,
  where: string,
): Statement => ({
  name: `socialTexts${kind}`,
  text: `SELECT '${kind}' AS kind, id, "${author}" AS "userId", body, "occurredAt" FROM "${table}"
    WHERE "shopId" = $1 AND id > $2 AND "occurredAt" <= to_timestamp($3::float8 / 1000) AND body <> '' ${where}
    ORDER BY id LIMIT ${textBatch}`,
});

const textsStatements = [
  textsStatement('POST', 'SocialPost', 'authorId', ''),
  textsStatement('COMMENT', 'SocialReaction', 'userId', `AND type = 'COMMENT'`),
];

async function* scanTexts(
  database: Database,
  shopId: string,
  until: number,
): AsyncGenerator<readonly SocialText[]> {
  for (const statement of textsStatements) {
    for (let after = ''; ; ) {
      const rows = await database.query<WrittenText>(statement, [shopId, after, until]);
      if (rows.length > 0) yield rows.map(({ id: _, ...text }) => text);
      if (rows.length < textBatch) break;
      after = rows[rows.length - 1].id;
    }
  }
}

const latestOf = (kind: SocialText['kind'], table: string, author: string, where: string): string =>
  `(SELECT '${kind}' AS kind, id, "${author}" AS "userId", body, "occurredAt" FROM "${table}"
    WHERE "shopId" = $1 AND "${author}" = wanted.id AND body <> '' ${where}
    ORDER BY "occurredAt" DESC, id DESC LIMIT $3)`;

const recentTextsStatement: Statement = {
  name: 'socialRecentTexts',
  text: `SELECT latest.* FROM unnest($2::text[]) AS wanted(id), LATERAL (
    ${latestOf('POST', 'SocialPost', 'authorId', '')} UNION ALL
    ${latestOf('COMMENT', 'SocialReaction', 'userId', `AND type = 'COMMENT'`)}
    ORDER BY "occurredAt" DESC, id DESC LIMIT $3) AS latest
  ORDER BY "userId", "occurredAt" DESC, id DESC`,
};

function groupByUser(texts: readonly WrittenText[]): ReadonlyMap<UserId, readonly WrittenText[]> {
  const found = new Map<UserId, WrittenText[]>();
  for (const text of texts) found.set(text.userId, [...(found.get(text.userId) ?? []), text]);
  return found;
}

/** Creates the PostgreSQL store of posts, reactions and follows. */
export function createPrismaSocial(database: Database): SocialStore {
  const { prisma } = database;
  const recentTexts = coalesceBy<UserId, readonly WrittenText[]>(async (group, userIds) => {
    const [shopId, limit] = JSON.parse(group) as [string, number];
    return groupByUser(await database.query<WrittenText>(recentTextsStatement, [shopId, userIds, limit]));
  });
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
    scanTexts: (shopId, until) => scanTexts(database, shopId, until),
    recentTextsOf: (shopId, userIds, limit) => recentTexts(JSON.stringify([shopId, limit]), userIds),
    scanPosts: shopId => scanPosts(database, shopId),
    scanReactions: shopId => scanReactions(database, shopId),
    scanFollows: shopId => scanFollows(database, shopId),
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
