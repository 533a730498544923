import { Field, ObjectType } from 'type-graphql';
import type { ConsentPurpose } from '../../domain/user';
import { dateTimeScalar } from '../scalars/dateTime';
import { consentPurposeEnum } from './consent.enums';

/** A shopper's answer for one purpose. */
@ObjectType('Consent', {
  simpleResolvers: true,
  description: "A shopper's latest answer for one purpose. No answer counts as allowed until withdrawn.",
})
export class ConsentType {
  @Field(() => consentPurposeEnum, { description: 'What was asked.' })
  readonly purpose!: ConsentPurpose;

  @Field(() => Boolean, { description: 'The answer.' })
  readonly granted!: boolean;

  @Field(() => String, { nullable: true, description: 'Where the answer was given: a page, a form, a call.' })
  readonly source!: string | null;

  @Field(() => dateTimeScalar, { description: 'When the answer was given.' })
  readonly updatedAt!: number;
}
