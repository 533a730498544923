import type { ShopId, UserId } from '../../domain/ids';
import type { Interests } from '../../serving/interestTags/interests';
import type { NextActions } from '../../serving/nextAction/nextAction';
import type { Recommender } from '../../serving/recommender';
import type { Stores } from '../../store/ports/stores';
import type { TrainingQueue } from '../../store/ports/trainingQueue';
import type { Quotas } from '../limits/hourlyQuota';
import type { CommitObserver } from './commitObserver';

/** The part of `serving/recommender.ts` that GraphQL uses. */
export type RecommendationService = Pick<
  Recommender,
  | 'recommend'
  | 'similar'
  | 'together'
  | 'buyAgain'
  | 'keep'
  | 'products'
  | 'unknownProducts'
  | 'findLists'
  | 'policyOf'
  | 'status'
  | 'refusals'
>;

/** Number of rows of a tracked batch, by outcome. */
export interface TrackedCounts {
  readonly accepted: number;
  readonly duplicates: number;
  readonly rejected: number;
}

/** Reports of the GraphQL layer. The process logs and counts them. */
export interface GraphqlReports {
  /** An unexpected error: a bug. The client sees only the correlation id. */
  unexpected(error: unknown, correlationId: string): void;
  /** A foreseen error that must be logged. Never called with personal data. */
  foreseen(code: string, logLevel: 'warn' | 'error', message: string, correlationId: string): void;
  /** An observer of committed writes threw. The write stands and the request succeeds. */
  observerFailed(observer: string, error: unknown, correlationId: string): void;
  tracked(counts: TrackedCounts): void;
  trainingQueued(model: string): void;
}

/** Everything the GraphQL layer calls; `main/compose.ts` provides it. */
export interface GraphqlServices {
  readonly stores: Stores;
  readonly recommender: RecommendationService;
  /** Interests of shoppers. */
  readonly interests: Omit<Interests, 'stop' | 'touch'>;
  /** Predictions of the next action. */
  readonly nextActions: Pick<NextActions, 'predict' | 'kept' | 'quality'>;
  /** Called after each committed write, in this order. */
  readonly afterCommit: readonly CommitObserver[];
  readonly trainingQueue: TrainingQueue;
  /** Path that ends the subscription of an opaque id; null where no secret is configured. */
  readonly unsubscribePathOf: (linkId: string) => string | null;
  readonly quotas: Quotas;
  /** Names of all models of the registry, published or not. */
  readonly modelNames: readonly string[];
  /** Drops the cached state of a credential or user, so that a revocation takes effect with the next request. */
  readonly authenticator: {
    forgetApiKey(id: string): void;
    forgetUser(shopId: ShopId, userId: UserId): void;
  };
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
  /** A new UUID of version 7. */
  readonly newId: () => string;
  readonly reports: GraphqlReports;
}
