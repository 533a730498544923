import type { EventId, ListId, ProductId, ShopId, UserId } from '../../domain/ids';
import type { Interaction, InteractionType } from '../../domain/interaction';
import type { InteractionFilter, InteractionStore } from '../ports/interaction';
import type { Page, PageRequest } from '../ports/page';
import { coalesceBy } from './coalesce';
import { type Database, type Statement, toMilliseconds } from './database';
import { waitLimitOf } from './deadline';
import { isRefusal } from './failures';
import { GroupCommit } from './groupCommit';
import { insertInteractions } from './insertInteractions';
import { afterEverything, type Bound, beforeEverything, boundOf, cutPage } from './paging';
import { scanInteractions } from './scanInteractions';

const maxGroupRows = 5_000;
const lanes = 2;
const removalBatch = 20_000;

interface Row {
  readonly shopId: string;
  readonly id: string;
  readonly userId: string;
  readonly productId: string | null;
  readonly type: InteractionType;
  readonly value: number | null;
  readonly priceMinor: number | null;
  readonly queryText: string | null;
  readonly sessionId: string | null;
  readonly occurredAt: number;
  readonly receivedAt: number;
  readonly listId: string | null;
  readonly listRank: number | null;
}

const columns = `"shopId", id, "userId", "productId", type::text AS type, value, "priceMinor", "queryText", "sessionId",
  "occurredAt", "receivedAt", "listId", "listRank"`;

/**
 * Runs for every list served. A user's events are returned as one JSON text, which costs the gateway a quarter of the CPU
 * time of separate rows (50 events: 0.19 ms against 0.81 ms).
 */
const recentStatement = (name: string, condition: string): Statement => ({
  name,
  text: `SELECT wanted.id AS "userId", (
    SELECT json_agg(json_build_array(id, "productId", type, value, "priceMinor", "queryText", "sessionId",
      ${toMilliseconds('"occurredAt"')}, ${toMilliseconds('"receivedAt"')}, "listId", "listRank"))
    FROM (SELECT * FROM "Interaction"
      WHERE "shopId" = $1 AND "userId" = wanted.id ${condition}
      ORDER BY "occurredAt" DESC, id DESC LIMIT $3) AS recent) AS events
  FROM unnest($2::text[]) AS wanted(id)`,
});
const recentProductsStatement = recentStatement('interactionsRecent', 'AND "productId" IS NOT NULL');
const recentAllStatement = recentStatement('interactionsRecentAll', '');

const pageOfUserStatement: Statement = {
  name: 'interactionsOfUser',
  text: `SELECT ${columns} FROM "Interaction"
  WHERE "shopId" = $1 AND "userId" = $2 AND ("occurredAt", id) < ($3::timestamptz, $4)
    AND ($6::text[] IS NULL OR type::text = ANY($6))
    AND ($7::float8 IS NULL OR "occurredAt" >= to_timestamp($7 / 1000))
    AND ($8::float8 IS NULL OR "occurredAt" <= to_timestamp($8 / 1000))
  ORDER BY "occurredAt" DESC, id DESC LIMIT $5`,
};

const pageStatement: Statement = {
  name: 'interactionsPage',
  text: `SELECT ${columns} FROM "Interaction"
  WHERE "shopId" = $1 AND ("occurredAt", id) > ($2::timestamptz, $3)
  ORDER BY "occurredAt", id LIMIT $4`,
};

const countStatement: Statement = {
  name: 'interactionsCount',
  text: 'SELECT count(*)::float8 AS count FROM "Interaction" WHERE "shopId" = $1',
};

const removeStatement: Statement = {
  name: 'interactionsRemove',
  text: `WITH old AS (SELECT id FROM "Interaction" WHERE "shopId" = $1 AND "occurredAt" < to_timestamp($2::float8 / 1000)
    ORDER BY "occurredAt", id LIMIT ${removalBatch}),
  removed AS (DELETE FROM "Interaction" USING old WHERE "shopId" = $1 AND "Interaction".id = old.id RETURNING 1)
  SELECT count(*)::float8 AS count FROM removed`,
};

