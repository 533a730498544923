import { PrismaPg } from '@prisma/adapter-pg';
import { Pool, type PoolClient, type QueryResultRow, types } from 'pg';
import { guard, withRetries } from './failures';
import { PrismaClient } from './generated/client';

const instantOid = 1184;
const statementTimeoutMs = 30_000;

/** An SQL text, prepared under its name once per connection. */
export interface Statement {
  readonly name: string;
  readonly text: string;
}

/** Runs statements, on a pool or within a transaction. */
export interface Queryable {
  /** Returns rows as objects, with instants as milliseconds since the epoch. */
  query<Row extends QueryResultRow>(
    statement: Statement,
    values: readonly unknown[],
  ): Promise<readonly Row[]>;
}

/** Access to the database: Prisma's client for rare operations, SQL for bulk data and latency-critical requests. */
export interface Database extends Queryable {
  readonly prisma: PrismaClient;
  readonly pool: Pool;
  /** Runs `work` in one transaction, and retries it after a deadlock. */
  transaction<Result>(work: (transaction: Queryable) => Promise<Result>): Promise<Result>;
  close(): Promise<void>;
}

/** SQL that converts an instant to integer milliseconds since the epoch, for JSON. */
export const toMilliseconds = (column: string): string => `round(date_part('epoch', ${column}) * 1000)`;

/** '2026-03-01 12:00:00.123+00' → ms. Sessions use UTC (see openDatabase). */
const parseInstant = (text: string) => Date.parse(`${text.replace(' ', 'T')}:00`);

/** pg's type parsers, except that instants become numbers. */
const columnTypes = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') =>
    oid === instantOid
      ? parseInstant
      : types.getTypeParser(oid, format as 'text')) as typeof types.getTypeParser,
};

async function run<Row extends QueryResultRow>(
  on: Pool | PoolClient,
  { name, text }: Statement,
  values: readonly unknown[],
): Promise<readonly Row[]> {
  return (await on.query<Row>({ name, text, values: [...values], types: columnTypes })).rows;
}

async function inTransaction<Result>(
  pool: Pool,
  work: (transaction: Queryable) => Promise<Result>,
): Promise<Result> {
  const client = await pool.connect();
  let failure: Error | undefined;
  try {
    await client.query('BEGIN');
    const result = await work({ query: (statement, values) => run(client, statement, values) });
    await client.query('COMMIT');
    return result;
  } catch (error) {
    failure = error as Error;
    // A connection that cannot roll back is broken; the pool then opens another.
    const isUsable = await client.query('ROLLBACK').then(
      () => true,
      () => false,
    );
    if (isUsable) failure = undefined;
    throw error;
  } finally {
    client.release(failure);
  }
}

/**
 * Creates a connection pool. It connects at the first query, and replaces lost connections.
 *
 * @param url - connection string of a migrated database
 * @param poolSize - maximum number of connections, ≥ 2
 */
export function openDatabase(url: string, poolSize: number): Database {
  const pool = new Pool({
    connectionString: url,
    max: poolSize,
    connectionTimeoutMillis: 2_000,
    idleTimeoutMillis: 60_000,
    statement_timeout: statementTimeoutMs,
    query_timeout: statementTimeoutMs + 5_000,
    idle_in_transaction_session_timeout: 60_000,
    application_name: 'affinity',
    keepAlive: true,
    options: '-c timezone=UTC',
  });
  // Broken idle connections are replaced; without a listener the event would end the process.
  pool.on('error', () => undefined);
  const prisma = new PrismaClient({ adapter: new PrismaPg(pool) });
  return {
    prisma,
    pool,
    query: (statement, values) => guard(run(pool, statement, values)),
    transaction: work => guard(withRetries(() => inTransaction(pool, work))),
    async close() {
      await prisma.$disconnect();
      await pool.end();
    },
  };
}
