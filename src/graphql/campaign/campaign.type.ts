import { Field, Float, ID, Int, ObjectType } from 'type-graphql';
import type { Campaign, CampaignChannel, CampaignStatus, Offer } from '../../domain/campaign';
import type { CampaignId, ProductId } from '../../domain/ids';
import { toGlobalId } from '../node/globalId';
import { NodeType } from '../node/node.type';
import { connectionTypes } from '../paging/connection';
import { dateTimeScalar } from '../scalars/dateTime';
import { safeIntScalar } from '../scalars/safeInt';
import { campaignChannelEnum, campaignStatusEnum } from './campaign.enums';

/** An offer of a campaign, such as a discount. */
@ObjectType('Offer', { simpleResolvers: true, description: 'An offer of a campaign, such as a discount.' })
export class OfferType {
  @Field(() => ID, { description: "Id in the shop's own system." })
  readonly offerId!: string;

  @Field(() => String, { description: 'Display title.' })
  readonly title!: string;

  @Field(() => Float, {
    nullable: true,
    description: 'Discount as a share of the price, 0 to 1. Null when the discount is an amount.',
  })
  readonly discountRate!: number | null;

  @Field(() => safeIntScalar, {
    nullable: true,
    description: 'Discount as an amount, in minor units. Null when the discount is a share.',
  })
  readonly discountMinor!: number | null;

  @Field(() => safeIntScalar, {
    nullable: true,
    description: 'Cost of one redemption for the shop, in minor units.',
  })
  readonly costMinor!: number | null;

  @Field(() => [ID], { description: 'Ids of the products that the offer applies to.' })
  readonly productIds!: readonly ProductId[];
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

  @Field(() => campaignChannelEnum, { description: 'Channel over which it contacts shoppers.' })
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
}

/** Connection of campaigns. */
export const { Connection: CampaignConnection } = connectionTypes('Campaign', () => CampaignType, 'campaign');

/** Converts a campaign to its GraphQL type. */
export function toCampaignView(campaign: Campaign): CampaignType {
  const { shopId: _, id, ...rest } = campaign;
  return { ...rest, __typename: 'Campaign', id: toGlobalId('Campaign', id), campaignId: id };
}

/** Converts an offer to its GraphQL type. */
export function toOfferView(offer: Offer): OfferType {
  const { id, campaignId: _, ...rest } = offer;
  return { ...rest, offerId: id };
}
