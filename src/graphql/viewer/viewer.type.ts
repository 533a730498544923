import { Field, ObjectType } from 'type-graphql';
import { toUserId, type UserId } from '../../domain/ids';
import type { Role } from '../../domain/role';
import { isRowId } from '../../intake/fields';
import { roleEnum } from '../access/role.enums';
import { toGlobalId } from '../node/globalId';
import { NodeType } from '../node/node.type';

/** The shopper that the call is for. */
@ObjectType('Viewer', {
  implements: NodeType,
  simpleResolvers: true,
  description:
    'The shopper that the call is for: the user of a SHOPPER credential, or the user that a STOREFRONT or ADMIN names. Its `id` is the same in every call for that shopper.',
})
export class Viewer extends NodeType {
  @Field(() => roleEnum, { description: 'Role of the credential.' })
  readonly role!: Role;

  /** Null for an anonymous visitor. Not in the schema. */
  readonly userId!: UserId | null;
}

const anonymous = 'anonymous';
const userPrefix = 'user:';

/** Returns the viewer for a shopper; null stands for an anonymous visitor. */
export function toViewer(role: Role, userId: UserId | null): Viewer {
  const id = toGlobalId('Viewer', userId === null ? anonymous : `${userPrefix}${userId}`);
  return { __typename: 'Viewer', id, role, userId };
}

/** Returns the shopper of a viewer's id, null for an anonymous visitor; undefined for another id. */
export function shopperOfViewer(id: string): UserId | null | undefined {
  if (id === anonymous) return null;
  const userId = id.slice(userPrefix.length);
  return id.startsWith(userPrefix) && isRowId(userId) ? toUserId(userId) : undefined;
}
