import { Field, ID, Int, ObjectType } from 'type-graphql';
import type { UserId } from '../../domain/ids';
import { UserError } from '../errors/userError.type';
import { type EventStatus, eventStatusEnum } from './event.enums';

/** Outcome of one event of a batch. */
@ObjectType({ simpleResolvers: true, description: 'Outcome of one event of a batch.' })
export class EventResult {
  @Field(() => Int, { description: 'Position in the batch, starting at 0.' })
  readonly index!: number;

  @Field(() => ID, {
    description: 'Id of the event, as the client sent it. Empty when the row has no readable id.',
  })
  readonly eventId!: string;

  @Field(() => eventStatusEnum, { description: 'Outcome.' })
  readonly status!: EventStatus;

  @Field(() => String, {
    nullable: true,
    description: 'Machine-readable reason of the rejection: a code of docs/import.md, or BATCH_REJECTED.',
  })
  readonly code!: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      'Human-readable reason of the rejection: what was expected, what was received, and how to correct it.',
  })
  readonly message!: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'The invalid field. Null or empty when the reason is not about one field.',
  })
  readonly field!: string | null;
}

/** Result of tracking a batch of events. */
@ObjectType({
  simpleResolvers: true,
  description: 'Result of tracking a batch of events. Accepted events are committed.',
})
export class EventsTrackPayload {
  @Field(() => Int, { description: 'Number of stored events.' })
  readonly accepted!: number;

  @Field(() => Int, {
    description: 'Number of events whose id was already stored, or is repeated in the batch.',
  })
  readonly duplicates!: number;

  @Field(() => Int, { description: 'Number of events that were not stored.' })
  readonly rejected!: number;

  @Field(() => Int, {
    nullable: true,
    description:
      'Number of seconds after which to send the events with the code RATE_LIMITED again. Null when there are none.',
  })
  readonly retryAfterSeconds!: number | null;

  @Field(() => [EventResult], { description: 'One result per event, in the order of the batch.' })
  readonly results!: readonly EventResult[];

  @Field(() => [UserError], { description: 'Why nothing was stored. Empty when something was.' })
  readonly userErrors!: readonly UserError[];

  /** The shopper of the call. Not in the schema. */
  readonly userId!: UserId | null;
}
