import { Field, ID, Int, ObjectType } from 'type-graphql';
import type { UserId } from '../../domain/ids';
import { UserError } from '../errors/userError.type';
import { type EventStatus, eventStatusEnum } from './event.enums';

/** What became of one event. */
@ObjectType({ simpleResolvers: true, description: 'What became of one event of a batch.' })
export class EventResult {
  @Field(() => Int, { description: 'Place in the batch, from 0.' })
  readonly index!: number;

  @Field(() => ID, { description: "The client's own id, as it came." })
  readonly eventId!: string;

  @Field(() => eventStatusEnum, { description: 'What became of it.' })
  readonly status!: EventStatus;

  @Field(() => String, {
    nullable: true,
    description: 'Why it was rejected, for programs: a code of docs/import.md, or BATCH_REJECTED.',
  })
  readonly code!: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Why it was rejected, for people: what was expected, what came, and what would be right.',
  })
  readonly message!: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'The field that was wrong; null or empty for the whole.',
  })
  readonly field!: string | null;
}

/** What became of a batch of events. */
@ObjectType({
  simpleResolvers: true,
  description: 'What became of a batch of events. What is counted as accepted is committed.',
})
export class EventsTrackPayload {
  @Field(() => Int, { description: 'Events that were kept.' })
  readonly accepted!: number;

  @Field(() => Int, { description: 'Events whose id was kept before, or came earlier in the batch.' })
  readonly duplicates!: number;

  @Field(() => Int, { description: 'Events that were not kept.' })
  readonly rejected!: number;

  @Field(() => [EventResult], { description: 'One for each event, in the order of the batch.' })
  readonly results!: readonly EventResult[];

  @Field(() => [UserError], { description: 'Why nothing was kept, when nothing was.' })
  readonly userErrors!: readonly UserError[];

  /** Whom the call was for; not in the schema. */
  readonly userId!: UserId | null;
}