const toInteraction = ({ listId, listRank, ...row }: Row): Interaction => ({
  ...row,
  shopId: row.shopId as ShopId,
  id: row.id as EventId,
  userId: row.userId as UserId,
  productId: row.productId as ProductId | null,
  attribution: listId === null ? null : { listId: listId as ListId, rank: listRank },
});

/** An event in the JSON of {@link recentStatement}. */
type Listed = readonly [
  id: string,
  productId: string | null,
  type: InteractionType,
  value: number | null,
  priceMinor: number | null,
  queryText: string | null,
  sessionId: string | null,
  occurredAt: number,
  receivedAt: number,
  listId: string | null,
  listRank: number | null,
];

/** Written out for speed: this runs for every event of every list served. */
const fromListed = (shopId: string, userId: UserId, listed: Listed): Interaction => ({
  shopId: shopId as ShopId,
  id: listed[0] as EventId,
  userId,
  productId: listed[1] as ProductId | null,
  type: listed[2],
  value: listed[3],
  priceMinor: listed[4],
  queryText: listed[5],
  sessionId: listed[6],
  occurredAt: listed[7],
  receivedAt: listed[8],
  attribution: listed[9] === null ? null : { listId: listed[9] as ListId, rank: listed[10] },
});

/** Returns a reader of recent events that merges concurrent calls into one statement. */
const recentBy = (database: Database, statement: Statement) =>
  coalesceBy<UserId, readonly Interaction[]>(async (group, userIds) => {
    const [shopId, limit] = JSON.parse(group) as [string, number];
    const rows = await database.query<{ userId: UserId; events: readonly Listed[] | null }>(statement, [
      shopId,
      userIds,
      limit,
    ]);
    return new Map(
      rows.flatMap(({ userId, events }) =>
        events === null ? [] : [[userId, events.map(listed => fromListed(shopId, userId, listed))] as const],
      ),
    );
  });

/** Creates the PostgreSQL store of events. */
export function createPrismaInteractions(database: Database): InteractionStore {
  const writer = new GroupCommit<Interaction, 'accepted' | 'duplicate'>({
    commit: rows => insertInteractions(database, rows),
    isFaultOfOneCall: isRefusal,
    maxRows: maxGroupRows,
    lanes,
    ...waitLimitOf(database),
  });

  const recent = recentBy(database, recentProductsStatement);
  const recentAll = recentBy(database, recentAllStatement);

  async function pageOf(
    statement: Statement,
    before: readonly unknown[],
    bound: Bound,
    after: readonly unknown[],
  ) {
    const rows = await database.query<Row>(statement, [...before, bound.at, bound.id, bound.limit, ...after]);
    return cutPage(rows.map(toInteraction), bound);
  }

  return {
    insertMany: rows => writer.add(rows),
    recentOf: (shopId, userIds, limit) => recent(JSON.stringify([shopId, limit]), userIds),
    recentWithSearchesOf: (shopId, userIds, limit) => recentAll(JSON.stringify([shopId, limit]), userIds),
    pageOfUser(
      shopId: ShopId,
      userId: UserId,
      request: PageRequest,
      { types, since, until }: InteractionFilter = {},
    ): Promise<Page<Interaction>> {
      const filter = [types ?? null, since ?? null, until ?? null];
      return pageOf(pageOfUserStatement, [shopId, userId], boundOf(request, afterEverything), filter);
    },
    page: (shopId, request) => pageOf(pageStatement, [shopId], boundOf(request, beforeEverything), []),
    scan: (shopId, until) => scanInteractions(database.pool, shopId, until),
    async count(shopId) {
      const [{ count }] = await database.query<{ count: number }>(countStatement, [shopId]);
      return count;
    },
    async removeOlderThan(shopId, before) {
      for (let removed = 0; ; ) {
        const [{ count }] = await database.query<{ count: number }>(removeStatement, [shopId, before]);
        removed += count;
        if (count < removalBatch) return removed;
      }
    },
  };
}
