import type { ListId, ProductId, UserId } from '../../domain/ids';
import type { RecommendationList, RecommendationSource, RecommendedItem } from '../../domain/recommendation';
import type { RecommendationStore } from '../ports/recommendation';
import { insertRows, insertStatement } from './bulk';
import { coalesceBy } from './coalesce';
import type { Database, Statement } from './database';
import { waitLimitOf } from './deadline';
import { createRemoveExpired } from './expiry';
import { guard, isRefusal, withRetries } from './failures';
import { GroupCommit } from './groupCommit';
import { afterEverything, boundOf, cutPage } from './paging';

const maxGroupRows = 1_000;

/** A stored list: its items as parallel arrays, best first (docs/decisions/0002). */
interface Row extends Omit<RecommendationList, 'items'> {
  readonly productIds: readonly string[];
  readonly scores: readonly number[];
  readonly sources: readonly string[];
}

/** Refuses lists of shoppers who are deactivated, or withdrew consent after the list was made. */
const isAllowed = `NOT EXISTS (SELECT FROM "User" AS person WHERE person."shopId" = given."shopId"
    AND person.id = given."userId" AND person."deactivatedAt" IS NOT NULL)
  AND NOT EXISTS (SELECT FROM "Consent" AS answer WHERE answer."shopId" = given."shopId"
    AND answer."userId" = given."userId" AND purpose = 'PERSONALIZATION' AND NOT granted
    AND answer."updatedAt" >= to_timestamp(given."createdAt" / 1000))`;

const insert = insertStatement(
  {
    name: 'RecommendationList',
    key: ['shopId', 'id'],
    columns: {
      shopId: 'text',
      id: 'text',
      userId: 'text',
      sourceProductId: 'text',
      placement: 'text',
      strategy: 'text',
      modelVersion: 'text',
      degraded: 'text',
      productIds: 'text[]',
      scores: 'float8[]',
      sources: 'text[]',
      createdAt: 'instant',
      expiresAt: 'instant',
    },
  },
  'keep',
  [],
  isAllowed,
);

const columns = `"shopId", id, "userId", "sourceProductId", placement, strategy, "modelVersion", degraded, "productIds",
  scores, sources, "createdAt", "expiresAt"`;

const findStatement: Statement = {
  name: 'listsFind',
  text: `SELECT ${columns} FROM "RecommendationList" WHERE "shopId" = $1 AND id = ANY($2)`,
};

const pageStatement: Statement = {
  name: 'listsOfUser',
  text: `SELECT ${columns} FROM "RecommendationList"
    WHERE "shopId" = $1 AND "userId" = $2 AND ("createdAt", id) < ($3::timestamptz, $4)
    ORDER BY "createdAt" DESC, id DESC LIMIT $5`,
};

const toRow = ({ items, ...list }: RecommendationList): Row => ({
  ...list,
  productIds: items.map(item => item.productId),
  scores: items.map(item => item.score),
  sources: items.map(item => item.source),
});

function toList({ productIds, scores, sources, ...list }: Row): RecommendationList {
  const items: RecommendedItem[] = productIds.map((productId, index) => ({
    productId: productId as ProductId,
    rank: index + 1,
    score: scores[index],
    source: sources[index] as RecommendationSource,
  }));
  return { ...list, items };
}

const keyOf = ({ shopId, id }: Row) => `${shopId}\0${id}`;

/** Keeps the first of several lists with the same key. */
function firstOfEach(lists: readonly RecommendationList[]): readonly Row[] {
  const byKey = new Map<string, Row>();
  for (const row of lists.map(toRow)) {
    if (!byKey.has(keyOf(row))) byKey.set(keyOf(row), row);
  }
  return [...byKey.values()];
}

/** Creates the PostgreSQL store of recommendation lists. */
export function createPrismaRecommendations(database: Database): RecommendationStore {
  const writer = new GroupCommit<RecommendationList, null>({
    async commit(lists) {
      await guard(withRetries(() => insertRows(database, insert, firstOfEach(lists), keyOf)));
      return lists.map(() => null);
    },
    isFaultOfOneCall: isRefusal,
    maxRows: maxGroupRows,
    lanes: 2,
    ...waitLimitOf(database),
  });
  const find = coalesceBy<ListId, RecommendationList>(async (shopId, ids) => {
    const rows = await database.query<Row>(findStatement, [shopId, ids]);
    return new Map(rows.map(row => [row.id, toList(row)]));
  });

  return {
    async saveMany(lists) {
      await writer.add(lists);
    },
    findMany: find,
    async pageOfUser(shopId, userId: UserId, request) {
      const bound = boundOf(request, afterEverything);
      const values = [shopId, userId, bound.at, bound.id, bound.limit];
      return cutPage((await database.query<Row>(pageStatement, values)).map(toList), bound);
    },
    removeExpired: createRemoveExpired(database, 'RecommendationList'),
  };
}
