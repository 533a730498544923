import { Field, ObjectType } from 'type-graphql';
import type { UserId } from '../../domain/ids';
import type { Role } from '../../domain/role';
import { roleEnum } from '../access/role.enums';

/** The shopper that the call is for. */
@ObjectType({
  simpleResolvers: true,
  description:
    'The shopper that the call is for: the user of a SHOPPER credential, or the user that a STOREFRONT or ADMIN names.',
})
export class Viewer {
  @Field(() => roleEnum, { description: 'Role of the credential.' })
  readonly role!: Role;

  /** Null for an anonymous visitor. Not in the schema. */
  readonly userId!: UserId | null;
}
