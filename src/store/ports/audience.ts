import type { ProductUse } from '../../domain/audience';
import type { CampaignChannel } from '../../domain/campaign';
import type { ShopId, UserId } from '../../domain/ids';

/** `AudienceFilter` without what only models and the tree of tags know. Exactly one key. */
export type StoredFilter =
  | { readonly all: readonly StoredFilter[] }
  | { readonly any: readonly StoredFilter[] }
  | { readonly not: StoredFilter }
  /** The sum of the weights of these tags is at least `minWeight`; false without any of them. */
  | { readonly interestTags: { readonly tagIds: readonly string[]; readonly minWeight: number } }
  | { readonly bought: ProductUse }
  | { readonly viewed: ProductUse }
  | { readonly orders: { readonly atLeast: number; readonly days: number | null } }
  | {
      readonly lastOrder: { readonly olderThanDays: number | null; readonly newerThanDays: number | null };
    }
  | { readonly attribute: { readonly name: string; readonly equals: string | number | boolean } }
  /** Is one of these. */
  | { readonly users: readonly UserId[] };

/** Whom to look for. */
export interface AudienceRequest {
  /** Null: everybody who may be contacted. */
  readonly filter: StoredFilter | null;
  /** Shoppers who may be contacted over at least one of these; not empty. */
  readonly channels: readonly CampaignChannel[];
  /** Days count back from here. */
  readonly now: number;
}

/** A shopper who may be contacted. */
export interface EligibleShopper {
  readonly userId: UserId;
  /** Those of the request over which the shopper may be contacted, in its order. */
  readonly channels: readonly CampaignChannel[];
  readonly attributes: Readonly<Record<string, unknown>>;
}

/** Result of counting in a sample. */
export interface AudienceCount {
  /** Number of shoppers who may be contacted, whether or not they match. */
  readonly contactable: number;
  /** Number of those whom the filter was tried on: they allow ANALYTICS, and there are not more than the limit. */
  readonly sampled: number;
  /** Number of those who match. */
  readonly matched: number;
}

/**
 * Finds shoppers who may be contacted: active, who did not withdraw PERSONALIZATION, with consent for MARKETING over the channel
 * (`isContactable`), and who match a filter. Nothing else selects shoppers for campaigns.
 */
export interface AudienceStore {
  /** By id, in batches of at most 5,000. @throws {GatewayError} UNAVAILABLE */
  scan(shopId: ShopId, request: AudienceRequest): AsyncIterable<readonly EligibleShopper[]>;
  /** Returns one shopper, or null when they may not be contacted or do not match. */
  find(shopId: ShopId, userId: UserId, request: AudienceRequest): Promise<EligibleShopper | null>;
  /** Tries the filter on at most `limit` shoppers, always the same ones for the same shoppers and limit. */
  count(shopId: ShopId, request: AudienceRequest, limit: number): Promise<AudienceCount>;
}
