import type { Pool, PoolClient } from 'pg';
import type { ShopId } from '../../domain/ids';
import { type InteractionType, interactionCodes } from '../../domain/interaction';
import type { InteractionColumns } from '../ports/interaction';
import { guard } from './failures';

const batchLength = 20_000;

/** Columns of a row, as texts. */
type Row = readonly [
  string,
  string | null,
  InteractionType,
  string | null,
  string | null,
  string | null,
  string,
];

/** Leaves values as text; toColumns converts numbers. */
const asText = { getTypeParser: () => (text: string) => text };

const declareSql = `DECLARE batches NO SCROLL CURSOR FOR
  SELECT "userId", "productId", type, value, "sessionId", "queryText", (extract(epoch FROM "occurredAt") * 1000)::float8
  FROM "Interaction" WHERE "shopId" = $1 AND "occurredAt" <= to_timestamp($2::float8 / 1000)
  ORDER BY "occurredAt", id`;

function toColumns(rows: readonly Row[]): InteractionColumns {
  const columns = {
    length: rows.length,
    userIds: new Array<string>(rows.length),
    productIds: new Array<string | null>(rows.length),
    types: new Uint8Array(rows.length),
    values: new Float64Array(rows.length),
    sessionIds: new Array<string | null>(rows.length),
    queryTexts: new Array<string | null>(rows.length),
    occurredAt: new Float64Array(rows.length),
  };
  for (const [index, [userId, productId, type, value, sessionId, queryText, occurredAt]] of rows.entries()) {
    columns.userIds[index] = userId;
    columns.productIds[index] = productId;
    columns.types[index] = interactionCodes[type];
    columns.values[index] = value === null ? Number.NaN : Number(value);
    columns.sessionIds[index] = sessionId;
    columns.queryTexts[index] = queryText;
    columns.occurredAt[index] = Number(occurredAt);
  }
  return columns;
}

async function begin(client: PoolClient, shopId: ShopId, until: number): Promise<void> {
  await client.query('BEGIN READ ONLY');
  // A scan of all events has no time limit, and the reader may pause between batches.
  await client.query("SET LOCAL statement_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = '1h'");
  await client.query({ text: declareSql, values: [shopId, until] });
}

async function fetchRows(client: PoolClient): Promise<readonly Row[]> {
  const text = `FETCH ${batchLength} FROM batches`;
  const { rows } = await client.query<Row[]>({ text, rowMode: 'array', types: asText as never });
  return rows as unknown as readonly Row[];
}

/**
 * Scans the interactions of a shop up to an instant, by (occurredAt, id), in batches of columns. The view is consistent;
 * a cursor bounds the memory of both sides. Occupies one connection during the scan.
 */
export async function* scanInteractions(
  pool: Pool,
  shopId: ShopId,
  until: number,
): AsyncGenerator<InteractionColumns> {
  const client = await guard(pool.connect());
  let isDone = false;
  try {
    await guard(begin(client, shopId, until));
    for (;;) {
      const rows = await guard(fetchRows(client));
      if (rows.length > 0) yield toColumns(rows);
      if (rows.length < batchLength) break;
    }
    await guard(client.query('COMMIT'));
    isDone = true;
  } finally {
    // A reader that stops early leaves the cursor open, so the connection is closed.
    client.release(!isDone);
  }
}
