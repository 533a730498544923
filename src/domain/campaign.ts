import type { Audience } from './audience';
import type { FrequencyCap } from './frequencyCap';
import type { CampaignId, ProductId, ShopId, UserId } from './ids';
import type { QuietHours, SendingWindow } from './sendingTime';

/** Lifecycle of a campaign; domain/campaignStatus.ts has its steps. */
export const campaignStatuses = ['DRAFT', 'PLANNED', 'RUNNING', 'PAUSED', 'COMPLETED', 'CANCELLED'] as const;
/** One of {@link campaignStatuses}. */
export type CampaignStatus = (typeof campaignStatuses)[number];

/** Channels of campaigns. */
export const campaignChannels = ['EMAIL', 'SMS', 'PUSH', 'ONSITE', 'MAIL'] as const;
/** One of {@link campaignChannels}. */
export type CampaignChannel = (typeof campaignChannels)[number];

/** What a campaign is to bring. */
export const campaignObjectives = ['CLICK', 'CONVERSION', 'REVENUE', 'RETENTION'] as const;
/** One of {@link campaignObjectives}. */
export type CampaignObjective = (typeof campaignObjectives)[number];

/** Kinds of offers. */
export const offerKinds = ['PERCENTAGE', 'FIXED', 'FREE_SHIPPING', 'BUNDLE', 'POINTS'] as const;
/** One of {@link offerKinds}. */
export type OfferKind = (typeof offerKinds)[number];

/** Reactions to a contact. */
export const outcomeTypes = ['OPEN', 'CLICK', 'VISIT', 'CONVERSION', 'UNSUBSCRIBE'] as const;
/** One of {@link outcomeTypes}. */
export type OutcomeType = (typeof outcomeTypes)[number];

/** Arms of a campaign: contacted, or left out to measure the lift. */
export const campaignArms = ['TREATMENT', 'HOLDOUT'] as const;

/** A channel that a campaign may use. */
export interface ChannelCost {
  readonly channel: CampaignChannel;
  /** Cost of one contact, in minor units of the shop's currency; 0 for none. */
  readonly costMinor: number;
}

/** What every offer says, and all that imports of other programs know. */
export interface OfferDescription {
  readonly id: string;
  readonly campaignId: CampaignId;
  readonly title: string;
  /** Discount as a share of the price, 0-1; null when it is an amount. */
  readonly discountRate: number | null;
  readonly discountMinor: number | null;
  readonly productIds: readonly ProductId[];
  /** Cost of one redemption for the shop besides the discount, in minor units. */
  readonly costMinor: number | null;
}

/** What an offer says since campaigns can be created here. */
export interface OfferTerms {
  readonly kind: OfferKind;
  /** Categories that the offer applies to besides `productIds`, each from the root down. */
  readonly categories: readonly (readonly string[])[];
  /** Points that a redemption earns; null for other kinds. */
  readonly points: number | null;
}

/** An offer of a campaign. */
export interface Offer extends OfferDescription, OfferTerms {}

/** An offer to write, without or with its terms. */
export type OfferUpsert = OfferDescription & Partial<OfferTerms>;

/** Returns the terms of an offer whose row has none. */
export const impliedTerms = ({ discountRate }: OfferDescription): OfferTerms => ({
  kind: discountRate === null ? 'FIXED' : 'PERCENTAGE',
  categories: [],
  points: null,
});

/** What every campaign says, and all that imports of other programs know. */
export interface CampaignDescription {
  readonly shopId: ShopId;
  readonly id: CampaignId;
  readonly name: string;
  /** SCHEDULED is how PLANNED was called before; it is read as PLANNED. */
  readonly status: CampaignStatus | 'SCHEDULED';
  /** The first of `channels`, for clients that know one channel only. */
  readonly channel: CampaignChannel;
  readonly budgetMinor: number | null;
  /** Share of the audience that is not contacted, to measure the lift, 0-1. */
  readonly holdoutRate: number;
  readonly startsAt: number | null;
  readonly endsAt: number | null;
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** What a campaign says since campaigns can be created here. */
export interface CampaignSettings {
  readonly objective: CampaignObjective;
  /** Channels that it may use, at least one, each once. */
  readonly channels: readonly ChannelCost[];
  /** Stricter than the cap of the shop, which always holds; null: only that of the shop. */
  readonly frequencyCap: FrequencyCap | null;
  /** Added to those of the shop; null: only those of the shop. */
  readonly quietHours: QuietHours | null;
  /** When contacts may be made, in the shopper's own time zone; empty: at any time outside quiet hours. */
  readonly sendingWindows: readonly SendingWindow[];
  /** Number of days after a contact in which an event may be attributed to it, 1-365; null: as the shop says. */
  readonly attributionWindowDays: number | null;
  readonly audience: Audience;
}

/** A campaign. */
export interface Campaign extends CampaignDescription, CampaignSettings {
  readonly status: CampaignStatus;
  /** Number of the change that made it as it is, from 1; two editors cannot overwrite each other. */
  readonly version: number;
}

/** A campaign to write. Absent settings stay as they are, or have the {@link impliedSettings} of a new row. */
export type CampaignUpsert = CampaignDescription & Partial<CampaignSettings>;

/** Returns the settings of a campaign whose row has none. */
export const impliedSettings = ({ channel }: CampaignDescription): CampaignSettings => ({
  objective: 'CONVERSION',
  channels: [{ channel, costMinor: 0 }],
  frequencyCap: null,
  quietHours: null,
  sendingWindows: [],
  attributionWindowDays: null,
  audience: { by: 'MODEL' },
});

/** A campaign with its offers. */
export interface CampaignWithOffers {
  readonly campaign: Campaign;
  readonly offers: readonly Offer[];
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
