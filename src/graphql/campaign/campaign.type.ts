import { Field, Float, ID, Int, ObjectType } from 'type-graphql';
import type { Audience } from '../../domain/audience';
import type {
  Campaign,
  CampaignChannel,
  CampaignObjective,
  CampaignStatus,
  CampaignWithOffers,
  Offer,
  OfferKind,
} from '../../domain/campaign';
import type { CampaignId, ProductId } from '../../domain/ids';
import type { JsonObject } from '../../intake/jsonObject';
import { toGlobalId } from '../node/globalId';
import { NodeType } from '../node/node.type';
import { connectionTypes } from '../paging/connection';
import { dateTimeScalar } from '../scalars/dateTime';
import { jsonObjectScalar } from '../scalars/jsonObject';
import { safeIntScalar } from '../scalars/safeInt';
import {
  type AudienceChoice,
  audienceChoiceEnum,
  campaignChannelEnum,
  campaignObjectiveEnum,
  campaignStatusEnum,
  offerKindEnum,
} from './campaign.enums';
import { ChannelCostType, FrequencyCapType, QuietHoursType, SendingWindowType } from './sending.type';

/** An offer of a campaign, such as a discount. */
@ObjectType('Offer', { simpleResolvers: true, description: 'An offer of a campaign, such as a discount.' })
export class OfferType {
  @Field(() => ID, { description: "Id in the shop's own system." })
  readonly offerId!: string;

  @Field(() => String, { description: 'Display title.' })
  readonly title!: string;

  @Field(() => offerKindEnum, { description: 'Kind of the offer.' })
  readonly kind!: OfferKind;

  @Field(() => Float, {
    nullable: true,
    description:
      'Discount as a share of the price, 0 to 1. Null for an amount, and for kinds without a discount.',
  })
  readonly discountRate!: number | null;

  @Field(() => safeIntScalar, {
    nullable: true,
    description: 'Discount as an amount, in minor units. Null for a share, and for kinds without a discount.',
  })
  readonly discountMinor!: number | null;

  @Field(() => safeIntScalar, {
    nullable: true,
    description: 'Cost of one redemption for the shop, in minor units.',
  })
  readonly costMinor!: number | null;

  @Field(() => [ID], { description: 'Ids of the products that the offer applies to.' })
  readonly productIds!: readonly ProductId[];

  @Field(() => [[String]], {
    description: 'Categories that the offer applies to, each from the root down.',
  })
  readonly categories!: readonly (readonly string[])[];

  @Field(() => Int, { nullable: true, description: 'Points that it earns. Null for other kinds.' })
  readonly points!: number | null;
}

/** Whom a campaign may address. */
@ObjectType('CampaignAudience', {
  simpleResolvers: true,
  description: 'Whom a campaign may address, among the shoppers who may be contacted.',
})
export class CampaignAudienceType {
  @Field(() => audienceChoiceEnum, { description: 'How the audience is chosen.' })
  readonly by!: AudienceChoice;

  @Field(() => jsonObjectScalar, {
    nullable: true,
    description:
      'The condition: nested objects with the keys of `AudienceFilterInput`; `attribute` has its value in `equals`. Null where the model chooses.',
  })
  readonly filter!: JsonObject | null;
}

/** Number of contacts per arm of a campaign. */
@ObjectType({ simpleResolvers: true, description: 'Number of shoppers in each arm of a campaign.' })
export class CampaignContactCounts {
  @Field(() => Int, { description: 'Shoppers who were contacted.' })
  readonly treatment!: number;

  @Field(() => Int, {
    description: 'Shoppers in the hold-out group, who were not contacted so that the lift can be measured.',
  })
  readonly holdout!: number;
}

/** A marketing campaign of the shop. */
@ObjectType('Campaign', {
  implements: NodeType,
  simpleResolvers: true,
  description: 'A marketing campaign of the shop.',
})
export class CampaignType extends NodeType {
  @Field(() => ID, { description: "Id in the shop's own system." })
  readonly campaignId!: CampaignId;

