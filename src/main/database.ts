import type { Stores } from '../store/ports/stores';
import { startEmbeddedPostgres } from '../store/prisma/embedded';
import { migrateDatabase } from '../store/prisma/migrate';
import { createPrismaStores } from '../store/prisma/stores';
import type { Config } from './config';

/** A database that is up to date, and the stores over it. */
export interface Database {
  /** Connection string, password included: not for logs. */
  readonly url: string;
  readonly isEmbedded: boolean;
  /** Names of the migrations that were applied now. */
  readonly migrated: readonly string[];
  readonly stores: Stores;
  close(): Promise<void>;
}

/** What may differ from the configuration. */
export interface DatabaseOptions {
  readonly config: Config;
  /** Goes before DATABASE_URL. */
  readonly databaseUrl?: string | undefined;
  /** Hears, in a sentence, what the embedded database does. */
  readonly onLog: (message: string) => void;
}

/** Finds (or starts) the database without changing what is in it. @throws {GatewayError} UNAVAILABLE */
export async function locateDatabase({ config, databaseUrl, onLog }: DatabaseOptions) {
  const given = databaseUrl ?? config.databaseUrl;
  if (given !== null) return { url: given, isEmbedded: false, stop: async () => undefined };
  const embedded = await startEmbeddedPostgres({ dataDir: config.dataDir, onLog });
  return { url: embedded.url, isEmbedded: true, stop: embedded.stop };
}

/**
 * Opens the database of this process: the given address, DATABASE_URL, or the embedded one; migrates it; opens the
 * stores. Only this function knows that an embedded database exists.
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
