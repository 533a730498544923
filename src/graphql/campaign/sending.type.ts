import { Field, Int, ObjectType } from 'type-graphql';
import type { CampaignChannel } from '../../domain/campaign';
import type { Weekday } from '../../domain/localTime';
import { safeIntScalar } from '../scalars/safeInt';
import { campaignChannelEnum, weekdayEnum } from './campaign.enums';

/** A channel that a campaign may use. */
@ObjectType('CampaignChannelCost', {
  simpleResolvers: true,
  description: 'A channel that a campaign may use, with the cost of one contact.',
})
export class ChannelCostType {
  @Field(() => campaignChannelEnum, { description: 'The channel.' })
  readonly channel!: CampaignChannel;

  @Field(() => safeIntScalar, { description: "Cost of one contact, in minor units of the shop's currency." })
  readonly costMinor!: number;
}

/** Limit of contacts to one shopper. */
@ObjectType('FrequencyCap', {
  simpleResolvers: true,
  description: 'Limit of contacts to one shopper, over all campaigns.',
})
export class FrequencyCapType {
  @Field(() => Int, { description: 'Maximum number of contacts.' })
  readonly contacts!: number;

  @Field(() => Int, { description: 'In any such number of days.' })
  readonly days!: number;
}

/** Minutes of each day in which nobody is contacted. */
@ObjectType('QuietHours', {
  simpleResolvers: true,
  description: "Minutes of each day, in the shopper's own time zone, in which nobody is contacted.",
})
export class QuietHoursType {
  @Field(() => Int, {
    description: 'First minute, 0 to 1439. After `endMinute` when they last over midnight.',
  })
  readonly startMinute!: number;

  @Field(() => Int, { description: 'Minute at which they end, 0 to 1439.' })
  readonly endMinute!: number;
}

/** Minutes of some weekdays in which contacts may be made. */
@ObjectType('SendingWindow', {
  simpleResolvers: true,
  description: "Minutes of some weekdays, in the shopper's own time zone, in which contacts may be made.",
})
export class SendingWindowType {
  @Field(() => [weekdayEnum], { description: 'The weekdays.' })
  readonly weekdays!: readonly Weekday[];

  @Field(() => Int, { description: 'First minute of the day, 0 to 1439.' })
  readonly startMinute!: number;

  @Field(() => Int, { description: 'Minute at which it ends, 1 to 1440.' })
  readonly endMinute!: number;
}
