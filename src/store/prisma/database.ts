import { PrismaPg } from '@prisma/adapter-pg';
import { Client, Pool, type PoolClient, type PoolConfig, type QueryResultRow, types } from 'pg';
import { startDeadline } from './deadline';
import { guard, hasResponded, withRetries } from './failures';
import { PrismaClient } from './generated/client';

const instantOid = 1184;

/** How long the database may take, milliseconds. */
interface TimeLimits {
  /** For a connection: a new one, or one that others use. */
  readonly connectMs: number;
  /** Set in the server, for each statement. */
  readonly statementMs: number;
  /** For the response to a statement, measured here. */
  readonly responseMs: number;
  /** From acquiring a connection to releasing it: a statement or a transaction. Null: no limit. */
  readonly useMs: number | null;
}

/** For imports, exports, training and upkeep, whose statements are long. */
const patientLimits: TimeLimits = {
  connectMs: 10_000,
  statementMs: 30_000,
  responseMs: 35_000,
  useMs: null,
};

/** For requests. The server gives up first, so that the outcome of a slow statement is known. */
const limitsOfRequests = (deadlineMs: number): TimeLimits => ({
  connectMs: deadlineMs,
  statementMs: Math.round(0.9 * deadlineMs),
  responseMs: deadlineMs,
  useMs: deadlineMs,
});

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
  /** Milliseconds that a caller waits; null for imports, exports, training and upkeep. */
  readonly deadlineMs: number | null;
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

/** Whether a connection can be used again after an error. One that did not respond may still be running the statement. */
const canRollBack = (client: PoolClient, error: unknown): Promise<boolean> =>
  hasResponded(error)
    ? client.query('ROLLBACK').then(
        () => true,
        () => false,
      )
    : Promise.resolve(false);

async function inTransaction<Result>(
  pool: Pool,
  work: (transaction: Queryable) => Promise<Result>,
): Promise<Result> {
  const client = await pool.connect();
  let isBroken = false;
  try {
    await client.query('BEGIN');
    const result = await work({ query: (statement, values) => run(client, statement, values) });
    await client.query('COMMIT');
    return result;
  } catch (error) {
    isBroken = !(await canRollBack(client, error));
    throw error;
  } finally {
    client.release(isBroken);
  }
}

/**
 * A connection whose loss is reported by its statements only. A client that someone holds between two statements has no
 * listener of the pool, and without a listener the loss of the connection would end the process.
 */
export class PooledClient extends Client {
  constructor(config?: ConstructorParameters<typeof Client>[0]) {
    super(config);
    this.on('error', () => undefined);
  }
}

/** Closes connections that are in use for longer than `useMs`, whoever acquired them: their statements then reject. */
function limitUse(pool: Pool, useMs: number): void {
  const watched = new WeakMap<PoolClient, () => void>();
  pool.on('acquire', client => {
    watched.set(
      client,
      startDeadline(useMs, () => void (client as unknown as Client).end().catch(() => undefined)),
    );
  });
  pool.on('release', (_error, client) => watched.get(client)?.());
}

function openPool(url: string, poolSize: number, limits: TimeLimits): Pool {
  const { connectMs, statementMs, responseMs, useMs } = limits;
  const config: PoolConfig = {
    connectionString: url,
    Client: PooledClient,
    max: poolSize,
    connectionTimeoutMillis: connectMs,
    idleTimeoutMillis: 60_000,
    statement_timeout: statementMs,
    query_timeout: responseMs,
    idle_in_transaction_session_timeout: useMs ?? 60_000,
    application_name: 'affinity',
    keepAlive: true,
    options: '-c timezone=UTC',
  };
  const pool = new Pool(config);
  // Broken idle connections are replaced; without a listener the event would end the process.
  pool.on('error', () => undefined);
  if (useMs !== null) limitUse(pool, useMs);
  return pool;
}

/**
 * Creates a connection pool. It connects at the first query, and replaces lost connections.
 *
 * @param url - connection string of a migrated database
 * @param poolSize - maximum number of connections, ≥ 2
 * @param deadlineMs - for every statement and transaction of a request; null: the limits of imports, exports and training
 */
export function openDatabase(url: string, poolSize: number, deadlineMs: number | null = null): Database {
  const limits = deadlineMs === null ? patientLimits : limitsOfRequests(deadlineMs);
  const pool = openPool(url, poolSize, limits);
  const prisma = new PrismaClient({ adapter: new PrismaPg(pool) });
  return {
    prisma,
    pool,
    deadlineMs,
    query: (statement, values) => guard(run(pool, statement, values)),
    transaction: work => guard(withRetries(() => inTransaction(pool, work))),
    async close() {
      await prisma.$disconnect();
      await pool.end();
    },
  };
}
