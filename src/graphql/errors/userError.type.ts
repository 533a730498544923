import { Field, ObjectType } from 'type-graphql';
import { type UserErrorCode, userErrorCodeEnum } from './userError.enums';

/** Why a mutation was refused. */
@ObjectType({
  simpleResolvers: true,
  description: 'Why a mutation was refused, when the caller can correct it.',
})
export class UserError {
  @Field(() => [String], {
    nullable: true,
    description:
      'Path of the invalid input field, such as ["input", "role"]. Null when the error is not about one field.',
  })
  readonly field!: readonly string[] | null;

  @Field(() => String, {
    description: 'Human-readable reason: what was expected, what was received, and what to do.',
  })
  readonly message!: string;

  @Field(() => userErrorCodeEnum, { description: 'Machine-readable reason.' })
  readonly code!: UserErrorCode;
}
