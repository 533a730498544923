import type { DiagnoseMigrationHistoryOutput, SchemaEngine, SchemaFilter } from '@prisma/schema-engine-wasm';
import { Client } from 'pg';
import { GatewayError } from '../../domain/errors';
import { prismaDir, readMigrations, readSchema, readSchemaAt } from './migrationFiles';
import { toFiles, withSchemaEngine } from './schemaEngine';

/** Key ("AFFI") of the advisory lock under which a gateway inspects and migrates a database. */
const lockKey = 0x41464649;
const lockTimeoutMs = 120_000;

const refuse = (message: string, migrations: readonly string[] = [], cause?: unknown) =>
  new GatewayError('MIGRATION_DRIFT', message, { migrations }, { cause });

/** Runs `work` under the migration lock of the database. */
async function underLock<Result>(url: string, work: (client: Client) => Promise<Result>): Promise<Result> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 10_000, keepAlive: true });
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query(`SET lock_timeout = ${lockTimeoutMs}`);
    await client.query('SELECT pg_advisory_lock($1)', [lockKey]);
  } catch (cause) {
    await client.end().catch(() => undefined);
    throw new GatewayError(
      'UNAVAILABLE',
      'Expected the database to respond and its migration lock to be free; it is not. Check that it runs, and DATABASE_URL.',
      {},
      { cause },
    );
  }
  try {
    return await work(client);
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** Finds tables that are not in our schema, which are ignored. */
async function findForeignTables(client: Client, schema: string): Promise<SchemaFilter> {
  const ours = new Set([...schema.matchAll(/^model (\w+)/gm)].map(match => match[1]));
  const { rows } = await client.query<{ name: string }>(
    "SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public' AND tablename <> '_prisma_migrations'",
  );
  const foreign = rows.filter(row => !ours.has(row.name)).map(row => `public.${row.name}`);
  return { externalTables: foreign, externalEnums: [] };
}

function checkHistory({
  editedMigrationNames: edited,
  failedMigrationNames: failed,
  history,
}: History): void {
  if (failed.length > 0) {
    throw refuse(
      `Expected every migration to have succeeded; ${failed.join(', ')} failed earlier and left no changes. Fix the cause, run "npx prisma migrate resolve --rolled-back ${failed[0]}", and start again.`,
      failed,
    );
  }
  if (edited.length > 0) {
    throw refuse(
      `Expected migrations as they were applied; ${edited.join(', ')} was edited since. Restore the file from version control, and write the change as a new migration.`,
      edited,
    );
  }
  if (history !== null && history.diagnostic !== 'databaseIsBehind') {
    const ahead = history.unpersistedMigrationNames;
    throw refuse(
      `Expected a database no newer than this program; it has the migrations ${ahead.join(', ')}, which are not in prisma/migrations. Start the newer program, or restore the older backup.`,
      ahead,
    );
  }
}

type History = DiagnoseMigrationHistoryOutput;

const unappliedOf = ({ history }: History): readonly string[] =>
  history !== null && history.diagnostic === 'databaseIsBehind' ? history.unappliedMigrationNames : [];

/** Compares the database with the schema of its last migration; a difference means that it was changed manually. */
async function checkDrift(engine: SchemaEngine, expected: string, filters: SchemaFilter): Promise<void> {
  const files = toFiles(expected);
  const { exitCode, stdout } = await engine.diff({
    from: { tag: 'schemaDatasource', files, configDir: prismaDir },
    to: { tag: 'schemaDatamodel', files },
    script: false,
    exitCode: true,
    filters,
  });
  if (exitCode === 0) return;
  throw refuse(
    `Expected the schema of the applied migrations; the database was changed manually. Difference:\n${stdout?.trim() ?? ''}\nUndo the change in the database, or write it as a migration.`,
  );
}

/**
 * Applies pending migrations of prisma/migrations with Prisma's engine and records them in Prisma's table. A database that
 * is up to date is unchanged. Gateways that start concurrently wait for each other. Each migration is atomic.
 *
 * @param url - connection string
 * @param folder - with schema.prisma and migrations/
 * @returns names of the migrations applied by this call
 * @throws {GatewayError} MIGRATION_DRIFT, without any change, when a migration was edited, failed or is unknown, or the
 *   tables were changed manually. UNAVAILABLE when the database cannot be reached
 */
export async function migrateDatabase(url: string, folder = prismaDir): Promise<readonly string[]> {
  return await underLock(url, async client => {
    const schema = readSchema(folder);
    const migrationsList = readMigrations(folder);
    const filters = await findForeignTables(client, schema);
    return await withSchemaEngine(url, schema, async engine => {
      const history = await engine.diagnoseMigrationHistory({
        migrationsList,
        optInToShadowDatabase: false,
        filters,
      });
      checkHistory(history);
      const unapplied = unappliedOf(history);
      const applied = migrationsList.migrationDirectories.length - unapplied.length;
      const last = migrationsList.migrationDirectories.at(applied - 1)?.path;
      if (applied > 0 && last !== undefined) {
        await checkDrift(engine, readSchemaAt(folder, last) ?? schema, filters);
      }
      if (unapplied.length === 0) return [];
      const { appliedMigrationNames } = await engine
        .applyMigrations({ migrationsList, filters })
        .catch(cause => {
          throw refuse(
            `Expected the migrations ${unapplied.join(', ')} to apply; the database rejected them: ${cause.message}. Fix the cause, run "npx prisma migrate resolve --rolled-back" with the failed one's name, and start again.`,
            unapplied,
            cause,
          );
        });
      return appliedMigrationNames;
    });
  });
}
