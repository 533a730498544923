import { Field, ObjectType } from 'type-graphql';
import type { ConsentPurpose } from '../../domain/user';
import { dateTimeScalar } from '../scalars/dateTime';
import { consentPurposeEnum } from './consent.enums';

/** Latest consent of a shopper for one purpose. */
@ObjectType('Consent', {
  simpleResolvers: true,
  description:
    'Latest consent of a shopper for one purpose. Without one, PERSONALIZATION and ANALYTICS are allowed until the shopper withdraws them, and MARKETING is not.',
})
export class ConsentType {
  @Field(() => consentPurposeEnum, { description: 'Purpose of the consent.' })
  readonly purpose!: ConsentPurpose;

  @Field(() => Boolean, { description: 'Whether the shopper agreed.' })
  readonly granted!: boolean;

  @Field(() => String, {
    nullable: true,
    description: 'Where the consent was given, such as a page, a form or an API call.',
  })
  readonly source!: string | null;

  @Field(() => dateTimeScalar, { description: 'When the consent was given or withdrawn.' })
  readonly updatedAt!: number;
}
