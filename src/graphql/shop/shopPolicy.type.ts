import { Field, Float, Int, ObjectType } from 'type-graphql';
import { type InteractionType, interactionTypes } from '../../domain/interaction';
import type { AlreadySeenRule, ShopPolicy } from '../../domain/shopPolicy';
import { interactionTypeEnum } from '../interaction/interaction.enums';
import { alreadySeenRuleEnum } from './shopPolicy.enums';

@ObjectType('EventWeight', {
  simpleResolvers: true,
  description: 'Weight of one event of a type in the preference of a shopper for a product.',
})
class EventWeightType {
  @Field(() => interactionTypeEnum, { description: 'Type of the event.' })
  readonly type!: InteractionType;

  @Field(() => Float, {
    description:
      '-25 to 25; negative for dislike. The weights of all events of one shopper with one product are summed and clamped to the same range. Weights of events with stars are multiplied by (stars - 2.5) / 2.5.',
  })
  readonly weight!: number;
}

@ObjectType('AlreadySeenPolicy', {
  simpleResolvers: true,
  description:
    "Products that are excluded from a shopper's own lists because of the shopper's latest 200 events.",
})
class AlreadySeenType {
  @Field(() => alreadySeenRuleEnum, { description: 'Rule that decides which products are excluded.' })
  readonly rule!: AlreadySeenRule;

  @Field(() => Int, {
    nullable: true,
    description: 'Number of days for which an event counts for the rule. Null counts events of any age.',
  })
  readonly days!: number | null;
}

@ObjectType('NewcomersPolicy', {
  simpleResolvers: true,
  description: "Places in a shopper's own lists for products that are too new for the leading model.",
})
class NewcomersType {
  @Field(() => Int, {
    description: 'Distance between these places: 10 offers ranks 10, 20, ... to new products; 0 offers none.',
  })
  readonly every!: number;

  @Field(() => Int, {
    description:
      'Number of days after its creation for which a product without positive events counts as new.',
  })
  readonly days!: number;
}

@ObjectType('DiscoveryPolicy', {
  simpleResolvers: true,
  description: "Places in a shopper's own lists for products that they never bought.",
})
class DiscoveryType {
  @Field(() => Int, {
    description:
      'Number of places of which at least one has such a product: 6 keeps two of twelve places from repeats; 0 keeps none.',
  })
  readonly every!: number;
}

@ObjectType('RetentionPolicy', {
  simpleResolvers: true,
  description: 'How long data are stored. Older data are removed within one hour.',
})
class RetentionType {
  @Field(() => Int, {
    nullable: true,
    description: 'Number of days that interactions are stored. Null stores them until the user is erased.',
  })
  readonly interactionDays!: number | null;

  @Field(() => Int, {
    description:
      'Number of days that new recommendation lists are stored for attribution. Predictions are stored as long as lists, and no longer than interactions.',
  })
  readonly listDays!: number;
}

@ObjectType('CampaignPolicy', {
  simpleResolvers: true,
  description: 'Limits that hold for all campaigns. A campaign may set stricter ones.',
})
class CampaignPolicyType {
  @Field(() => Int, {
    description: 'Number of contacts that a shopper may have in `capDays` days, over all campaigns.',
  })
  readonly maxContacts!: number;

  @Field(() => Int, { description: 'Number of days of the frequency cap.' })
  readonly capDays!: number;

  @Field(() => Int, { description: 'Minute of the local day from which nobody is contacted, 0 to 1439.' })
  readonly quietFromMinute!: number;

  @Field(() => Int, {
    description:
      'Minute of the local day at which quiet hours end, 0 to 1439. Equal to `quietFromMinute` where there are none.',
  })
  readonly quietToMinute!: number;

  @Field(() => String, {
    description: 'IANA name of the time zone of shoppers without an attribute `timeZone`.',
  })
  readonly timeZone!: string;
}

@ObjectType('ShopPolicy', {
  simpleResolvers: true,
  description:
    'Settings of the shop by which this gateway serves now. `shopPolicyUpdate` and `affinity shop policy` change them.',
})
export class ShopPolicyType {
  @Field(() => [EventWeightType], {
    description:
      'Weights of all event types. Lists and interests follow a change at once, models with their next training.',
  })
  readonly eventWeights!: readonly EventWeightType[];

  @Field(() => AlreadySeenType, { description: 'Products that are excluded as already seen.' })
  readonly alreadySeen!: AlreadySeenType;

  @Field(() => NewcomersType, { description: 'Places for new products.' })
  readonly newcomers!: NewcomersType;

  @Field(() => DiscoveryType, { description: 'Places for products that a shopper never bought.' })
  readonly discovery!: DiscoveryType;

  @Field(() => RetentionType, { description: 'How long data are stored.' })
  readonly retention!: RetentionType;

  @Field(() => Int, {
    description:
      'Number of days after a list or contact in which an event may be attributed to it. Campaign reports will read it; nothing does yet.',
  })
  readonly attributionWindowDays!: number;

  @Field(() => CampaignPolicyType, { description: 'Limits that hold for all campaigns.' })
  readonly campaigns!: CampaignPolicyType;
}

/** Converts a policy to its GraphQL type. */
export const toShopPolicyView = ({ eventWeights, ...policy }: ShopPolicy): ShopPolicyType => ({
  ...policy,
  eventWeights: interactionTypes.map(type => ({ type, weight: eventWeights[type] })),
});
