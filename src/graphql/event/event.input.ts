import { Field, Float, ID, InputType, Int } from 'type-graphql';
import type { InteractionType } from '../../domain/interaction';
import { type ErrorPolicy, errorPolicyEnum } from '../batch/batch.enums';
import { interactionTypeEnum } from '../interaction/interaction.enums';

/** Which list led to an event. */
@InputType({ description: 'The list that led to an event.' })
export class AttributionInput {
  @Field(() => ID, { description: 'The `listId` (or `id`) of the list.' })
  readonly listId!: string;

  @Field(() => Int, { nullable: true, description: 'Rank in the list, 1 = first.' })
  readonly rank?: number | null;
}

/** One thing a shopper did. */
@InputType({ description: 'One thing a shopper did.' })
export class EventInput {
  @Field(() => ID, {
    description: "The client's own id of the event, 1 to 256 characters: a repeat of it counts once, ever.",
  })
  readonly eventId!: string;

  @Field(() => interactionTypeEnum, { description: 'What they did.' })
  readonly type!: InteractionType;

  @Field(() => ID, {
    nullable: true,
    description: "The shopper, when it is not the call's. A SHOPPER credential may name only itself.",
  })
  readonly userId?: string | null;

  @Field(() => ID, { nullable: true, description: 'The product; only a SEARCH may leave it out.' })
  readonly productId?: string | null;

  @Field(() => Float, {
    nullable: true,
    description: 'Units for carts, purchases and returns (1 when left out); stars, 0 to 5, for ratings.',
  })
  readonly value?: number | null;

  @Field(() => Float, {
    nullable: true,
    description: "Price of one unit, a whole number of minor units of the shop's currency.",
  })
  readonly priceMinor?: number | null;

  @Field(() => String, { nullable: true, description: 'What was searched for; a SEARCH needs it.' })
  readonly queryText?: string | null;

  @Field(() => ID, { nullable: true, description: "The client's own id of the visit." })
  readonly sessionId?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'When it happened, as ISO 8601 with a time zone; now when left out.',
  })
  readonly occurredAt?: string | null;

  @Field(() => AttributionInput, { nullable: true, description: 'The list that led there.' })
  readonly attribution?: AttributionInput | null;
}

/** Events to keep. */
@InputType({ description: 'Events to keep in one call.' })
export class EventsTrackInput {
  @Field(() => [EventInput], { description: 'The events, at most 1,000.' })
  readonly events!: readonly EventInput[];

  @Field(() => errorPolicyEnum, {
    nullable: true,
    defaultValue: 'IGNORE_FAILED',
    description: 'What to do when some of them cannot be kept.',
  })
  readonly errorPolicy?: ErrorPolicy | null;

  @Field(() => ID, {
    nullable: true,
    description: 'The shopper of all events that name none. A SHOPPER credential is always its own.',
  })
  readonly userId?: string | null;
}
