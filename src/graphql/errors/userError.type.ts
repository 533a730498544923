import { Field, ObjectType } from 'type-graphql';
import { type UserErrorCode, userErrorCodeEnum } from './userError.enums';

/** Why a mutation did not do what was asked. */
@ObjectType({
  simpleResolvers: true,
  description: 'Why a mutation did not do what was asked: something the caller can mend.',
})
export class UserError {
  @Field(() => [String], {
    nullable: true,
    description: 'Path of the input field: input, role. Null for the whole.',
  })
  readonly field!: readonly string[] | null;

  @Field(() => String, { description: 'For people: what was expected, what came, and what to do.' })
  readonly message!: string;

  @Field(() => userErrorCodeEnum, { description: 'For programs.' })
  readonly code!: UserErrorCode;
}
