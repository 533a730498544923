import { Field, ID, Int, ObjectType } from 'type-graphql';
import type { UserId } from '../../domain/ids';
import { UserError } from '../errors/userError.type';
import { dateTimeScalar } from '../scalars/dateTime';

/** The record of a merge. */
@ObjectType('UserIdentity', {
  simpleResolvers: true,
  description: 'The record of a visitor who turned out to be a known shopper.',
})
export class UserIdentityType {
  @Field(() => ID, { description: 'Id that the visitor had. No user has it now.' })
  readonly anonymousId!: UserId;

  @Field(() => ID, { description: 'Id of the shopper.' })
  readonly userId!: UserId;

  @Field(() => dateTimeScalar, { description: 'When the visitor was merged for the first time.' })
  readonly identifiedAt!: number;

  @Field(() => Int, { description: 'Events of the visitor that now belong to the shopper.' })
  readonly mergedEvents!: number;

  @Field(() => Int, { description: 'Recommendation lists of the visitor that now belong to the shopper.' })
  readonly mergedLists!: number;
}

/** Result of identifying a visitor. */
@ObjectType({ simpleResolvers: true, description: 'Result of identifying a visitor.' })
export class UserIdentifyPayload {
  @Field(() => UserIdentityType, {
    nullable: true,
    description: 'The record of the merge. Null when nothing was merged.',
  })
  readonly identity!: UserIdentityType | null;

  @Field(() => [UserError], { description: 'Why nothing was merged. Empty when the visitor is merged.' })
  readonly userErrors!: readonly UserError[];
}
