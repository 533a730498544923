import { Field, InputType } from 'type-graphql';
import type { InteractionType } from '../../domain/interaction';
import type { InteractionFilter } from '../../store/ports/interaction';
import { dateTimeScalar } from '../scalars/dateTime';
import { interactionTypeEnum } from './interaction.enums';

/** Filter for interactions. */
@InputType({ description: 'Filter for interactions. An interaction must meet every given condition.' })
export class InteractionFilterInput {
  @Field(() => [interactionTypeEnum], { nullable: true, description: 'Only interactions of these types.' })
  readonly types?: readonly InteractionType[] | null;

  @Field(() => dateTimeScalar, { nullable: true, description: 'Only interactions at or after this instant.' })
  readonly since?: number | null;

  @Field(() => dateTimeScalar, {
    nullable: true,
    description: 'Only interactions at or before this instant.',
  })
  readonly until?: number | null;
}

/** Returns the conditions that were given. */
export function toInteractionFilter(input: InteractionFilterInput | null | undefined): InteractionFilter {
  return {
    ...(input?.types ? { types: input.types } : {}),
    ...(input?.since != null ? { since: input.since } : {}),
    ...(input?.until != null ? { until: input.until } : {}),
  };
}
