import type { ApiKeyStore } from './apiKey';
import type { ArtifactStore } from './artifact';
import type { AudienceStore } from './audience';
import type { AuditStore } from './auditEntry';
import type { CampaignStore } from './campaign';
import type { CampaignUnitStore } from './campaignUnit';
import type { ChangeFeed } from './change';
import type { ImportRunStore } from './importRun';
import type { InteractionStore } from './interaction';
import type { InterestStore } from './interest';
import type { LockStore } from './lock';
import type { PredictionStore } from './prediction';
import type { ProductStore } from './product';
import type { RecommendationStore } from './recommendation';
import type { ShopStore } from './shop';
import type { SocialStore } from './social';
import type { SubscriptionStore } from './subscription';
import type { TrainingRunStore } from './trainingRun';
import type { UserStore } from './user';

/** All stores over one database. */
export interface Stores {
  readonly shops: ShopStore;
  readonly users: UserStore;
  readonly products: ProductStore;
  readonly interactions: InteractionStore;
  readonly recommendations: RecommendationStore;
  readonly campaigns: CampaignStore;
  readonly campaignUnits: CampaignUnitStore;
  readonly audiences: AudienceStore;
  readonly subscriptions: SubscriptionStore;
  readonly audit: AuditStore;
  readonly social: SocialStore;
  readonly interests: InterestStore;
  readonly predictions: PredictionStore;
  readonly apiKeys: ApiKeyStore;
  readonly artifacts: ArtifactStore;
  readonly trainingRuns: TrainingRunStore;
  readonly importRuns: ImportRunStore;
  readonly locks: LockStore;
  readonly changes: ChangeFeed;
  /** Resolves when the database responds. @throws {GatewayError} UNAVAILABLE */
  ping(): Promise<void>;
  close(): Promise<void>;
}
