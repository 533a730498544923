import { Field, ID, InputType } from 'type-graphql';
import type { ConsentPurpose } from '../../domain/user';
import { type ErrorPolicy, errorPolicyEnum } from '../batch/batch.enums';
import { BatchRow } from '../batch/batchRow';
import { consentPurposeEnum } from '../consent/consent.enums';
import { jsonObjectScalar } from '../scalars/jsonObject';

/** Consent of a user for one purpose, or its withdrawal. */
@InputType({ description: 'Consent of a shopper for one purpose, or its withdrawal.' })
export class ConsentInput {
  @Field(() => consentPurposeEnum, { description: 'Purpose of the consent.' })
  readonly purpose!: ConsentPurpose;

  @Field(() => Boolean, { description: 'Whether the shopper agreed.' })
  readonly granted!: boolean;

  @Field(() => String, {
    nullable: true,
    description: 'Where the consent was given, such as a page or a form.',
  })
  readonly source?: string | null;
}

/** A user to write. */
@BatchRow('userId')
@InputType({ description: 'A user to write. Omitted fields stay as they are.' })
export class UserInput {
  @Field(() => ID, { description: "Id in the shop's own system, 1 to 256 characters." })
  readonly userId!: string;

  @Field(() => String, { nullable: true, description: 'BCP 47 tag of the preferred language.' })
  readonly locale?: string | null;

  @Field(() => jsonObjectScalar, {
    nullable: true,
    description: "The shop's own attributes. The object replaces all stored attributes.",
  })
  readonly attributes?: Readonly<Record<string, unknown>> | null;

  @Field(() => [ConsentInput], {
    nullable: true,
    description: 'Consents to store. Other purposes stay as they are.',
  })
  readonly consents?: readonly ConsentInput[] | null;
}

/** A batch of users to write. */
@InputType({ description: 'A batch of users to write.' })
export class UsersUpsertInput {
  @Field(() => [UserInput], { description: 'Users to write, at most 1,000.' })
  readonly users!: readonly UserInput[];

  @Field(() => errorPolicyEnum, {
    nullable: true,
    defaultValue: 'IGNORE_FAILED',
    description: 'What to do when some of the rows are invalid.',
  })
  readonly errorPolicy?: ErrorPolicy | null;
}
