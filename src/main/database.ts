import type { Stores } from '../store/ports/stores';
import { startEmbeddedPostgres } from '../store/prisma/embedded';
import { migrateDatabase } from '../store/prisma/migrate';
import { checkDatabase } from '../store/prisma/reachable';
import { createPrismaStores } from '../store/prisma/stores';
import type { Config } from './config';

/** A migrated database, and the stores over it. */
export interface Database {
  /** Connection string with the password: must not be logged. */
  readonly url: string;
  readonly isEmbedded: boolean;
  /** Names of the migrations applied when it was opened. */
  readonly migrated: readonly string[];
  /** For imports, exports, training and upkeep: statements may take 30 s. */
  readonly stores: Stores;
  close(): Promise<void>;
}

/**
 * Opens stores for requests beside those of the process: every call has the deadline of the configuration, and neither
 * imports nor trainings use up their connections.
 *
 * @throws {GatewayError} UNAVAILABLE
 */
export const openRequestStores = ({ url }: Pick<Database, 'url'>, config: Config): Promise<Stores> =>
  createPrismaStores({ url, poolSize: config.poolSize, deadlineMs: config.databaseDeadlineMs });

/** Overrides of the configuration, and logging. */
export interface DatabaseOptions {
  readonly config: Config;
  /** Overrides DATABASE_URL. */
  readonly databaseUrl?: string | undefined;
  /** Called with a sentence per action of the embedded database. */
  readonly onLog: (message: string) => void;
  /** Called with a sentence about a risk; `onLog` by default. */
  readonly onWarning?: (message: string) => void;
}

/** Warning about an embedded database in production. */
export const embeddedInProduction =
  'Expected DATABASE_URL in production; got none, so the embedded PostgreSQL is used. It serves one machine and nothing copies it. Set DATABASE_URL (docs/operating.md).';

/** Finds or starts the database without migrating it. @throws {GatewayError} UNAVAILABLE */
export async function locateDatabase({ config, databaseUrl, onLog, onWarning = onLog }: DatabaseOptions) {
  const given = databaseUrl ?? config.databaseUrl;
  if (given !== null) {
    await checkDatabase(given);
    return { url: given, isEmbedded: false, stop: async () => undefined };
  }
  if (config.isProduction) onWarning(embeddedInProduction);
  const embedded = await startEmbeddedPostgres({ dataDir: config.dataDir, onLog });
  return { url: embedded.url, isEmbedded: true, stop: embedded.stop };
}

/**
 * Opens the database of this process (the given URL, DATABASE_URL, or the embedded one), migrates it, and opens the
 * stores. Callers need not know whether the database is embedded.
 *
 * @throws {GatewayError} MIGRATION_DRIFT, UNAVAILABLE
 */
export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  const { url, isEmbedded, stop } = await locateDatabase(options);
  try {
    const migrated = await migrateDatabase(url);
    const stores = await createPrismaStores({ url, poolSize: options.config.poolSize });
    return {
      url,
      isEmbedded,
      migrated,
      stores,
      async close() {
        await stores.close();
        await stop();
      },
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
