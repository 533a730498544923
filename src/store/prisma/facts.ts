import { Client } from 'pg';
import { GatewayError } from '../../domain/errors';
import { prismaDir, readMigrations } from './migrationFiles';

/** From this many rows on, PostgreSQL's estimate is used, as counting would read the whole table. */
const exactBelow = 100_000;

/** Database facts that `affinity doctor` reports. */
export interface DatabaseFacts {
  /** Like "18.4". */
  readonly version: string;
  readonly sizeBytes: number;
  readonly migrations: { readonly applied: readonly string[]; readonly pending: readonly string[] };
  /** Row count of every table; an estimate for large tables. */
  readonly rows: Readonly<Record<string, number>>;
}

async function readApplied(client: Client): Promise<readonly string[]> {
  const { rows: found } = await client.query(
    `SELECT to_regclass('"_prisma_migrations"') IS NOT NULL AS is_there`,
  );
  if (!found[0].is_there) return [];
  const { rows } = await client.query<{ name: string }>(
    `SELECT migration_name AS name FROM _prisma_migrations WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL
      ORDER BY migration_name`,
  );
  return rows.map(({ name }) => name);
}

async function countRows(client: Client): Promise<Readonly<Record<string, number>>> {
  const { rows: tables } = await client.query<{ name: string; estimate: number }>(
    `SELECT relname AS name, reltuples::float8 AS estimate FROM pg_class
      WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND relname <> '_prisma_migrations' ORDER BY relname`,
  );
  const counts: Record<string, number> = {};
  for (const { name, estimate } of tables) {
    if (estimate >= exactBelow) counts[name] = estimate;
    else {
      const table = client.escapeIdentifier(name);
      const { rows } = await client.query<{ count: number }>(
        `SELECT count(*)::float8 AS count FROM ${table}`,
      );
      counts[name] = rows[0].count;
    }
  }
  return counts;
}

/**
 * Reads facts about a database, migrated or not, without changing it.
 *
 * @throws {GatewayError} UNAVAILABLE when it does not respond
 */
export async function databaseFacts(url: string): Promise<DatabaseFacts> {
  const client = new Client({
    connectionString: url,
    connectionTimeoutMillis: 5_000,
    statement_timeout: 30_000,
  });
  client.on('error', () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query<{ version: string; size: number }>(
      `SELECT current_setting('server_version') AS version, pg_database_size(current_database())::float8 AS size`,
    );
    const applied = await readApplied(client);
    const known = readMigrations(prismaDir).migrationDirectories.map(({ path }) => path);
    const pending = known.filter(name => !applied.includes(name));
    const [{ version, size }] = rows;
    return { version, sizeBytes: size, migrations: { applied, pending }, rows: await countRows(client) };
  } catch (cause) {
    const message = 'Expected the database to respond; it did not. Check that it runs, and DATABASE_URL.';
    throw new GatewayError('UNAVAILABLE', message, {}, { cause });
  } finally {
    await client.end().catch(() => undefined);
  }
}
