import { Field, ObjectType } from 'type-graphql';
import type { CampaignChannel } from '../../domain/campaign';
import type { UserId } from '../../domain/ids';
import type { SuppressionReason } from '../../domain/subscription';
import { campaignChannelEnum } from '../campaign/campaign.enums';
import { dateTimeScalar } from '../scalars/dateTime';
import { suppressionReasonEnum } from './subscription.enums';

/** What holds for MARKETING over one channel. */
@ObjectType('Subscription', {
  simpleResolvers: true,
  description: 'What a shopper chose for MARKETING over one channel, and what the channel reported.',
})
export class SubscriptionType {
  readonly userId!: UserId;

  @Field(() => campaignChannelEnum, { description: 'The channel.' })
  readonly channel!: CampaignChannel;

  @Field(() => Boolean, {
    nullable: true,
    description: 'Choice of the shopper. Null when they chose nothing: their consent for MARKETING counts.',
  })
  readonly isSubscribed!: boolean | null;

  @Field(() => Boolean, {
    description:
      'Whether campaigns may contact the shopper over it: subscribed or with an explicit consent for MARKETING, which was not withdrawn, and without a report.',
  })
  readonly isContactable!: boolean;

  @Field(() => String, {
    nullable: true,
    description: 'Where the choice was made, such as an API call or `one-click`. Null without a choice.',
  })
  readonly source!: string | null;

  @Field(() => suppressionReasonEnum, {
    nullable: true,
    description: 'What the channel reported. Null when nothing.',
  })
  readonly suppression!: SuppressionReason | null;

  @Field(() => dateTimeScalar, { nullable: true, description: 'When the channel reported it.' })
  readonly suppressedAt!: number | null;
}
