import type { CampaignId, ProductId, ShopId, UserId } from './ids';

/** Lifecycle of a campaign. */
export const campaignStatuses = ['DRAFT', 'SCHEDULED', 'RUNNING', 'PAUSED', 'COMPLETED'] as const;
/** One of {@link campaignStatuses}. */
export type CampaignStatus = (typeof campaignStatuses)[number];

/** Channels of campaigns. */
export const campaignChannels = ['EMAIL', 'SMS', 'PUSH', 'ONSITE', 'MAIL'] as const;
/** One of {@link campaignChannels}. */
export type CampaignChannel = (typeof campaignChannels)[number];

/** Reactions to a contact. */
export const outcomeTypes = ['OPEN', 'CLICK', 'VISIT', 'CONVERSION', 'UNSUBSCRIBE'] as const;
/** One of {@link outcomeTypes}. */
export type OutcomeType = (typeof outcomeTypes)[number];

/** Arms of a campaign: contacted, or left out to measure the lift. */
export const campaignArms = ['TREATMENT', 'HOLDOUT'] as const;

/** An offer of a campaign. */
export interface Offer {
  readonly id: string;
  readonly campaignId: CampaignId;
  readonly title: string;
  /** Discount as a share of the price, 0-1; null when it is an amount. */
  readonly discountRate: number | null;
  readonly discountMinor: number | null;
  readonly productIds: readonly ProductId[];
  readonly costMinor: number | null;
}

/** A campaign. */
export interface Campaign {
  readonly shopId: ShopId;
  readonly id: CampaignId;
  readonly name: string;
  readonly status: CampaignStatus;
  readonly channel: CampaignChannel;
  readonly budgetMinor: number | null;
  /** Share of the audience that is not contacted, to measure the lift, 0-1. */
  readonly holdoutRate: number;
  readonly startsAt: number | null;
  readonly endsAt: number | null;
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** A shopper who was contacted (TREATMENT), or left out to measure the lift (HOLDOUT). */
export interface CampaignContact {
  readonly campaignId: CampaignId;
  readonly userId: UserId;
  readonly offerId: string | null;
  readonly arm: (typeof campaignArms)[number];
  /** Probability with which this arm was drawn; null when unknown. */
  readonly propensity: number | null;
  readonly contactedAt: number;
}

/** What a shopper of either arm did after the contact. */
export interface CampaignOutcome {
  readonly id: string;
  readonly campaignId: CampaignId;
  readonly userId: UserId;
  readonly type: OutcomeType;
  readonly valueMinor: number | null;
  readonly occurredAt: number;
}
