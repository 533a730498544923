import { Field, ObjectType } from 'type-graphql';
import type { UserId } from '../../domain/ids';
import type { Role } from '../../domain/role';
import { roleEnum } from '../access/role.enums';

/** Whom a call is for. */
@ObjectType({
  simpleResolvers: true,
  description: 'Whom the call is for: the shopper themself, or the one a storefront names.',
})
export class Viewer {
  @Field(() => roleEnum, { description: 'Role of the credential.' })
  readonly role!: Role;

  /** Null for a visitor nobody knows; not in the schema. */
  readonly userId!: UserId | null;
}
