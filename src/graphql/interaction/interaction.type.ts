import { Field, Float, ID, Int, ObjectType } from 'type-graphql';
import type { ProductId } from '../../domain/ids';
import type { Interaction, InteractionType } from '../../domain/interaction';
import { connectionTypes } from '../paging/connection';
import { dateTimeScalar } from '../scalars/dateTime';
import { safeIntScalar } from '../scalars/safeInt';
import { interactionTypeEnum } from './interaction.enums';

/** Which list led to an interaction. */
@ObjectType('Attribution', { simpleResolvers: true, description: 'The list that led to an interaction.' })
export class AttributionType {
  @Field(() => ID, { description: 'Id of the list: give it to `recommendationList`.' })
  readonly listId!: string;

  @Field(() => Int, { nullable: true, description: 'Rank in the list, 1 = first; null when unknown.' })
  readonly rank!: number | null;
}

/** One thing a shopper did. */
@ObjectType('Interaction', { simpleResolvers: true, description: 'One thing a shopper did.' })
export class InteractionObject {
  @Field(() => ID, { description: "The client's own id of the event." })
  readonly eventId!: string;

  @Field(() => interactionTypeEnum, { description: 'What they did.' })
  readonly type!: InteractionType;

  @Field(() => ID, { nullable: true, description: 'Id of the product; null for a search without one.' })
  readonly productId!: ProductId | null;

  @Field(() => Float, {
    nullable: true,
    description: 'Units for carts, purchases and returns; stars for ratings; null otherwise.',
  })
  readonly value!: number | null;

  @Field(() => safeIntScalar, {
    nullable: true,
    description: 'Price of one unit at that time, in minor units.',
  })
  readonly priceMinor!: number | null;

  @Field(() => String, { nullable: true, description: 'What was searched for.' })
  readonly queryText!: string | null;

  @Field(() => ID, { nullable: true, description: "The client's own id of the visit." })
  readonly sessionId!: string | null;

  @Field(() => dateTimeScalar, { description: 'When it happened.' })
  readonly occurredAt!: number;

  @Field(() => dateTimeScalar, { description: 'When the gateway took it in.' })
  readonly receivedAt!: number;

  @Field(() => AttributionType, {
    nullable: true,
    description: 'The list that led there, when the client said.',
  })
  readonly attribution!: AttributionType | null;
}

/** Pages of interactions. */
export const { Connection: InteractionConnection } = connectionTypes(
  'Interaction',
  () => InteractionObject,
  'interaction',
);

/** What the schema shows of an interaction. */
export function toInteractionView(interaction: Interaction): InteractionObject {
  const { shopId: _, userId: __, id, ...rest } = interaction;
  return { ...rest, eventId: id };
}
