import { Field, ID, InputType } from 'type-graphql';
import type { ConsentPurpose } from '../../domain/user';
import { type ErrorPolicy, errorPolicyEnum } from '../batch/batch.enums';
import { consentPurposeEnum } from '../consent/consent.enums';
import { jsonObjectScalar } from '../scalars/jsonObject';

/** A consent to write with its user. */
@InputType({ description: "A shopper's answer for one purpose." })
export class ConsentInput {
  @Field(() => consentPurposeEnum, { description: 'What was asked.' })
  readonly purpose!: ConsentPurpose;

  @Field(() => Boolean, { description: 'The answer.' })
  readonly granted!: boolean;

  @Field(() => String, { nullable: true, description: 'Where the answer was given.' })
  readonly source?: string | null;
}

/** A user to write. */
@InputType({ description: 'A user to write. Fields that are left out stay as they are.' })
export class UserInput {
  @Field(() => ID, { description: "The shop's own id, 1 to 256 characters." })
  readonly userId!: string;

  @Field(() => String, { nullable: true, description: 'BCP 47 tag of the language they read.' })
  readonly locale?: string | null;

  @Field(() => jsonObjectScalar, {
    nullable: true,
    description: "The shop's own attributes: the object replaces what was there.",
  })
  readonly attributes?: Readonly<Record<string, unknown>> | null;

  @Field(() => [ConsentInput], { nullable: true, description: 'Answers to keep; other purposes stay.' })
  readonly consents?: readonly ConsentInput[] | null;
}

/** Users to write. */
@InputType({ description: 'Users to write in one call.' })
export class UsersUpsertInput {
  @Field(() => [UserInput], { description: 'The users, at most 1,000.' })
  readonly users!: readonly UserInput[];

  @Field(() => errorPolicyEnum, {
    nullable: true,
    defaultValue: 'IGNORE_FAILED',
    description: 'What to do when some of them cannot be kept.',
  })
  readonly errorPolicy?: ErrorPolicy | null;
}
