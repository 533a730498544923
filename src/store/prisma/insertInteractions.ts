import { shopEventKeyOf } from '../../domain/eventKey';
import type { Interaction } from '../../domain/interaction';
import { announceSql } from './changes';
import type { Database, Statement } from './database';
import { guard, withRetries } from './failures';

/**
 * One statement and transaction: inserts new events in key order (so that concurrent writers cannot deadlock), inserts
 * stubs of unknown users and products, and announces a grown catalogue. It returns the number of new events in a row
 * without a shop. It returns their ids only when some events were duplicates: returning thousands of ids would cost a
 * fifth of the insert. An event of a shopper's own token is left out when the shop itself sent it before (`own`).
 */
const statement: Statement = {
  name: 'interactionsInsert',
  text: `WITH kept AS (
    INSERT INTO "Interaction" ("shopId", id, "userId", "productId", type, value, "priceMinor", "queryText", "sessionId",
      "occurredAt", "receivedAt", "listId", "listRank")
    SELECT shop, event, person, product, type::"InteractionType", value, price, words, session,
      to_timestamp(occurred / 1000), to_timestamp(received / 1000), list, place
    FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::float8[], $7::int[], $8::text[],
      $9::text[], $10::float8[], $11::float8[], $12::text[], $13::int[], $15::text[])
      AS given(shop, event, person, product, type, value, price, words, session, occurred, received, list, place, own)
    WHERE own IS NULL OR NOT EXISTS (SELECT FROM "Interaction" AS sent
      WHERE sent."shopId" = shop AND sent.id = own AND sent."userId" = person
        AND sent."receivedAt" < to_timestamp(received / 1000))
    ORDER BY shop, event
    ON CONFLICT DO NOTHING
    RETURNING "shopId", id, "userId", "productId", "receivedAt"
  ), people AS (
    INSERT INTO "User" ("shopId", id, "isStub", "createdAt", "updatedAt")
    SELECT "shopId", "userId", true, min("receivedAt"), min("receivedAt") FROM kept
    GROUP BY 1, 2 ORDER BY 1, 2
    ON CONFLICT DO NOTHING
  ), products AS (
    INSERT INTO "Product" ("shopId", id, "categoryPath", tags, "isStub", "createdAt", "updatedAt")
    SELECT "shopId", "productId", '{}', '{}', true, min("receivedAt"), clock_timestamp() FROM kept
    WHERE "productId" IS NOT NULL GROUP BY 1, 2 ORDER BY 1, 2
    ON CONFLICT DO NOTHING
    RETURNING "shopId"
  )
  SELECT NULL AS "shopId", count(*)::text AS id FROM kept
  UNION ALL
  SELECT "shopId", id FROM kept WHERE (SELECT count(*) FROM kept) < $14::int
  UNION ALL
  SELECT "shopId", ${announceSql('catalogue', '"shopId"')}::text FROM (SELECT DISTINCT "shopId" FROM products) AS grown`,
};

/** Builds a key of shop and id; unique, as no id contains a NUL. */
const keyOf = (shopId: string, id: string) => `${shopId}\0${id}`;

interface ResultRow {
  readonly shopId: string | null;
  readonly id: string | null;
}

const valuesOf = (rows: readonly Interaction[]): readonly unknown[] => [
  rows.map(row => row.shopId),
  rows.map(row => row.id),
  rows.map(row => row.userId),
  rows.map(row => row.productId),
  rows.map(row => row.type),
  rows.map(row => row.value),
  rows.map(row => row.priceMinor),
  rows.map(row => row.queryText),
  rows.map(row => row.sessionId),
  rows.map(row => row.occurredAt),
  rows.map(row => row.receivedAt),
  rows.map(row => row.attribution?.listId ?? null),
  rows.map(row => row.attribution?.rank ?? null),
];

/** Returns, per row of a shopper's own token, the key of the same event from the shop itself; null for other rows. */
const shopKeysOf = (rows: readonly Interaction[]): readonly (string | null)[] =>
  rows.map(({ id }) => shopEventKeyOf(id));

/**
 * Stores events in one transaction and returns, per row, whether it was new; of several with the same key the first is.
 *
 * @throws {GatewayError} UNAVAILABLE, or BAD_USER_INPUT when the database rejects a value of any row
 */
export async function insertInteractions(
  database: Database,
  rows: readonly Interaction[],
): Promise<readonly ('accepted' | 'duplicate')[]> {
  const firstByKey = new Map<string, Interaction>();
  for (const row of rows) {
    const key = keyOf(row.shopId, row.id);
    if (!firstByKey.has(key)) firstByKey.set(key, row);
  }
  const distinct = [...firstByKey.values()];
  const values = [...valuesOf(distinct), distinct.length, shopKeysOf(distinct)];
  const results = await guard(withRetries(() => database.query<ResultRow>(statement, values)));
  const isAllNew = results.some(({ shopId, id }) => shopId === null && Number(id) === firstByKey.size);
  const newKeys = isAllNew
    ? firstByKey
    : new Set(results.map(({ shopId, id }) => keyOf(shopId ?? '', id ?? '')));
  return rows.map(row => {
    const key = keyOf(row.shopId, row.id);
    return newKeys.has(key) && firstByKey.get(key) === row ? 'accepted' : 'duplicate';
  });
}
