import { Field, Float, ID, Int, ObjectType } from 'type-graphql';
import type { Campaign, CampaignChannel, CampaignStatus, Offer } from '../../domain/campaign';
import type { CampaignId, ProductId } from '../../domain/ids';
import { toGlobalId } from '../node/globalId';
import { NodeType } from '../node/node.type';
import { connectionTypes } from '../paging/connection';
import { dateTimeScalar } from '../scalars/dateTime';
import { safeIntScalar } from '../scalars/safeInt';
import { campaignChannelEnum, campaignStatusEnum } from './campaign.enums';

/** A thing offered in a campaign. */
@ObjectType('Offer', { simpleResolvers: true, description: 'A thing offered in a campaign.' })
export class OfferType {
  @Field(() => ID, { description: "The shop's own id." })
  readonly offerId!: string;

  @Field(() => String, { description: 'Title for people.' })
  readonly title!: string;

  @Field(() => Float, {
    nullable: true,
    description: 'Share off the price, 0 to 1; null when it is an amount.',
  })
  readonly discountRate!: number | null;

  @Field(() => safeIntScalar, { nullable: true, description: 'Amount off the price, in minor units.' })
  readonly discountMinor!: number | null;

  @Field(() => safeIntScalar, { nullable: true, description: 'What one use costs the shop, in minor units.' })
  readonly costMinor!: number | null;

  @Field(() => [ID], { description: 'Products it is for.' })
  readonly productIds!: readonly ProductId[];
}

/** Contacts of a campaign by arm. */
@ObjectType({ simpleResolvers: true, description: 'How many shoppers are in each arm of a campaign.' })
export class CampaignContactCounts {
  @Field(() => Int, { description: 'Shoppers who were addressed.' })
  readonly treatment!: number;

  @Field(() => Int, { description: 'Shoppers left alone on purpose, to measure the lift.' })
  readonly holdout!: number;
}

/** A campaign. */
@ObjectType('Campaign', { implements: NodeType, simpleResolvers: true, description: 'A campaign.' })
export class CampaignType extends NodeType {
  @Field(() => ID, { description: "The shop's own id." })
  readonly campaignId!: CampaignId;

  @Field(() => String, { description: 'Name for people.' })
  readonly name!: string;

  @Field(() => campaignStatusEnum, { description: 'Where it is in its life.' })
  readonly status!: CampaignStatus;

  @Field(() => campaignChannelEnum, { description: 'How it reaches shoppers.' })
  readonly channel!: CampaignChannel;

  @Field(() => safeIntScalar, {
    nullable: true,
    description: "Budget, in minor units of the shop's currency.",
  })
  readonly budgetMinor!: number | null;

  @Field(() => Float, { description: 'Share of the audience left alone to measure the lift, 0 to 1.' })
  readonly holdoutRate!: number;

  @Field(() => dateTimeScalar, { nullable: true, description: 'When it starts.' })
  readonly startsAt!: number | null;

  @Field(() => dateTimeScalar, { nullable: true, description: 'When it ends.' })
  readonly endsAt!: number | null;

  @Field(() => dateTimeScalar, { description: 'When it was made.' })
  readonly createdAt!: number;

  @Field(() => dateTimeScalar, { description: 'When it last changed.' })
  readonly updatedAt!: number;
}

/** Pages of campaigns. */
export const { Connection: CampaignConnection } = connectionTypes('Campaign', () => CampaignType, 'campaign');

/** What the schema shows of a campaign. */
export function toCampaignView(campaign: Campaign): CampaignType {
  const { shopId: _, id, ...rest } = campaign;
  return { ...rest, __typename: 'Campaign', id: toGlobalId('Campaign', id), campaignId: id };
}

/** What the schema shows of an offer. */
export function toOfferView(offer: Offer): OfferType {
  const { id, campaignId: _, ...rest } = offer;
  return { ...rest, offerId: id };
}
