import { Field, Float, ID, InputType, Int } from 'type-graphql';
import type { InteractionType } from '../../domain/interaction';
import { type ErrorPolicy, errorPolicyEnum } from '../batch/batch.enums';
import { BatchRow } from '../batch/batchRow';
import { FormerType } from '../formerType/formerType';
import { interactionTypeEnum } from '../interaction/interaction.enums';
import { dateTimeScalar } from '../scalars/dateTime';
import { safeIntScalar } from '../scalars/safeInt';

/** The list that led to an event. */
@InputType({ description: 'The list that led to an event.' })
export class AttributionInput {
  @Field(() => ID, { description: '`listId` or `id` of the list.' })
  readonly listId!: string;

  @Field(() => Int, { nullable: true, description: 'Rank of the product in the list, starting at 1.' })
  readonly rank?: number | null;
}

/** One event of a shopper. */
@BatchRow('eventId')
@InputType({ description: 'One event of a shopper.' })
export class EventInput {
  @Field(() => ID, {
    description:
      'Id that the client assigns, 1 to 256 characters. Events of one sender with the same id are stored once. A SHOPPER credential has ids of its own; all other credentials of a shop share theirs.',
  })
  readonly eventId!: string;

  @Field(() => interactionTypeEnum, { description: 'Type of the event.' })
  readonly type!: InteractionType;

  @Field(() => ID, {
    nullable: true,
    description:
      'The shopper, when it is not the shopper of the call. A SHOPPER credential may name only its own user.',
  })
  readonly userId?: string | null;

  @Field(() => ID, {
    nullable: true,
    description: 'The product. Only types that do not need one (SEARCH) may omit it.',
  })
  readonly productId?: string | null;

  @Field(() => Float, {
    nullable: true,
    description:
      'Number of units (1 if omitted) or of stars (0 to 5), as the type says. Omitted for all other types.',
  })
  readonly value?: number | null;

  @FormerType('Float')
  @Field(() => safeIntScalar, {
    nullable: true,
    description: "Price of one unit, as a whole number of minor units of the shop's currency.",
  })
  readonly priceMinor?: number | null;

  @Field(() => String, {
    nullable: true,
    description: 'Text of the event, as the type says. Required for a SEARCH: the search query.',
  })
  readonly queryText?: string | null;

  @Field(() => ID, { nullable: true, description: 'Id that the client assigns to the session.' })
  readonly sessionId?: string | null;

  /** Milliseconds since the epoch; text when it comes from a variable of the former type. */
  @FormerType('String')
  @Field(() => dateTimeScalar, {
    nullable: true,
    description: 'When the event occurred, as ISO 8601 with a time zone. If omitted, now.',
  })
  readonly occurredAt?: number | string | null;

  @Field(() => AttributionInput, { nullable: true, description: 'The list that led to the event.' })
  readonly attribution?: AttributionInput | null;
}

/** A batch of events. */
@InputType({ description: 'A batch of events.' })
export class EventsTrackInput {
  @Field(() => [EventInput], { description: 'Events to store, at most 1,000.' })
  readonly events!: readonly EventInput[];

  @Field(() => errorPolicyEnum, {
    nullable: true,
    defaultValue: 'IGNORE_FAILED',
    description: 'What to do when some of the rows are invalid.',
  })
  readonly errorPolicy?: ErrorPolicy | null;

  @Field(() => ID, {
    nullable: true,
    description:
      'The shopper of every event without its own `userId`. A SHOPPER credential may name only its own user.',
  })
  readonly userId?: string | null;

  @Field(() => dateTimeScalar, {
    nullable: true,
    description:
      "The client's clock when it sends the batch, as ISO 8601 with a time zone. When it differs from the gateway's by more than a minute, every `occurredAt` of the batch is moved by the difference.",
  })
  readonly sentAt?: number | null;
}
