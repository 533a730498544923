import type { Database, Statement } from './database';

const removalBatch = 20_000;

/** Walks the shops along the index by expiry, so that it serves without naming one. */
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

/** Removes the rows of a table (keyed by shop and id, indexed by shop and `expiresAt`) whose end has come; answers how many. */
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
