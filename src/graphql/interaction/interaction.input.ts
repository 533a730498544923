import { Field, InputType } from 'type-graphql';
import type { InteractionType } from '../../domain/interaction';
import type { InteractionFilter } from '../../store/ports/interaction';
import { dateTimeScalar } from '../scalars/dateTime';
import { interactionTypeEnum } from './interaction.enums';

/** Which interactions to page through. */
@InputType({ description: 'Which interactions to page through; every given condition must hold.' })
export class InteractionFilterInput {
  @Field(() => [interactionTypeEnum], { nullable: true, description: 'Only of these types.' })
  readonly types?: readonly InteractionType[] | null;

  @Field(() => dateTimeScalar, { nullable: true, description: 'Not before this instant.' })
  readonly since?: number | null;

  @Field(() => dateTimeScalar, { nullable: true, description: 'Not after this instant.' })
  readonly until?: number | null;
}

/** Without the conditions that were not given. */
export function toInteractionFilter(input: InteractionFilterInput | null | undefined): InteractionFilter {
  return {
    ...(input?.types ? { types: input.types } : {}),
    ...(input?.since != null ? { since: input.since } : {}),
    ...(input?.until != null ? { until: input.until } : {}),
  };
}
