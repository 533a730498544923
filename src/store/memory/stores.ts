import type { Stores } from '../ports/stores';
import { createMemoryApiKeys } from './apiKeys';
import { createMemoryArtifacts } from './artifacts';
import { createMemoryAudiences } from './audiences';
import { createMemoryAudit } from './auditEntries';
import { createMemoryCampaigns } from './campaigns';
import { createMemoryCampaignUnits } from './campaignUnits';
import { createMemoryChanges } from './changes';
import { createMemoryImportRuns } from './importRuns';
import { createMemoryInteractions } from './interactions';
import { createMemoryInterests } from './interests';
import { createMemoryLocks } from './locks';
import { createMemoryPredictions } from './predictions';
import { createMemoryProducts } from './products';
import { createMemoryRecommendations } from './recommendations';
import { createMemoryShops } from './shops';
import { createMemorySocial } from './social';
import { createMemorySubscriptions } from './subscriptions';
import { createMemoryTrainingRuns } from './trainingRuns';
import { createMemoryUsers } from './users';

/** Creates every store in memory: the same contract as over a database, lost when the process ends. */
export function createMemoryStores(): Stores {
  const changes = createMemoryChanges();
  const users = createMemoryUsers(changes, {
    forget(shopId, userId) {
      interests.forget(shopId, userId);
      predictions.forget(shopId, userId);
      recommendations.forget(shopId, userId);
    },
    move(shopId, request) {
      subscriptions.join(shopId, request.anonymousId, request.userId);
      return {
        events: interactions.move(shopId, request),
        lists: recommendations.move(shopId, request.anonymousId, request.userId),
      };
    },
  });
  const subscriptions = createMemorySubscriptions(users.store);
  const audit = createMemoryAudit();
  const interests = createMemoryInterests(users.store);
  const products = createMemoryProducts(changes);
  const interactions = createMemoryInteractions(users, products, changes);
  const recommendations = createMemoryRecommendations(users.store);
  const predictions = createMemoryPredictions(interactions.store, users.store);
  const audiences = createMemoryAudiences({
    users: users.store,
    subscriptions: subscriptions.store,
    interests: interests.store,
    interactions: interactions.store,
    products: products.store,
  });
  const campaigns = createMemoryCampaigns(audit.record);
  return {
    shops: createMemoryShops(changes),
    users: users.store,
    products: products.store,
    interactions: interactions.store,
    recommendations: recommendations.store,
    campaigns,
    campaignUnits: createMemoryCampaignUnits(campaigns, users.store, interactions.store),
    audiences,
    subscriptions: subscriptions.store,
    audit: audit.store,
    social: createMemorySocial(),
    interests: interests.store,
    predictions: predictions.store,
    apiKeys: createMemoryApiKeys(),
    artifacts: createMemoryArtifacts(changes),
    trainingRuns: createMemoryTrainingRuns(),
    importRuns: createMemoryImportRuns(),
    locks: createMemoryLocks(),
    changes,
    async ping() {
      await Promise.resolve();
    },
    async close() {
      await Promise.resolve();
    },
  };
}
