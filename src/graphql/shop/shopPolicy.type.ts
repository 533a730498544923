import { Field, Float, Int, ObjectType } from 'type-graphql';
import { type InteractionType, interactionTypes } from '../../domain/interaction';
import type { AlreadySeenRule, ShopPolicy } from '../../domain/shopPolicy';
import { interactionTypeEnum } from '../interaction/interaction.enums';
import { alreadySeenRuleEnum } from './shopPolicy.enums';

@ObjectType('EventWeight', {
  simpleResolvers: true,
  description: 'How much one event of a type says that the shopper likes the product.',
})
class EventWeightType {
  @Field(() => interactionTypeEnum, { description: 'The type.' })
  readonly type!: InteractionType;

  @Field(() => Float, {
    description:
      'From -25 to 25, negative for dislike. Weights of all events of one shopper with one product are summed within the same range. With stars, the weight is multiplied by (stars - 2.5) / 2.5.',
  })
  readonly weight!: number;
}

@ObjectType('AlreadySeenPolicy', {
  simpleResolvers: true,
  description:
    "What is left out of a shopper's own lists because the shopper has dealt with it, as far as their latest 200 events tell.",
})
class AlreadySeenType {
  @Field(() => alreadySeenRuleEnum, { description: 'What is left out.' })
  readonly rule!: AlreadySeenRule;

  @Field(() => Int, {
    nullable: true,
    description: 'Days for which an event counts for the rule; null: however old the event is.',
  })
  readonly days!: number | null;
}

@ObjectType('NewcomersPolicy', {
  simpleResolvers: true,
  description: "Places of a shopper's own lists for products too new for the model that leads the list.",
})
class NewcomersType {
  @Field(() => Int, {
    description:
      'One place in this many is offered to a newcomer: with 10 at ranks 10, 20, ...; 0 offers none.',
  })
  readonly every!: number;

  @Field(() => Int, {
    description: 'Days after its creation for which a product that nobody has liked counts as new.',
  })
  readonly days!: number;
}

@ObjectType('RetentionPolicy', {
  simpleResolvers: true,
  description: 'How long data are kept. What is older is removed within the hour.',
})
class RetentionType {
  @Field(() => Int, {
    nullable: true,
    description: 'Days an interaction is kept; null keeps it until the user is erased.',
  })
  readonly interactionDays!: number | null;

  @Field(() => Int, {
    description:
      'Days a recommendation list made from now on is kept for attribution. Predictions are kept as long, and no longer than interactions.',
  })
  readonly listDays!: number;
}

/** A shop's settings. */
@ObjectType('ShopPolicy', {
  simpleResolvers: true,
  description:
    "A shop's own settings, as it is served by them now. `shopPolicyUpdate` and `affinity shop policy` change them.",
})
export class ShopPolicyType {
  @Field(() => [EventWeightType], {
    description:
      'How much an event of each type weighs, for every type. Lists and interests follow a change at once, models with their next training.',
  })
  readonly eventWeights!: readonly EventWeightType[];

  @Field(() => AlreadySeenType, { description: 'What is left out of lists as already dealt with.' })
  readonly alreadySeen!: AlreadySeenType;

  @Field(() => NewcomersType, { description: 'Places for new products.' })
  readonly newcomers!: NewcomersType;

  @Field(() => RetentionType, { description: 'How long data are kept.' })
  readonly retention!: RetentionType;

  @Field(() => Int, {
    description:
      'Days after a list or contact in which an event may be attributed to it. Kept for campaign reports; nothing reads it yet.',
  })
  readonly attributionWindowDays!: number;
}

/** What the schema shows of a policy. */
export const toShopPolicyView = ({ eventWeights, ...policy }: ShopPolicy): ShopPolicyType => ({
  ...policy,
  eventWeights: interactionTypes.map(type => ({ type, weight: eventWeights[type] })),
});
