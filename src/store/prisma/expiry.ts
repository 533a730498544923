import type { Database, Statement } from './database';

const removalBatch = 20_000;

/** Finds the shops by a skip scan of the index on (shopId, expiresAt), so that the index applies to all shops. */
const removeStatement = (table: string): Statement => ({
  name: `${table}Expire`,
  text: `WITH RECURSIVE shop(id) AS (
      SELECT min("shopId") FROM "${table}"
      UNION ALL
      SELECT (SELECT min("shopId") FROM "${table}" WHERE "shopId" > shop.id) FROM shop WHERE shop.id IS NOT NULL
    ), expired AS (
      SELECT kept."shopId", kept.id FROM shop CROSS JOIN LATERAL (
        SELECT "shopId", id FROM "${table}"
        WHERE "shopId" = shop.id AND "expiresAt" <= to_timestamp($1::float8 / 1000) LIMIT ${removalBatch}) AS kept
      LIMIT ${removalBatch}
    ), removed AS (
      DELETE FROM "${table}" AS kept USING expired
      WHERE kept."shopId" = expired."shopId" AND kept.id = expired.id RETURNING 1
    ) SELECT count(*)::float8 AS count FROM removed`,
});

/**
 * Creates a function that removes the expired rows of a table and returns their number. The table is keyed by (shopId, id)
 * and indexed by (shopId, expiresAt).
 */
export function createRemoveExpired(database: Database, table: string): (now: number) => Promise<number> {
  const statement = removeStatement(table);
  return async now => {
    for (let removed = 0; ; ) {
      const [{ count }] = await database.query<{ count: number }>(statement, [now]);
      removed += count;
      if (count < removalBatch) return removed;
    }
  };
}
