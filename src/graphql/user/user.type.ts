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
  description: 'A shopper. Shoppers see themselves only.',
})
export class UserType extends NodeType {
  @Field(() => ID, { description: "The shop's own id: what events name." })
  readonly userId!: UserId;

  @Field(() => String, { nullable: true, description: 'BCP 47 tag of the language they read.' })
  readonly locale!: string | null;

  @Field(() => jsonObjectScalar, { description: "The shop's own attributes." })
  readonly attributes!: Readonly<Record<string, AttributeValue>>;

  @Field(() => Boolean, { description: 'Whether they are known only from events, not yet described.' })
  readonly isStub!: boolean;

  @Field(() => dateTimeScalar, { description: 'When they were first seen.' })
  readonly createdAt!: number;

  @Field(() => dateTimeScalar, { description: 'When their description last changed.' })
  readonly updatedAt!: number;

  @Field(() => dateTimeScalar, {
    nullable: true,
    description: 'Since when they may no longer sign in; null while they may.',
  })
  readonly deactivatedAt!: number | null;
}

/** Pages of users. */
export const { Connection: UserConnection } = connectionTypes('User', () => UserType, 'user');

/** What the schema shows of a user. */
export function toUserView(user: User): UserType {
  const { shopId: _, id, ...rest } = user;
  return { ...rest, __typename: 'User', id: toGlobalId('User', id), userId: id };
}
