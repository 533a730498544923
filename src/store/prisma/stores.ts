import type { Stores } from '../ports/stores';
import { createPrismaApiKeys } from './apiKeys';
import { createPrismaArtifacts } from './artifacts';
import { createPrismaAudiences } from './audiences';
import { createPrismaAudit } from './auditEntries';
import { createPrismaCampaigns } from './campaigns';
import { createPrismaCampaignUnits } from './campaignUnits';
import { PrismaChanges } from './changes';
import { boundedStore, type CircuitBreaker, createCircuitBreaker } from './circuitBreaker';
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
import { createPrismaSubscriptions } from './subscriptions';
import { createPrismaTrainingRuns } from './trainingRuns';
import { createPrismaUsers } from './users';

/** Settings of the stores over PostgreSQL. */
export interface PrismaStoresOptions {
  /** Connection string of a database migrated by {@link migrateDatabase}. */
  readonly url: string;
  /** Maximum number of connections, ≥ 2; the change feed uses one more. */
  readonly poolSize: number;
  /**
   * Milliseconds after which every call rejects with UNAVAILABLE, for requests. Null or absent: the limits of imports,
   * exports, training and upkeep, whose statements may take 30 s.
   */
  readonly deadlineMs?: number | null;
}

type DataStores = Omit<Stores, 'changes' | 'ping' | 'close'>;

/** Methods with a deadline per part or of their own: they stream rows, move the bytes of an artifact, or run given work. */
const unbounded = new Set(['scan', 'scanTexts', 'judged', 'changedSince', 'read', 'verify', 'save', 'hold']);
/** Stores with an unbounded method. */
const streaming = new Set([
  'audiences',
  'campaignUnits',
  'interactions',
  'social',
  'predictions',
  'products',
  'artifacts',
  'locks',
]);

/** Returns the stores with every call within its deadline. */
function boundedStores(stores: DataStores, breaker: CircuitBreaker): DataStores {
  const exceptions = (name: string): ReadonlySet<string> => (streaming.has(name) ? unbounded : new Set());
  return Object.fromEntries(
    Object.entries(stores).map(([name, store]) => [name, boundedStore(store, breaker, exceptions(name))]),
  ) as DataStores;
}

/**
 * Creates every store over PostgreSQL.
 *
 * @throws {GatewayError} UNAVAILABLE when the database does not respond
 */
export async function createPrismaStores({
  url,
  poolSize,
  deadlineMs = null,
}: PrismaStoresOptions): Promise<Stores> {
  const database = openDatabase(url, poolSize, deadlineMs);
  const changes = new PrismaChanges(url);
  const probe = async (): Promise<void> => {
    await guard(database.pool.query('SELECT 1'));
  };
  const breaker = deadlineMs === null ? null : createCircuitBreaker(deadlineMs, probe);
  await probe().catch(async error => {
    await database.close();
    throw error;
  });
  const stores: DataStores = {
    shops: createPrismaShops(database),
    users: createPrismaUsers(database),
    products: createPrismaProducts(database),
    interactions: createPrismaInteractions(database),
    recommendations: createPrismaRecommendations(database),
    campaigns: createPrismaCampaigns(database),
    audiences: createPrismaAudiences(database),
    campaignUnits: createPrismaCampaignUnits(database),
    subscriptions: createPrismaSubscriptions(database),
    audit: createPrismaAudit(database),
    social: createPrismaSocial(database),
    interests: createPrismaInterests(database),
    predictions: createPrismaPredictions(database),
    apiKeys: createPrismaApiKeys(database),
    artifacts: createPrismaArtifacts(database),
    trainingRuns: createPrismaTrainingRuns(database),
    importRuns: createPrismaImportRuns(database),
    locks: createPrismaLocks(database),
  };
  return {
    ...(breaker === null ? stores : boundedStores(stores, breaker)),
    changes,
    ping: breaker === null ? probe : () => breaker.run(probe),
    async close() {
      breaker?.stop();
      await changes.close();
      await database.close();
    },
  };
}
