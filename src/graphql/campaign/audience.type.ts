import { Field, Int, ObjectType } from 'type-graphql';
import type { CampaignChannel } from '../../domain/campaign';
import { dateTimeScalar } from '../scalars/dateTime';
import { campaignChannelEnum } from './campaign.enums';

/** Something that a campaign lacks. */
@ObjectType('CampaignProblem', {
  simpleResolvers: true,
  description: 'What keeps a campaign from being launched.',
})
export class CampaignProblemType {
  @Field(() => [String], { description: 'Path of the field, such as ["holdoutRate"].' })
  readonly field!: readonly string[];

  @Field(() => String, { description: 'What was expected, what was found, and what to do.' })
  readonly message!: string;
}

/** Estimate of the size of an audience. */
@ObjectType('CampaignAudienceSize', {
  simpleResolvers: true,
  description:
    'Estimate of the number of shoppers whom a campaign may address now. It is counted among shoppers who allow ANALYTICS, at most 20,000 of them, and scaled up.',
})
export class CampaignAudienceSizeType {
  @Field(() => Int, {
    nullable: true,
    description: 'The estimate. Null when it is unknown; `problem` says why.',
  })
  readonly count!: number | null;

  @Field(() => Int, {
    nullable: true,
    description: 'Lower bound of the 95 % interval. Equal to `count` when all were counted.',
  })
  readonly low!: number | null;

  @Field(() => Int, {
    nullable: true,
    description: 'Upper bound of the 95 % interval. Equal to `count` when all were counted.',
  })
  readonly high!: number | null;

  @Field(() => Int, {
    nullable: true,
    description:
      'Number of shoppers who may be contacted over a channel of the campaign, whatever its filter.',
  })
  readonly contactable!: number | null;

  @Field(() => CampaignProblemType, {
    nullable: true,
    description: 'Why the size is unknown. Null when it is known.',
  })
  readonly problem!: CampaignProblemType | null;
}

/** What holds for one shopper. */
@ObjectType('CampaignShopper', {
  simpleResolvers: true,
  description: 'Whether and when a campaign may contact one shopper, as of now.',
})
export class CampaignShopperType {
  @Field(() => Boolean, {
    description:
      'Whether the shopper is in the audience, active, and may be contacted over a channel of the campaign.',
  })
  readonly isEligible!: boolean;

  @Field(() => [campaignChannelEnum], { description: 'Channels over which they may be contacted.' })
  readonly channels!: readonly CampaignChannel[];

  @Field(() => String, { description: 'IANA name of the time zone that counts for them.' })
  readonly timeZone!: string;

  @Field(() => dateTimeScalar, {
    nullable: true,
    description:
      'First instant at which they may be contacted, by quiet hours, windows and frequency caps, between the start and the end. Null when there is none, and for shoppers who are not eligible.',
  })
  readonly nextContactAt!: number | null;
}
