import type { CampaignChannel } from '../../domain/campaign';
import type { ShopId, UserId } from '../../domain/ids';
import type { Subscription, SuppressionReason } from '../../domain/subscription';

/** A shopper and a channel. */
export interface SubscriptionKey {
  readonly shopId: ShopId;
  readonly userId: UserId;
  readonly channel: CampaignChannel;
}

/** Stores what shoppers chose for MARKETING per channel, and what channels reported. */
export interface SubscriptionStore {
  /** By channel, of users who have any. */
  of(shopId: ShopId, ids: readonly UserId[]): Promise<ReadonlyMap<UserId, readonly Subscription[]>>;
  /** Stores a choice; the latest counts. What the channel reported stays. */
  choose(
    key: SubscriptionKey,
    choice: { readonly isSubscribed: boolean; readonly source: string },
    now: number,
  ): Promise<void>;
  /** Stores that contacts must stop, or with null that they may go on. What the shopper chose stays. */
  suppress(key: SubscriptionKey, reason: SuppressionReason | null, now: number): Promise<void>;
  /** Returns the opaque id of the shopper and channel, which is `newId` when they have none yet. */
  linkOf(key: SubscriptionKey, newId: string, now: number): Promise<string>;
  /** Returns the shopper and channel of an opaque id, of any shop; null for an unknown one. */
  findLink(linkId: string): Promise<SubscriptionKey | null>;
}
