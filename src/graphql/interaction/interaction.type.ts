import { Field, Float, ID, Int, ObjectType } from 'type-graphql';
import { clientEventIdOf } from '../../domain/eventKey';
import type { ProductId } from '../../domain/ids';
import type { Interaction, InteractionType } from '../../domain/interaction';
import { connectionTypes } from '../paging/connection';
import { dateTimeScalar } from '../scalars/dateTime';
import { safeIntScalar } from '../scalars/safeInt';
import { interactionTypeEnum } from './interaction.enums';

/** The list that led to an interaction. */
@ObjectType('Attribution', { simpleResolvers: true, description: 'The list that led to an interaction.' })
export class AttributionType {
  @Field(() => ID, { description: 'Id of the list. `recommendationList` returns the list.' })
  readonly listId!: string;

  @Field(() => Int, {
    nullable: true,
    description: 'Rank of the product in the list, starting at 1. Null when unknown.',
  })
  readonly rank!: number | null;
}

/** One event of a shopper. */
@ObjectType('Interaction', { simpleResolvers: true, description: 'One event of a shopper.' })
export class InteractionObject {
  @Field(() => ID, { description: 'Id that the client assigned to the event.' })
  readonly eventId!: string;

  @Field(() => interactionTypeEnum, { description: 'Type of the event.' })
  readonly type!: InteractionType;

  @Field(() => ID, { nullable: true, description: 'Id of the product. Null for a search without a product.' })
  readonly productId!: ProductId | null;

  @Field(() => Float, {
    nullable: true,
    description: 'Number of units or of stars, as the type says. Null otherwise.',
  })
  readonly value!: number | null;

  @Field(() => safeIntScalar, {
    nullable: true,
    description: 'Price of one unit at the time of the event, in minor units.',
  })
  readonly priceMinor!: number | null;

  @Field(() => String, { nullable: true, description: 'Text of the event: of a SEARCH, the search query.' })
  readonly queryText!: string | null;

  @Field(() => ID, { nullable: true, description: 'Id that the client assigned to the session.' })
  readonly sessionId!: string | null;

  @Field(() => dateTimeScalar, { description: 'When the event occurred.' })
  readonly occurredAt!: number;

  @Field(() => dateTimeScalar, { description: 'When the gateway received the event.' })
  readonly receivedAt!: number;

  @Field(() => AttributionType, {
    nullable: true,
    description: 'The list that led to the event, when the client sent it.',
  })
  readonly attribution!: AttributionType | null;
}

/** Connection of interactions. */
export const { Connection: InteractionConnection } = connectionTypes(
  'Interaction',
  () => InteractionObject,
  'interaction',
);

/** Converts an interaction to its GraphQL type. */
export function toInteractionView(interaction: Interaction): InteractionObject {
  const { shopId: _, userId: __, id, ...rest } = interaction;
  return { ...rest, eventId: clientEventIdOf(id) };
}