  @Field(() => String, { description: 'Display name.' })
  readonly name!: string;

  @Field(() => campaignStatusEnum, { description: 'Status of the campaign.' })
  readonly status!: CampaignStatus;

  @Field(() => campaignObjectiveEnum, { description: 'What it is to bring.' })
  readonly objective!: CampaignObjective;

  @Field(() => Int, {
    description: 'Number of the change that made it as it is. Send it with `campaignUpdate`.',
  })
  readonly version!: number;

  @Field(() => [ChannelCostType], { description: 'Channels that it may use, with their costs.' })
  readonly channels!: readonly ChannelCostType[];

  @Field(() => FrequencyCapType, {
    nullable: true,
    description: 'Its cap of contacts to one shopper. The cap of the shop always holds too. Null for none.',
  })
  readonly frequencyCap!: FrequencyCapType | null;

  @Field(() => QuietHoursType, {
    nullable: true,
    description: 'Its quiet hours. Those of the shop always hold too. Null for none.',
  })
  readonly quietHours!: QuietHoursType | null;

  @Field(() => [SendingWindowType], {
    description: 'When contacts may be made. Empty: at any time outside quiet hours.',
  })
  readonly sendingWindows!: readonly SendingWindowType[];

  @Field(() => Int, {
    nullable: true,
    description:
      'Number of days after a contact in which an event may be attributed to it. Null: as the policy of the shop says.',
  })
  readonly attributionWindowDays!: number | null;

  @Field(() => CampaignAudienceType, { description: 'Whom it may address.' })
  readonly audience!: CampaignAudienceType;

  @Field(() => campaignChannelEnum, {
    description: 'Channel over which it contacts shoppers: the first of `channels`.',
    deprecationReason: 'Use `channels`.',
  })
  readonly channel!: CampaignChannel;

  @Field(() => safeIntScalar, {
    nullable: true,
    description: "Budget, in minor units of the shop's currency.",
  })
  readonly budgetMinor!: number | null;

  @Field(() => Float, { description: 'Share of the audience in the hold-out group, 0 to 1.' })
  readonly holdoutRate!: number;

  @Field(() => dateTimeScalar, { nullable: true, description: 'When the campaign starts.' })
  readonly startsAt!: number | null;

  @Field(() => dateTimeScalar, { nullable: true, description: 'When the campaign ends.' })
  readonly endsAt!: number | null;

  @Field(() => dateTimeScalar, { description: 'When the campaign was created.' })
  readonly createdAt!: number;

  @Field(() => dateTimeScalar, { description: 'When the campaign last changed.' })
  readonly updatedAt!: number;

  /** The campaign itself. */
  readonly campaign!: Campaign;

  /** Its offers, where they are not those that are stored. */
  readonly offersOfPreview!: readonly Offer[] | null;
}

/** Connection of campaigns. */
export const { Connection: CampaignConnection } = connectionTypes('Campaign', () => CampaignType, 'campaign');

const toAudienceView = (audience: Audience): CampaignAudienceType => ({
  by: audience.by,
  filter: audience.by === 'FILTER' ? audience.filter : null,
});

/** Converts a campaign to its GraphQL type. */
export function toCampaignView(campaign: Campaign): CampaignType {
  const { shopId: _, id, audience, ...rest } = campaign;
  const ids = { id: toGlobalId('Campaign', id), campaignId: id };
  const more = { audience: toAudienceView(audience), campaign, offersOfPreview: null };
  return { ...rest, ...ids, ...more, __typename: 'Campaign' };
}

/** Converts a campaign whose offers need not be stored. */
export const toEditedView = ({ campaign, offers }: CampaignWithOffers): CampaignType => ({
  ...toCampaignView(campaign),
  offersOfPreview: offers,
});

/** Converts an offer to its GraphQL type. */
export function toOfferView(offer: Offer): OfferType {
  const { id, campaignId: _, ...rest } = offer;
  return { ...rest, offerId: id };
}
