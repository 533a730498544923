import { Field, ID, ObjectType } from 'type-graphql';
import type { UserId } from '../../domain/ids';
import type { AttributeValue } from '../../domain/product';
import type { User } from '../../domain/user';
import { toGlobalId } from '../node/globalId';
import { NodeType } from '../node/node.type';
import { connectionTypes } from '../paging/connection';
import { dateTimeScalar } from '../scalars/dateTime';
import { jsonObjectScalar } from '../scalars/jsonObject';

/** A shopper. */
@ObjectType('User', {
  implements: NodeType,
  simpleResolvers: true,
  description: 'A shopper. A SHOPPER credential sees only its own user.',
})
export class UserType extends NodeType {
  @Field(() => ID, { description: "Id in the shop's own system. Events refer to it." })
  readonly userId!: UserId;

  @Field(() => String, { nullable: true, description: 'BCP 47 tag of the preferred language.' })
  readonly locale!: string | null;

  @Field(() => jsonObjectScalar, { description: 'Attributes that the shop assigned.' })
  readonly attributes!: Readonly<Record<string, AttributeValue>>;

  @Field(() => Boolean, { description: 'Whether the user is known only from events and not yet described.' })
  readonly isStub!: boolean;

  @Field(() => dateTimeScalar, { description: 'When the user was first seen.' })
  readonly createdAt!: number;

  @Field(() => dateTimeScalar, { description: 'When the user last changed.' })
  readonly updatedAt!: number;

  @Field(() => dateTimeScalar, {
    nullable: true,
    description: 'When the user was deactivated and can no longer sign in. Null while the user is active.',
  })
  readonly deactivatedAt!: number | null;
}

/** Connection of users. */
export const { Connection: UserConnection } = connectionTypes('User', () => UserType, 'user');

/** Converts a user to its GraphQL type. */
export function toUserView(user: User): UserType {
  const { shopId: _, id, ...rest } = user;
  return { ...rest, __typename: 'User', id: toGlobalId('User', id), userId: id };
}
