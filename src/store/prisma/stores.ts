import type { Stores } from '../ports/stores';
import { createPrismaApiKeys } from './apiKeys';
import { createPrismaArtifacts } from './artifacts';
import { createPrismaCampaigns } from './campaigns';
import { PrismaChanges } from './changes';
import { openDatabase } from './database';
import { guard } from './failures';
import { createPrismaImportRuns } from './importRuns';
import { createPrismaInteractions } from './interactions';
import { createPrismaInterests } from './interests';
import { createPrismaLocks } from './locks';
import { createPrismaPredictions } from './predictions';
import { createPrismaProducts } from './products';
import { createPrismaRecommendations } from './recommendations';
import { createPrismaShops } from './shops';
import { createPrismaSocial } from './social';
import { createPrismaTrainingRuns } from './trainingRuns';
import { createPrismaUsers } from './users';

/** Settings of the stores over PostgreSQL. */
export interface PrismaStoresOptions {
  /** Connection string of a database migrated by {@link migrateDatabase}. */
  readonly url: string;
  /** Maximum number of connections, ≥ 2; the change feed uses one more. */
  readonly poolSize: number;
}

/**
 * Creates every store over PostgreSQL.
 *
 * @throws {GatewayError} UNAVAILABLE when the database does not respond
 */
export async function createPrismaStores({ url, poolSize }: PrismaStoresOptions): Promise<Stores> {
  const database = openDatabase(url, poolSize);
  const changes = new PrismaChanges(url);
  const ping = async () => {
    await guard(database.pool.query('SELECT 1'));
  };
  await ping().catch(async error => {
    await database.close();
    throw error;
  });
  return {
    shops: createPrismaShops(database),
    users: createPrismaUsers(database),
    products: createPrismaProducts(database),
    interactions: createPrismaInteractions(database),
    recommendations: createPrismaRecommendations(database),
    campaigns: createPrismaCampaigns(database),
    social: createPrismaSocial(database),
    interests: createPrismaInterests(database),
    predictions: createPrismaPredictions(database),
    apiKeys: createPrismaApiKeys(database),
    artifacts: createPrismaArtifacts(database),
    trainingRuns: createPrismaTrainingRuns(database),
    importRuns: createPrismaImportRuns(database),
    locks: createPrismaLocks(database),
    changes,
    ping,
    async close() {
      await changes.close();
      await database.close();
    },
  };
}
